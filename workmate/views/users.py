"""Settings › Benutzer: who has access, with which role."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from workmate import roles, users
from workmate.errors import Problem
from workmate.forms import Form
from workmate.lists import Action, Column, ListPage
from workmate.models import User
from workmate.web import Request

PEOPLE = User.objects.exclude(email=User.SYSTEM_EMAIL)


class UserForm(Form):
    """A person and their role."""

    name = django_forms.CharField(label="Name", max_length=150)
    email = django_forms.EmailField(label="E-Mail-Adresse", max_length=254)
    role = django_forms.ChoiceField(
        label="Rolle",
        widget=django_forms.RadioSelect,
        choices=[(role.name, f"{role.name}: {role.description}") for role in roles.ROLES.values()],
    )


class Users(ListPage):
    """Everybody with an account."""

    permission_required = "workmate.manage_users"
    title = "Benutzer"
    queryset = PEOPLE.prefetch_related("groups")
    default_sort = "name"
    columns = (
        Column("name", "Name", link=True),
        Column("email", "E-Mail-Adresse", priority=2),
        Column("role", "Rolle", value=roles.role_of),
        Column("last_login", "Zuletzt angemeldet", kind="moment", priority=3),
        Column(
            "is_active",
            "Zugang",
            kind="status",
            value=lambda user: "aktiv" if user.is_active else "gesperrt",
            tones={"aktiv": "positive"},
        ),
    )
    actions = (
        Action("Benutzer anlegen", "user_new", "workmate.manage_users", "user-plus", primary=True),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return self.queryset.all()

    def row_url(self, row: User) -> str:
        return reverse("user", args=[row.pk])


class NewUser(PermissionRequiredMixin, View):
    """Makes an account and shows the first password, this one time."""

    permission_required = "workmate.manage_users"

    def get(self, request: Request) -> HttpResponse:
        form = UserForm(initial={"role": roles.ACCOUNTING})
        return render(request, "workmate/user.html", {"form": form})

    def post(self, request: Request) -> HttpResponse:
        form = UserForm(request.POST)
        if form.is_valid():
            try:
                user, password = users.create(**form.cleaned_data, by=request.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                context = {"person": user, "password": password}
                response = render(request, "workmate/user_created.html", context)
                response["Cache-Control"] = "no-store"
                return response
        return render(request, "workmate/user.html", {"form": form}, status=422)


class EditUser(PermissionRequiredMixin, View):
    """Changes name, address and role."""

    permission_required = "workmate.manage_users"

    def get(self, request: Request, pk: int) -> HttpResponse:
        person = get_object_or_404(PEOPLE, pk=pk)
        initial = {"name": person.name, "email": person.email, "role": roles.role_of(person)}
        context = {"form": UserForm(initial=initial), "person": person}
        return render(request, "workmate/user.html", context)

    def post(self, request: Request, pk: int) -> HttpResponse:
        person = get_object_or_404(PEOPLE, pk=pk)
        form = UserForm(request.POST)
        if form.is_valid():
            try:
                users.change(person, **form.cleaned_data, by=request.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Die Angaben sind gespeichert.")
                return redirect("users")
        context = {"form": form, "person": person}
        return render(request, "workmate/user.html", context, status=422)


class Deactivation(PermissionRequiredMixin, View):
    """Locks somebody out."""

    permission_required = "workmate.manage_users"

    def post(self, request: Request, pk: int) -> HttpResponse:
        person = get_object_or_404(PEOPLE, pk=pk)
        users.deactivate(person, by=request.user, at=timezone.now())
        messages.success(request, f"Der Zugang von {person} ist gesperrt.")
        return redirect("user", pk)


class Reactivation(PermissionRequiredMixin, View):
    """Lets somebody in again."""

    permission_required = "workmate.manage_users"

    def post(self, request: Request, pk: int) -> HttpResponse:
        person = get_object_or_404(PEOPLE, pk=pk)
        users.reactivate(person, by=request.user)
        messages.success(request, f"{person} kann sich wieder anmelden.")
        return redirect("user", pk)
