"""One's own page: name, password, API tokens."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from workmate import roles, tokens, users
from workmate.errors import Problem
from workmate.forms import DateField, Form
from workmate.web import Request


class NameForm(Form):
    """How one is called."""

    name = django_forms.CharField(label="Name", max_length=150)


class PasswordForm(Form):
    """The old password and a new one."""

    old_password = django_forms.CharField(
        label="Bisheriges Passwort",
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = django_forms.CharField(
        label="Neues Passwort",
        strip=False,
        help_text="Mindestens 12 Zeichen.",
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(Form):
    """What a token is for and how long it lives."""

    name = django_forms.CharField(
        label="Wofür", max_length=100, help_text="Zum Beispiel der Name des Programms."
    )
    expires_on = DateField(label="Gültig bis", required=False, help_text="Leer: ohne Ende.")

    def clean_expires_on(self) -> datetime | None:
        """The end of that day in German time."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise django_forms.ValidationError("Dieser Tag ist vorbei.")
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class Profile(View):
    """Shows one's data; its forms post to the views below."""

    def get(self, request: Request) -> HttpResponse:
        return _page(request)

    def post(self, request: Request) -> HttpResponse:
        form = NameForm(request.POST)
        if not form.is_valid():
            return _page(request, name_form=form)
        users.rename(request.user, **form.cleaned_data)
        messages.success(request, "Ihr Name ist gespeichert.")
        return redirect("profile")


class Password(View):
    """Changes the password and keeps this session."""

    def post(self, request: Request) -> HttpResponse:
        form = PasswordForm(request.POST)
        if form.is_valid():
            old, new = form.cleaned_data["old_password"], form.cleaned_data["new_password"]
            try:
                user = users.change_password(request.user, old=old, new=new)
            except Problem as problem:
                form.add_problem(problem)
            else:
                update_session_auth_hash(request, user)
                messages.success(request, "Ihr Passwort ist geändert.")
                return redirect("profile")
        return _page(request, password_form=form)


class Tokens(View):
    """Makes a token and shows its text, this one time."""

    def post(self, request: Request) -> HttpResponse:
        form = TokenForm(request.POST)
        if not form.is_valid():
            return _page(request, token_form=form)
        name, expires_at = form.cleaned_data["name"], form.cleaned_data["expires_on"]
        token, text = tokens.create(name=name, expires_at=expires_at, by=request.user)
        response = _page(request, new_token=token, new_token_text=text)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevocation(View):
    """Ends a token of one's own."""

    def post(self, request: Request, pk: int) -> HttpResponse:
        token = get_object_or_404(request.user.api_tokens, pk=pk)
        tokens.revoke(token, by=request.user, at=timezone.now())
        messages.success(request, f"Der Schlüssel „{token.name}“ ist widerrufen.")
        return redirect("profile")


def _page(request: Request, **more: Any) -> HttpResponse:
    forms_of_page = {
        "name_form": NameForm(initial={"name": request.user.name}),
        "password_form": PasswordForm(),
        "token_form": TokenForm(),
    }
    context = {
        "role": roles.ROLES.get(roles.role_of(request.user)),
        "tokens": request.user.api_tokens.filter(revoked_at=None),
        "now": timezone.now(),
        **forms_of_page,
        **more,
    }
    refused = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "workmate/profile.html", context, status=422 if refused else 200)
