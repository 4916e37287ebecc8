"""The dialog for a CSV file of a bank that no known format fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from banking import inferring, mapping
from banking.accounts import of_money_account
from banking.forms import ROLES, LayoutForm, MappingForm
from banking.models import BankAccount, CsvMapping, StatementImport, WaitingFile
from banking.sampling import SHOWN, Sample, beginning, sample
from banking.statement import ParsedStatement
from banking.uploading import read_mapped
from banking.views import wants_part
from invoicing.forms import show
from invoicing.views.acting import Page, attempt
from workmate import documents
from workmate.errors import Problem
from workmate.models import Document
from workmate.web import row_number

PREVIEWED = 1_000_000  # bytes that the preview reads
LINES = 12  # of the file as it is


class MappingDrop(Page):
    """Forgets a format of one's own, so that its columns can be chosen anew."""

    permission_required = "banking.import_statement"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(CsvMapping, pk=pk)
        attempt(request, f"Das Format „{made}“ ist vergessen.", mapping.drop, made)
        return redirect("banking:import")


@dataclass
class Dialog:
    """What the page shows: the file, how it is cut, which column is what, what comes of it."""

    document: Document
    data: bytes
    layout: LayoutForm
    found: Sample | None = None
    form: MappingForm | None = None
    tried: ParsedStatement | None = None
    like: CsvMapping | None = None
    doubts: Sequence[str] = ()

    def preview(self, chosen: CsvMapping) -> None:
        """Read the beginning of the file as chosen; raises what reading raises."""
        data = self.begin()
        self.tried = mapping.tried(chosen, data)
        if self.found is not None:
            self.doubts = inferring.doubts(self.found, chosen.columns, data)

    def begin(self) -> bytes:
        """So much of the file that a preview takes no time, whole lines of it."""
        if len(self.data) <= PREVIEWED:
            return self.data
        return self.data[: self.data.rfind(b"\n", 0, PREVIEWED) + 1]

    def context(self) -> dict[str, Any]:
        form, tried = self.form, self.tried
        lines = beginning(self.data, self.found.encoding if self.found else "").splitlines()
        columns = [form[role] for role in ROLES] if form else []
        return {
            "document": self.document,
            "found": self.found,
            "layout": self.layout,
            "form": form,
            "lines": list(enumerate(lines[:LINES], start=1)),
            "main": [form[name] for name in ("account", "title")] if form else [],
            "columns": columns,
            "writing": [form[name] for name in ("amounts", "days")] if form else [],
            "like": self.like,
            "tried": tried,
            "cut": len(self.data) > PREVIEWED,
            "proven": tried is not None and mapping.is_proven(tried),
            "doubts": self.doubts,
            "waiting": WaitingFile.objects.open().filter(document=self.document).first(),
            "rows": tried.rows[:SHOWN] if tried else (),
            "skipped": tried.skipped[:SHOWN] if tried else (),
        }


class Mapping(Page):
    """Choose the columns, look at the preview, read in; the file waits in the archive meanwhile."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = get_object_or_404(Document, pk=pk, kind="statement")
        data = documents.read(document)
        found = sample(data)
        dialog = Dialog(document, data, LayoutForm.of(found), found)
        first = self._proposal(dialog, found) | {
            "title": inferring.title_of(document.filename),
            "account": row_number(request.GET.get("konto")) or None,
        }
        if dialog.like:
            first["title"] = dialog.like.name
        dialog.form = MappingForm(found, initial=first)
        return self._page(dialog)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = get_object_or_404(Document, pk=pk, kind="statement")
        data = documents.read(document)
        dialog = Dialog(document, data, LayoutForm(request.POST))
        reads_in = "einlesen" in request.POST
        try:
            if not dialog.layout.is_valid():
                return self._page(dialog, status=422)
            dialog.found = found = sample(data, dialog.layout.layout())
            dialog.layout = LayoutForm.of(found)
            form = dialog.form = MappingForm(found, self._told(dialog, found, request.POST))
            if not form.is_valid() and wants_part(request):
                lacking = set(form.errors) & {*ROLES, "amounts", "days"}
                dialog.form = MappingForm(found, initial=dict(form.data))
                if lacking:
                    return self._page(dialog)
            elif form.errors and (reads_in or set(form.errors) & {*ROLES, "amounts", "days"}):
                return self._page(dialog, status=422)
            chosen = form.mapping(found)
            dialog.preview(chosen)
            if not reads_in:  # what is still missing is no mistake yet
                dialog.form = MappingForm(found, initial=dict(form.data))
            if not reads_in or (dialog.tried and not dialog.tried.rows):
                return self._page(dialog)
            account = of_money_account(form.cleaned_data["account"])
            return self._read_in(dialog, chosen, account)
        except Problem as problem:
            show(problem, dialog.form or dialog.layout)
            return self._page(dialog, status=422)

    def _read_in(self, dialog: Dialog, chosen: CsvMapping, account: BankAccount) -> HttpResponse:
        chosen.account = account
        made = read_mapped(chosen, dialog.document, dialog.data, by=self.user)
        if isinstance(made, StatementImport):
            messages.success(self.request, f"{made.new} neue Umsätze sind eingelesen.")
        return redirect(made)

    def _proposal(self, dialog: Dialog, found: Sample) -> dict[str, Any]:
        """What another account's mapping says about this header, else the guess."""
        dialog.like = mapping.of_other_account(found)
        try:
            made = dialog.like or mapping.proposed(found, dialog.begin())
            dialog.preview(made)
        except Problem:  # a person has to say more
            return {}
        return {**made.columns, "amounts": made.amounts, "days": made.days}

    def _told(self, dialog: Dialog, found: Sample, told: QueryDict) -> dict[str, Any]:
        """What was sent; where the file is cut in another way now, the columns are guessed anew."""
        sent = {name: value for name, value in told.items() if isinstance(value, str)}
        if all(sent.get(role, "") in ("", *found.header) for role in ROLES):
            return sent
        kept = {name: value for name, value in sent.items() if name not in ROLES}
        return kept | self._proposal(dialog, found)

    def _page(self, dialog: Dialog, status: int = 200) -> HttpResponse:
        name = "banking/mapping.html"
        if wants_part(self.request):
            part = "preview" if self.request.htmx.target == "preview" else "columns"
            return render(self.request, f"{name}#{part}", dialog.context())
        return render(self.request, name, dialog.context(), status=status)
