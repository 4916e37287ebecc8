"""Transactions: the list and the page of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from banking.figures import cards
from banking.filters import TransactionFilters
from banking.models import Transaction
from banking.wording import STATES
from invoicing.views.acting import Page
from workmate.lists import Action, Column, ListPage

IMPORT = Action(
    "Kontoauszug einlesen", "banking:import", "banking.import_statement", "file-up", primary=True
)
RECONCILE = Action("Zuordnen", "banking:reconcile", "banking.reconcile_transaction", "list-checks")


ENTER = Action("Umsatz erfassen", "banking:transaction_new", "banking.add_transaction", "plus")
CATEGORISE = Action("Einordnen", "banking:categorise", "banking.reconcile_transaction", "tag")


def sorted_as(row: Any) -> str:
    """The kind of a booking, and its category where it has one."""
    kind: str = row.get_kind_display()
    return f"{kind} · {row.category}" if row.category_id else kind


def state_of(row: Any) -> str:
    """The German word for the state of a transaction."""
    return STATES[row.state][0]


class Transactions(ListPage):
    permission_required = "banking.view_transaction"
    template_name = "banking/list.html"
    title = "Umsätze"
    queryset = Transaction.objects.select_related("account__money_account", "category")
    filterset_class = TransactionFilters
    chips = "state"
    default_sort = "-booked_on"
    columns = [
        Column("booked_on", "Buchungstag", kind="date"),
        Column(
            "counterparty_name",
            "Auftraggeber / Empfänger",
            link=True,
            value=lambda row: row.counterparty_name or row.booking_text or "ohne Namen",
            sort="counterparty_name",
        ),
        Column("purpose", "Verwendungszweck", sort="", priority=2),
        Column("kind", "Typ", sort="", value=sorted_as, priority=3),
        Column("account.money_account.name", "Konto", sort="", priority=3),
        Column(
            "state",
            "Stand",
            kind="status",
            value=state_of,
            tones=dict(STATES.values()),
            priority=2,
        ),
        Column("amount", "Betrag", kind="money", total=True, currency="currency"),
    ]
    actions = [RECONCILE, ENTER, IMPORT]
    bulk_actions = [CATEGORISE]
    empty = "Noch kein Umsatz. Lesen Sie den ersten Kontoauszug ein."
    empty_action = IMPORT

    def get_context(self) -> dict[str, Any]:
        chosen = self.filterset.form.cleaned_data if self.filterset else {}
        return {"figures": cards(self.rows, chosen.get("account"), self.request.GET.dict())}


class TransactionPage(Page):
    permission_required = "banking.view_transaction"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Transaction.objects.select_related(
            "account__money_account",
            "statement__created_by",
            "dismissal__created_by",
            "category",
            "entered_by",
            "reverses",
            "reversed_by",
        )
        row: Any = get_object_or_404(rows, pk=pk)
        matches = row.matches.select_related(
            "payment__reversal", "created_by", "undone_by"
        ).prefetch_related("payment__allocations__open_item__partner")
        context = {
            "row": row,
            "state": STATES[row.state],
            "matches": matches,
            "live": next((made for made in matches if made.is_live), None),
            "dismissal": getattr(row, "dismissal", None),
        }
        return render(request, "banking/transaction.html", context)
