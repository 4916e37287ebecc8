"""Berichte › Aufbewahrung: how long everything is kept, what may go, and what is held."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views import View

from workmate import retention
from workmate.errors import Problem
from workmate.forms import Form
from workmate.models import Erasure, RetentionHold
from workmate.web import Request

SHOWN = 50  # files of a proposal that are listed one by one


class HoldForm(Form):
    """A year and why its records stay."""

    year = forms.IntegerField(
        label="Kalenderjahr",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Grund",
        max_length=retention.REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Retention(PermissionRequiredMixin, View):
    """The report: each kind of records by year, with the last day that it is kept."""

    permission_required = "workmate.view_erasure"

    def get(self, request: Request) -> HttpResponse:
        return report_page(request, HoldForm())


def report_page(request: Request, form: HoldForm, status: int = 200) -> HttpResponse:
    """The report with what was typed into the form of a hold."""
    today = localdate()
    rows = retention.report(on=today)
    context: dict[str, Any] = {
        "tab": "retention",
        "today": today,
        "kinds": _kinds(rows),
        "over": sum(row.count for row in rows if row.erasable),
        "erased": Erasure.objects.count(),
        "holds": RetentionHold.objects.filter(released_at=None).select_related("held_by"),
        "form": form,
    }
    return render(request, "workmate/retention.html", context, status=status)


def _kinds(rows: list[retention.Row]) -> list[tuple[retention.Kind, list[retention.Row]]]:
    found: dict[str, tuple[retention.Kind, list[retention.Row]]] = {}
    for row in rows:
        found.setdefault(row.kind.name, (row.kind, []))[1].append(row)
    return list(found.values())


class RetentionCleanup(PermissionRequiredMixin, View):
    """The trial run, and erasing exactly what it showed."""

    permission_required = "workmate.erase_document"

    def get(self, request: Request) -> HttpResponse:
        proposal = retention.propose(on=localdate())
        context = {
            "proposal": proposal,
            "shown": proposal.files[:SHOWN],
            "rest": max(0, len(proposal.files) - SHOWN),
        }
        return render(request, "workmate/retention_cleanup.html", context)

    def post(self, request: Request) -> HttpResponse:
        try:
            done = retention.erase(request.POST.get("seal", ""), by=request.user, on=localdate())
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
            return redirect("retention_cleanup")
        messages.success(request, f"{len(done.files)} Dateien sind gelöscht und protokolliert.")
        return redirect("retention")


class RetentionHoldNew(PermissionRequiredMixin, View):
    """Takes what was typed into the form of a hold."""

    permission_required = "workmate.add_retentionhold"
    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponse:
        form = HoldForm(request.POST)
        if form.is_valid():
            try:
                hold = retention.hold_year(by=request.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, f"Die Unterlagen aus {hold.year} bleiben gesperrt.")
                return redirect("retention")
        return report_page(request, form, status=422)


class RetentionRelease(PermissionRequiredMixin, View):
    permission_required = "workmate.change_retentionhold"
    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> HttpResponse:
        hold = retention.release(get_object_or_404(RetentionHold, pk=pk), by=request.user)
        messages.success(request, f"Die Löschsperre für {hold.year} ist aufgehoben.")
        return redirect("retention")
