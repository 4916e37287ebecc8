"""Files that nobody can read until a person has mapped their columns, or has discarded them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from banking import waiting
from banking.entry_forms import DiscardForm
from banking.filters import WaitingFilters
from banking.models import WaitingFile
from banking.views.transactions import IMPORT
from invoicing.forms import show
from invoicing.views.acting import Page
from workmate.errors import Problem
from workmate.lists import Column, ListPage


class WaitingFiles(ListPage):
    permission_required = "banking.import_statement"
    template_name = "banking/list.html"
    title = "Dateien, die eine Entscheidung brauchen"
    queryset = WaitingFile.objects.select_related("document", "account__money_account", "statement")
    filterset_class = WaitingFilters
    default_sort = "-received_at"
    chips = "state"
    columns = [
        Column("received_at", "Eingegangen", kind="moment"),
        Column("document.filename", "Datei", link=True, sort="document__filename"),
        Column("account.money_account.name", "Konto", sort="", priority=2),
        Column("source", "Herkunft", value=WaitingFile.get_source_display, priority=2),
        Column(
            "state",
            "Stand",
            kind="status",
            value=lambda row: WaitingFilters.STATES[row.state],
            tones={"wartet": "attention", "eingelesen": "positive"},
            note="reason",
        ),
    ]
    actions = [IMPORT]
    empty = "Keine Datei wartet."


def note(user: Any) -> dict[str, Any]:
    """How many files wait, for pages that lead there; nothing for who may not decide."""
    if not user.has_perm("banking.import_statement"):
        return {}
    return {"files_waiting": WaitingFile.objects.open().count()}


def waiting_url() -> str:
    """The list of what is still to be decided."""
    return reverse("banking:waiting_files") + "?state=waiting"


class Discard(Page):
    """Decides, with a reason, that a file is not read in."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(_row(pk), DiscardForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, form = _row(pk), DiscardForm(request.POST)
        if form.is_valid():
            try:
                waiting.discard(row, reason=form.cleaned_data["reason"], by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{row} wird nicht eingelesen.")
                return redirect(waiting_url())
        return self._page(row, form, status=422)

    def _page(self, row: WaitingFile, form: DiscardForm, status: int = 200) -> HttpResponse:
        context = {"row": row, "form": form}
        return render(self.request, "banking/discard.html", context, status=status)


def _row(pk: int) -> WaitingFile:
    return get_object_or_404(WaitingFile.objects.select_related("document", "account"), pk=pk)
