"""Einstellungen › Stripe: keys, connection, and how the webhook is set up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from invoicing.views.acting import Page
from payments.stripe import connecting
from payments.stripe.models import StripeAccount
from workmate.encryption import masked
from workmate.errors import Problem
from workmate.forms import Form


class KeyInput(forms.PasswordInput):
    """A secret is written here and never shown again."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})


class KeysForm(Form):
    """The keys of the account; what stays empty stays as it is."""

    publishable_key = forms.CharField(
        label="Veröffentlichbarer Schlüssel",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "pk_…"}),
    )
    secret_key = forms.CharField(
        label="Geheimer Schlüssel", required=False, max_length=200, widget=KeyInput
    )
    webhook_secret = forms.CharField(
        label="Signaturschlüssel des Webhooks", required=False, max_length=220, widget=KeyInput
    )

    def __init__(self, *args: Any, account: StripeAccount | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {"secret_key": "sk_… oder ein eingeschränkter rk_…", "webhook_secret": "whsec_…"}
        for name, hint in hints.items():
            stored = getattr(account, name) if account else ""
            self.fields[name].help_text = (
                f"Gespeichert: {masked(stored)}. Leer lassen, damit er bleibt."
                if stored
                else f"{hint}; wird verschlüsselt abgelegt."
            )
        if account and not self.is_bound:
            self.initial["publishable_key"] = account.publishable_key


class Settings(Page):
    permission_required = "payments.set_up_stripe"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = KeysForm(request.POST, account=connecting.account())
        if form.is_valid():
            try:
                connecting.save(form.cleaned_data, by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Gespeichert. Prüfen Sie nun die Verbindung.")
                return redirect("payments:stripe")
        return self._page(form)

    def _page(self, form: KeysForm | None = None) -> HttpResponse:
        account = connecting.account()
        context = {
            "account": account,
            "form": form or KeysForm(account=account),
            "webhook_url": connecting.webhook_url(),
            "events": connecting.EVENTS,
            "old_secret": masked(account.old_webhook_secret) if account else "",
        }
        status = 422 if form else 200
        return render(self.request, "payments/stripe_settings.html", context, status=status)


class Check(Page):
    permission_required = "payments.set_up_stripe"

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            found = connecting.check()
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
        else:
            whose = f" als {found}" if found else ""
            messages.success(request, f"Stripe antwortet und nimmt den Schlüssel an{whose}.")
        return redirect("payments:stripe")


class Removal(Page):
    permission_required = "payments.set_up_stripe"

    def post(self, request: HttpRequest) -> HttpResponse:
        connecting.remove(by=self.user)
        messages.success(request, "Die Schlüssel sind gelöscht. Online bezahlen ist abgeschaltet.")
        return redirect("payments:stripe")


class OldSecretRemoval(Page):
    permission_required = "payments.set_up_stripe"

    def post(self, request: HttpRequest) -> HttpResponse:
        connecting.forget_old_secret(by=self.user)
        messages.success(request, "Der bisherige Signaturschlüssel gilt nicht mehr.")
        return redirect("payments:stripe")
