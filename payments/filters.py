"""What the lists of payments and open items are narrowed by."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet

from payments.models import Payment, PaymentQuerySet
from workmate.filters import DateFilter, Filters
from workmate.ledger.models import MoneyAccount, OpenItem, Partner
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.money import parse_date


def day_asked(text: str, today: datetime.date) -> datetime.date:
    """The day of a report; today where none can be read."""
    try:
        return parse_date(text, today=today)
    except (ValueError, OverflowError):
        return today


class PaymentFilters(Filters):
    """Payments by words, day, account, method, and whether they stand."""

    search_fields = (
        "reference",
        "partner__name",
        "partner__number",
        "allocations__open_item__document_number",
    )

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[
            ("in", "Eingänge"),
            ("out", "Auszahlungen"),
            ("unallocated", "Nicht zugeordnet"),
            ("reversed", "Storniert"),
        ],
    )
    method = django_filters.ChoiceFilter(
        label="Zahlungsart", choices=Payment.Method.choices, empty_label="Alle Zahlungsarten"
    )
    partner = django_filters.ModelChoiceFilter(
        label="Kunde", queryset=Partner.objects.all(), widget=forms.HiddenInput
    )
    since = DateFilter(field_name="received_on", lookup_expr="gte", label="ab")
    until = DateFilter(field_name="received_on", lookup_expr="lte", label="bis")
    money_account = django_filters.ModelChoiceFilter(
        queryset=MoneyAccount.objects.all(), label="Geldkonto", empty_label="Alle Geldkonten"
    )

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A payment with several items is found once."""
        found = super().search(self.queryset.model.objects.all(), name, value)
        return rows.filter(pk__in=found.values("pk")) if value.split() else rows

    def by_state(self, rows: PaymentQuerySet, name: str, value: str) -> PaymentQuerySet:
        """Received, paid out, with a rest that is still a credit, or taken back."""
        if value == "reversed":
            return rows.reversed()
        if value == "unallocated":
            return rows.valid().exclude(credit__outstanding=0).filter(credit__isnull=False)
        return rows.valid().filter(**{"amount__gt" if value == "in" else "amount__lt": 0})


class OpenItemFilters(Filters):
    """Open items by words and by what they are."""

    search_fields = ("document_number", "partner__name", "partner__number")

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[
            ("overdue", "Überfällig"),
            ("receivable", "Forderungen"),
            ("credit", "Guthaben"),
            ("payable", "Verbindlichkeiten"),
        ],
    )
    on = DateFilter(label="Stand am", method="by_day")
    due_since = DateFilter(field_name="due_date", lookup_expr="gte", label="fällig ab")
    due_until = DateFilter(field_name="due_date", lookup_expr="lte", label="fällig bis")

    class Meta:
        model = OpenItem
        fields: tuple[str, ...] = ()

    def by_state(self, rows: OpenItemQuerySet, name: str, value: str) -> OpenItemQuerySet:
        """Claims, what of them is overdue today, credits, debts."""
        if value == "overdue":
            return rows.receivables().filter(owed__gt=0, due_date__lt=F("asked"))
        if value == "credit":
            return rows.receivables().filter(owed__lt=0)
        if value == "payable":
            return rows.payables()
        return rows.receivables().filter(owed__gt=0)

    def by_day(self, rows: OpenItemQuerySet, name: str, value: Any) -> OpenItemQuerySet:
        """The day has decided already what is `owed`, see `OpenItemQuerySet.owed_on`."""
        return rows
