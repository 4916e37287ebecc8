"""The dialog for a CSV file of a bank that no known format fits."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from banking import mapping
from banking.accounts import of_money_account
from banking.forms import MappingForm
from banking.importing import import_statement
from banking.models import CsvMapping
from invoicing.forms import show
from invoicing.views.acting import Page, attempt
from workmate import documents
from workmate.errors import Problem
from workmate.models import Document
from workmate.web import row_number


class MappingDrop(Page):
    """Forgets a format of one's own, so that its columns can be chosen anew."""

    permission_required = "banking.import_statement"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(CsvMapping, pk=pk)
        attempt(request, f"Das Format „{made}“ ist vergessen.", mapping.drop, made)
        return redirect("banking:import")


class Mapping(Page):
    """Choose the columns, look at the preview, read in; the file waits in the archive meanwhile."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document, found = self._found(pk)
        first = mapping.guessed(found) | {
            "title": document.filename.rpartition(".")[0][:60] or "Bank",
            "account": row_number(request.GET.get("konto")) or None,
        }
        return self._page(document, found, MappingForm(found.header, initial=first))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document, found = self._found(pk)
        form = MappingForm(found.header, request.POST)
        if not form.is_valid():
            return self._page(document, found, form, status=422)
        data = documents.read(document)
        chosen = form.mapping(found)
        try:
            tried = mapping.tried(chosen, data)
            if "einlesen" not in request.POST or not tried.rows:
                return self._page(document, found, form, tried=tried)
            account = of_money_account(form.cleaned_data["account"])
            with transaction.atomic():
                mapping.keep(chosen, by=self.user)
                imported = import_statement(account, data, filename=document.filename, by=self.user)
        except Problem as problem:
            show(problem, form)
            return self._page(document, found, form, status=422)
        messages.success(request, f"{imported.new} neue Umsätze sind eingelesen.")
        return redirect(imported)

    def _found(self, pk: int) -> tuple[Document, mapping.Sample]:
        document = get_object_or_404(Document, pk=pk, kind="statement")
        return document, mapping.sample(documents.read(document))

    def _page(
        self,
        document: Document,
        found: mapping.Sample,
        form: MappingForm,
        *,
        status: int = 200,
        tried: Any = None,
    ) -> HttpResponse:
        context = {
            "document": document,
            "found": found,
            "form": form,
            "tried": tried,
            "rows": tried.rows[: mapping.SHOWN] if tried else (),
            "skipped": tried.skipped[: mapping.SHOWN] if tried else (),
        }
        return render(self.request, "banking/mapping.html", context, status=status)
