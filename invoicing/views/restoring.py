"""Deleted drafts, and the way back from a deletion."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from invoicing import restoring
from invoicing.models import DeletedDraft
from invoicing.views.acting import Page, attempt
from workmate.lists import Column, ListPage


class DeletedDrafts(ListPage):
    """What was deleted within the last thirty days."""

    permission_required = "invoicing.view_invoice"
    title = "Gelöschte Entwürfe"
    facts = "Nach 30 Tagen werden sie vergessen."
    queryset = DeletedDraft.objects.select_related("customer", "deleted_by")
    default_sort = "-deleted_at"
    columns = [
        Column("customer.name", "Kunde", value=str, sort="customer__name"),
        Column("deleted_at", "Gelöscht am", kind="moment"),
        Column("deleted_by", "Von", value=lambda row: str(row.deleted_by), sort="", priority=2),
        Column("gross_total", "Betrag", kind="money", currency="currency"),
        Column("pk", "", kind="template", template="invoicing/restore_button.html", sort=""),
    ]
    empty = "In den letzten 30 Tagen wurde kein Entwurf gelöscht."


class Restore(Page):
    permission_required = "invoicing.add_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        deleted = get_object_or_404(DeletedDraft, pk=pk)
        draft = attempt(request, "Der Entwurf ist wieder da.", restoring.restore, deleted)
        return redirect(draft or "invoicing:deleted-drafts")
