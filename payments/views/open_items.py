"""Open items: the list, and what can be done with a credit."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing.views.acting import Page, attempt
from payments.allocating import apply_credit, take_back
from payments.filters import OpenItemFilters, day_asked
from payments.forms import SettlementForm
from payments.models import Settlement
from payments.views.payments import NEW
from workmate.errors import Problem
from workmate.ledger.models import OpenItem
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.ledger.posting import open_day
from workmate.lists import Action, Column, ListPage
from workmate.money import format_date

SHOWN = ("partner", "invoice", "overpayment")
TAKE_OVER = Action(
    "Altbestand übernehmen", "payments:take_over", "payments.record_payment", "file-up"
)


def label(item: OpenItem) -> str:
    """Its number, or that it is a credit without a document."""
    return item.document_number or "Guthaben"


def late(item: Any) -> str:
    """How long a claim is overdue, in words."""
    days = (item.asked - item.due_date).days
    if item.owed <= 0 or days <= 0:
        return ""
    return f"{days} {'Tag' if days == 1 else 'Tage'}"


class OpenItems(ListPage):
    permission_required = "workmate.view_openitem"
    title = "Offene Posten"
    queryset = OpenItem.objects.all()
    filterset_class = OpenItemFilters
    chips = "state"
    default_sort = "due_date"
    columns = [
        Column("document_number", "Beleg", link=True, value=label, sort="document_number"),
        Column("partner.name", "Partner", sort="partner__name"),
        Column("partner.number", "Personenkonto", sort="", priority=3),
        Column("document_date", "Belegdatum", kind="date", priority=3),
        Column("due_date", "Fällig", kind="date"),
        Column("late", "Verzug", value=late, sort="", priority=2),
        Column("owed", "Offen", kind="money", total=True, currency="currency"),
    ]
    actions = [TAKE_OVER, NEW]
    empty = "Nichts ist offen. Alle Rechnungen sind bezahlt."

    def get_queryset(self) -> QuerySet[OpenItem]:
        """What is open now, or what was open on the evening of the day asked for (`?on=`)."""
        today = localdate()
        day = day_asked(self.request.GET.get("on", ""), today)
        if day < today:
            self.facts = f"Stand am Abend des {format_date(day)}"
        rows = OpenItem.objects.select_related(*SHOWN).defer("invoice__snapshot")
        return rows.owed_on(day, today=today)

    def row_url(self, row: OpenItem) -> str:
        """The invoice, the credit, or the customer's payment form for a taken-over item."""
        return where(row)


def where(item: OpenItem) -> str:
    """The page that says most about an open item."""
    if item.outstanding < 0:
        return reverse("payments:credit", args=[item.pk])
    if invoice := getattr(item, "invoice", None):
        return str(invoice.get_absolute_url())
    return f"{reverse('payments:payment_new')}?posten={item.pk}"


class CreditPage(Page):
    """A credit: where it came from, what it was used for, and using it now."""

    permission_required = "workmate.view_openitem"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        credit = _credit(pk)
        claims = _claims(credit)
        first = claims.first()
        amount = min(first.outstanding, -credit.outstanding) if first else None
        initial = {"open_item": first, "amount": amount, "on": localdate()}
        return self._page(credit, SettlementForm(items=claims, initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        credit = _credit(pk)
        if not request.user.has_perm("payments.record_payment"):
            return self.handle_no_permission()
        form = SettlementForm(request.POST, items=_claims(credit))
        if form.is_valid():
            data = form.cleaned_data
            try:
                apply_credit(credit, data["open_item"], data["amount"], on=data["on"], by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, f"Das Guthaben ist mit {data['open_item']} verrechnet.")
                return redirect("payments:credit", pk)
        return self._page(credit, form, status=422)

    def _page(self, credit: OpenItem, form: SettlementForm, status: int = 200) -> HttpResponse:
        uses = credit.uses.select_related("open_item__partner", "entry__reversed_by", "created_by")
        context: dict[str, Any] = {
            "credit": credit,
            "form": form,
            "claims": form.items,
            "uses": uses,
            "available": -credit.outstanding,
            "refunds": credit.allocations.select_related("payment__reversal"),
        }
        return render(self.request, "payments/credit.html", context, status=status)


class SettlementReversal(Page):
    """Takes back that a credit was used."""

    permission_required = "payments.reverse_payment"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        settlement = get_object_or_404(Settlement, pk=pk)
        day = open_day(settlement.settled_on)
        attempt(request, "Die Verrechnung ist zurückgenommen.", take_back, settlement, on=day)
        return redirect("payments:credit", settlement.credit_id)


def _credit(pk: int) -> OpenItem:
    rows = OpenItem.objects.select_related("partner", "overpayment", "invoice")
    return get_object_or_404(rows, pk=pk)


def _claims(credit: OpenItem) -> OpenItemQuerySet:
    """What the credit can be used for."""
    return (
        OpenItem.objects.receivables()
        .filter(partner=credit.partner_id, currency=credit.currency, outstanding__gt=0)
        .select_related("partner")
    )
