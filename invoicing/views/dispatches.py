"""Versand: everything that was sent, the latest first."""

from typing import Any

from django.db.models import QuerySet

from invoicing import filters
from invoicing.models import Dispatch
from invoicing.views.wording import DISPATCH_TONES
from workmate import mail
from workmate.lists import Action, Column, ListPage

OUTBOX = Action("Postausgang", "outbox", "workmate.view_outboxmessage", "inbox")


class Dispatches(ListPage):
    permission_required = "invoicing.view_dispatch"
    title = "Versand"
    queryset = Dispatch.objects.select_related("invoice__customer", "created_by").defer(
        "text", "invoice__snapshot"
    )
    filterset_class = filters.DispatchFilters
    chips = "state"
    default_sort = "-id"
    columns = (
        Column("invoice.number", "Beleg", sort="invoice__number", link=True),
        Column("invoice.customer.name", "Kunde", sort="invoice__customer__name", priority=2),
        Column("to", "An", sort=""),
        Column(
            "state",
            "Zustand",
            kind="status",
            tones=DISPATCH_TONES,
        ),
        Column("sent_at", "Versendet", kind="moment", priority=2),
        Column("created_at", "Beauftragt", kind="moment", sort="id", priority=3),
        Column("created_by.name", "Von", sort="", priority=3),
    )
    empty = "Noch nichts versendet. Auf der Seite einer gestellten Rechnung steht „Versenden“."

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("recipients")

    def get_context(self) -> dict[str, Any]:
        """The way to the outbox while messages end there."""
        return {"actions": self._allowed([OUTBOX])} if mail.is_captured() else {}
