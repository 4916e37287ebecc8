"""Payouts of Stripe, what they consist of, and their arrival at the bank."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.forms import PastDateField
from payments.posting import UNCLEAR
from payments.stripe import payouts
from payments.stripe.models import StripeCharge, StripeMovement, StripePayout
from workmate.columns import Column
from workmate.errors import Problem
from workmate.filters import Filters
from workmate.forms import Form
from workmate.ledger.models import Account, MoneyAccount
from workmate.lists import ListPage

TONES = {
    "geplant": "neutral",
    "unterwegs": "info",
    "überwiesen": "positive",
    "gescheitert": "negative",
    "abgebrochen": "neutral",
}
CATEGORIES = {
    "charge": "Zahlung",
    "refund": "Erstattung",
    "refund_failure": "gescheiterte Erstattung",
    "dispute": "Rückbelastung",
    "dispute_reversal": "zurückgenommene Rückbelastung",
    "fee": "Gebühr",
    "network_cost": "Gebühr der Kartennetze",
    "tax": "Steuer auf Gebühren",
    "risk_reserved_funds": "Sicherheitseinbehalt",
    "other_adjustment": "Korrektur durch Stripe",
    "charge_failure": "geplatzte Zahlung",
    "topup": "Aufladung",
    "topup_reversal": "zurückgenommene Aufladung",
    "transfer": "Übertrag",
    "transfer_reversal": "zurückgenommener Übertrag",
    "contribution": "Beitrag zum Klimaschutz",
    "payout": "Auszahlung",
    "payout_reversal": "zurückgekommene Auszahlung",
}


class PayoutFilters(Filters):
    """Payouts by words and by whether the bank has shown them."""

    search_fields = ("payout_id", "trace_id")

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[("open", "Noch nicht auf dem Konto"), ("done", "Eingegangen")],
    )

    class Meta:
        model = StripePayout
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Whether its arrival is booked."""
        return rows.filter(arrival__isnull=value == "open")


class Payouts(ListPage):
    permission_required = "payments.view_stripepayout"
    title = "Stripe-Auszahlungen"
    queryset = StripePayout.objects.all()
    filterset_class = PayoutFilters
    chips = "state"
    default_sort = "-arrival_date"
    columns = [
        Column("arrival_date", "Auf dem Konto am", kind="date"),
        Column("payout_id", "Auszahlung", link=True, sort=""),
        Column(
            "arrival",
            "Eingang",
            sort="",
            value=lambda row: "gebucht" if row.arrival_id else "",
            priority=2,
        ),
        Column("state", "Stand", kind="status", value=StripePayout.get_state_display, tones=TONES),
        Column("amount", "Betrag", kind="money", currency="currency"),
    ]
    empty = "Stripe hat noch nichts ausgezahlt."


class ArrivalForm(Form):
    """On which account the bank shows the money, and when."""

    bank = forms.ModelChoiceField(
        MoneyAccount.objects.filter(is_active=True, kind="bank", currency="EUR"),
        label="Bankkonto",
        empty_label=None,
    )
    on = PastDateField(label="Datum", help_text="Der Buchungstag auf dem Kontoauszug.")


class PayoutPage(Page):
    permission_required = "payments.view_stripepayout"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(_payout(pk))

    def page(self, payout: StripePayout, form: Form | None = None) -> HttpResponse:
        """The payout with its movements and the form of its arrival."""
        movements = list(payout.movements.prefetch_related("entry__lines__account__moneyaccount"))
        charges = _charges(one.source_id for one in movements)
        rows = [
            (
                one,
                CATEGORIES.get(one.category, one.category),
                charges.get(one.source_id),
                _posted_to(one),
            )
            for one in movements
        ]
        context = {
            "payout": payout,
            "tone": TONES[payout.get_state_display()],
            "movements": rows,
            "unclear": next((to for *_, to in rows if to and to.number in UNCLEAR.values()), None),
            "difference": payouts.difference(payout) if payout.is_itemised else 0,
            "form": form or ArrivalForm(initial={"on": min(payout.arrival_date, localdate())}),
        }
        status = 422 if form else 200
        return render(self.request, "payments/stripe_payout.html", context, status=status)


class Arrival(PayoutPage):
    permission_required = "payments.change_stripepayout"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payout, form = _payout(pk), ArrivalForm(request.POST)
        if form.is_valid():
            try:
                payouts.arrive(payout, by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Der Eingang ist gebucht.")
                return redirect(payout)
        return self.page(payout, form)


def _posted_to(movement: StripeMovement) -> Account | None:
    """The account that a movement was posted to by itself; None where its payment brought it."""
    lines = movement.entry.lines.all() if movement.entry else ()
    others = (line.account for line in lines if not hasattr(line.account, "moneyaccount"))
    return next(others, None)


def _charges(numbers: Any) -> dict[str, StripeCharge]:
    """Our charges by the number that Stripe gave them."""
    rows = StripeCharge.objects.filter(charge_id__in=list(numbers))
    return {row.charge_id: row for row in rows}


def _payout(pk: int) -> StripePayout:
    return get_object_or_404(StripePayout.objects.select_related("arrival"), pk=pk)
