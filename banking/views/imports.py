"""Reading a statement in, and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from banking.accounts import of_money_account
from banking.csv_formats import FORMATS
from banking.csv_formats.reading import titles
from banking.filters import StatementFilters
from banking.forms import ImportForm
from banking.mapping import format_key_of, used_for
from banking.models import BankAccount, CsvMapping, StatementImport, Transaction
from banking.undoing import SHOWN, built_on, in_the_way, undo_import
from banking.uploading import Outcome, keep_waiting, upload, upload_all
from banking.views import wants_part
from banking.views.transactions import IMPORT
from banking.views.waiting import note, waiting_url
from invoicing.forms import show
from invoicing.views.acting import Page, attempt
from workmate.errors import Problem
from workmate.lists import Column, ListPage
from workmate.models import JobRun
from workmate.web import row_number

LAST = "banking.imports"  # in the session
REMAP = "spalten"  # in the address of taking back


class Import(Page):
    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest) -> HttpResponse:
        account = BankAccount.objects.filter(pk=row_number(request.GET.get("konto"))).first()
        initial = {"account": account.money_account_id} if account else {}
        return self._page(ImportForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            chosen = form.cleaned_data["account"]
            account = of_money_account(chosen) if chosen else None
            files = request.FILES.getlist("file")
            if len(files) > 1:
                outcomes = upload_all(account, files, by=self.user)
                request.session[LAST] = [one.as_json() for one in outcomes]
                return redirect("banking:import_results")
            try:
                made = upload(account, files[0], by=self.user)
            except Problem as problem:
                if kept := keep_waiting(account, problem, files[0], by=self.user):
                    return redirect(kept[0].mapping_url if len(kept) == 1 else waiting_url())
                show(problem, form)
            else:
                if isinstance(made, StatementImport):
                    messages.success(request, f"{made.new} neue Umsätze sind eingelesen.")
                return redirect(made)
        return self._page(form, status=422)

    def _page(self, form: ImportForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "formats": titles(FORMATS),
            "mapped": CsvMapping.objects.select_related("account__money_account"),
            "no_account": not form.accounts().exists(),
        }
        return render(self.request, "banking/import.html", context, status=status)


class ImportResults(Page):
    """What became of the files that this person sent together last."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest) -> HttpResponse:
        outcomes = [Outcome(**one) for one in request.session.get(LAST, [])]
        runs = JobRun.objects.in_bulk([one.job for one in outcomes if one.job])
        read = {
            one.job: run.result.get("statement")
            for one in outcomes
            if one.job and (run := runs.get(one.job))
        }
        numbers = [one.statement or read.get(one.job) for one in outcomes]
        statements = StatementImport.objects.select_related("account__money_account")
        found = statements.in_bulk([number for number in numbers if number])
        inferred = CsvMapping.objects.filter(inferred=True).values_list("account_id", "digest")
        keys = {(account, format_key_of(digest)) for account, digest in inferred}
        by_proof = {pk for pk, one in found.items() if (one.account_id, one.format_key) in keys}
        rows = [
            {
                "outcome": one,
                "imported": found.get(number or 0),
                "run": (run := runs.get(one.job or 0)),
                "waiting": one.waiting or (run.result.get("waiting") if run else 0),
                "unknown": one.unknown or (run.result.get("unknown") if run else None),
                "inferred": number in by_proof,
            }
            for one, number in zip(outcomes, numbers, strict=True)
        ]
        context = {
            "rows": rows,
            "new": sum(one.new for one in found.values()),
            "failed": sum(bool(one.problem) for one in outcomes),
            "waiting": sum(row["waiting"] or 0 for row in rows),
            **note(self.user),
        }
        return render(request, "banking/import_results.html", context)


class ImportRun(Page):
    """A job that reads a file: its bar until it is over, then its statement."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(JobRun, pk=pk, name="banking.import")
        done = StatementImport.objects.filter(pk=run.result.get("statement")).first()
        if done is not None and not wants_part(request):
            return redirect(done)
        name = "banking/import_run.html"
        context = {"run": run, "imported": done, "result": run.result}
        return render(request, f"{name}#progress" if wants_part(request) else name, context)


class Statements(ListPage):
    permission_required = "banking.view_statementimport"
    template_name = "banking/statements.html"
    title = "Kontoauszüge"
    queryset = StatementImport.objects.select_related("account__money_account", "created_by")
    filterset_class = StatementFilters
    default_sort = "-created_at"
    columns = [
        Column("created_at", "Eingelesen", kind="moment"),
        Column("filename", "Datei", link=True),
        Column("account.money_account.name", "Konto", sort="", priority=2),
        Column("first_on", "Von", kind="date", priority=3),
        Column("last_on", "Bis", kind="date", priority=3),
        Column("read", "Gelesen", kind="number"),
        Column("new", "Neu", kind="number"),
        Column(
            "balance_check",
            "Saldo",
            kind="status",
            tones={"ok": "positive", "differs": "negative"},
            priority=2,
        ),
        Column("undone_at", "Zurückgenommen", kind="moment", priority=3),
    ]
    actions = [IMPORT]
    empty = "Noch kein Kontoauszug."
    empty_action = IMPORT

    def get_context(self) -> dict[str, Any]:
        return note(self.request.user)


class StatementPage(Page):
    """What was read; htmx asks for the part about matching until the job is over."""

    permission_required = "banking.view_statementimport"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = StatementImport.objects.select_related(
            "account__money_account", "document", "created_by", "undone_by"
        )
        imported = get_object_or_404(rows, pk=pk)
        own = Transaction.objects.filter(statement=imported)
        context = {
            "imported": imported,
            "run": _run_after(imported),
            "mapping": used_for(imported),
            **note(self.user),
            "waiting": own.open().count(),
            "matched": own.matched().count(),
        }
        template = (
            "banking/statement.html#matching" if wants_part(request) else "banking/statement.html"
        )
        return render(request, template, context)


class StatementUndo(Page):
    """What taking the statement back does, and doing it; the columns may be chosen anew then."""

    permission_required = "banking.import_statement"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        imported = get_object_or_404(
            StatementImport.objects.select_related("account__money_account"), pk=pk
        )
        used = in_the_way(imported)
        context = {
            "imported": imported,
            "used": used[:SHOWN],
            "more": max(len(used) - SHOWN, 0),
            "later": built_on(imported),
            "count": Transaction.objects.filter(statement=imported).count(),
            "remap": REMAP in request.GET,
        }
        return render(request, "banking/statement_undo.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        imported = get_object_or_404(StatementImport, pk=pk)
        done = "Der Auszug ist zurückgenommen; seine Umsätze sind entfernt."
        if attempt(request, done, undo_import, imported):
            if REMAP in request.GET:
                place = f"?konto={imported.account.money_account_id}"
                return redirect(reverse("banking:mapping", args=[imported.document_id]) + place)
            return redirect(imported)
        return redirect("banking:statement_undo", pk=pk)


def _run_after(imported: StatementImport) -> JobRun | None:
    """The run of the matcher that this import started."""
    if not imported.new or imported.undone_at:
        return None
    runs = JobRun.objects.filter(name="banking.match", created_at__gte=imported.created_at)
    return runs.order_by("pk").first()
