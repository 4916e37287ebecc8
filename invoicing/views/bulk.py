"""One thing done to many documents: what would happen, the order, and how far it is."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import bulk_issuing, bulk_running, errors
from invoicing.bulk_discarding import DISCARDING
from invoicing.models import BulkRow
from invoicing.views.acting import Page
from workmate.errors import Problem
from workmate.models import Company, JobRun
from workmate.views.jobs import TONES
from workmate.web import row_number

ROW_TONES = {
    BulkRow.State.WAITING: "neutral",
    BulkRow.State.ISSUED: "positive",
    BulkRow.State.SENT: "positive",
    BulkRow.State.DELETED: "positive",
    BulkRow.State.REFUSED: "negative",
}


class BulkConfirm(Page):
    """What would happen to the ticked drafts, in numbers; nothing has happened yet."""

    permission_required = "invoicing.issue_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("invoicing:invoices")

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = [row_number(text) for text in request.POST.getlist("pk")]
        preview = bulk_issuing.preview(chosen, on=localdate()) if Company.objects.exists() else None
        if preview is None or not (preview.going or preview.refused):
            return _refused(request, errors.NOTHING_TO_DO())
        context = {
            "preview": preview,
            "left_out": len(set(chosen)) - len(preview.going) - len(preview.refused),
            "groups": preview.groups(on=localdate()),
            "today": localdate(),
        }
        return render(request, "invoicing/bulk_confirm.html", context)


class BulkOrder(Page):
    """Starts the run over the drafts as they were confirmed."""

    permission_required = "invoicing.issue_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("invoicing:invoices")

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            wanted = confirmed(request.POST.getlist("draft"))
            run = bulk_running.order(bulk_issuing.ISSUING, wanted, by=self.user)
        except Problem as problem:
            return _refused(request, problem)
        return redirect(run)


class BulkDelete(Page):
    """Says in numbers which ticked drafts would be deleted, then starts the run over them."""

    permission_required = "invoicing.delete_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("invoicing:invoices")

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if seen := request.POST.getlist("draft"):
                return redirect(bulk_running.order(DISCARDING, confirmed(seen), by=self.user))
            chosen = {row_number(text) for text in request.POST.getlist("pk")}
            drafts = list(DISCARDING.fitting(list(chosen)))
            if not drafts:
                raise errors.NOTHING_TO_DO()
        except Problem as problem:
            return _refused(request, problem)
        context = {"drafts": drafts, "left_out": len(chosen) - len(drafts)}
        return render(request, "invoicing/bulk_delete.html", context)


class BulkPage(Page):
    """One run and its documents; htmx asks for it again while it is not over."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        runs = JobRun.objects.filter(name__in=bulk_running.BULKS).select_related("created_by")
        run = get_object_or_404(runs, pk=pk)
        rows = list(run.bulk_rows.select_related("invoice"))
        counts = {state: sum(row.state == state for row in rows) for state in BulkRow.State}
        context = {
            "run": run,
            "tone": TONES[run.state],
            "rows": [(row, ROW_TONES[BulkRow.State(row.state)]) for row in rows],
            "total": len(rows),
            "decided": len(rows) - counts[BulkRow.State.WAITING],
            "waiting": counts[BulkRow.State.WAITING],
            "done": bulk_running.BULKS[run.name].done.label,
            "succeeded": counts[bulk_running.BULKS[run.name].done],
            "refused": counts[BulkRow.State.REFUSED],
        }
        partial = getattr(request, "htmx", None)
        template = "invoicing/bulk.html#run" if partial else "invoicing/bulk.html"
        return render(request, template, context)


def confirmed(texts: list[str]) -> Mapping[int, int]:
    """Draft and the version that was seen, from fields such as `12.3`."""
    pairs = (text.partition(".") for text in texts)
    return {row_number(pk): row_number(version) for pk, _, version in pairs}


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    messages.error(request, f"{problem.message} {problem.advice}")
    return redirect("invoicing:invoices")
