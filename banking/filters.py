"""What the lists of transactions and statements are narrowed by."""

from decimal import Decimal
from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput

from banking.models import BankAccount, Category, StatementImport, Transaction, WaitingFile
from workmate.filters import AmountFilter, DateFilter, Filters


class TransactionFilters(Filters):
    """Transactions by words, state, account, day and amount."""

    search_fields = (
        "counterparty_name",
        "purpose",
        "counterparty_iban__istartswith",
        "end_to_end_id",
        "bank_reference",
    )

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[
            ("open", "Offen"),
            ("matched", "Zugeordnet"),
            ("dismissed", "Ausgeschieden"),
            ("pending", "Vorgemerkt"),
            ("reversed", "Storniert"),
            ("replaced", "Ersetzt"),
        ],
    )
    account = django_filters.ModelChoiceFilter(
        queryset=BankAccount.objects.select_related("money_account"),
        label="Konto",
        empty_label="Alle Konten",
    )
    kind = django_filters.ChoiceFilter(
        label="Typ", choices=Transaction.Kind.choices, empty_label="Alle Typen"
    )
    category = django_filters.ModelChoiceFilter(
        queryset=Category.objects.all(), label="Kategorie", empty_label="Alle Kategorien"
    )
    direction = django_filters.ChoiceFilter(
        label="Richtung",
        method="by_direction",
        choices=[("in", "Eingänge"), ("out", "Ausgänge")],
        empty_label="Ein- und Ausgänge",
    )
    since = DateFilter(field_name="booked_on", lookup_expr="gte", label="ab")
    until = DateFilter(field_name="booked_on", lookup_expr="lte", label="bis")
    amount = AmountFilter(field_name="amount", label="Betrag")
    statement = django_filters.NumberFilter(
        field_name="statement", label="Auszug", widget=HiddenInput
    )

    class Meta:
        model = Transaction
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[Transaction], name: str, value: str) -> QuerySet[Transaction]:
        """Rows in this state, asked the way the models put it."""
        if value == "pending":
            return rows.filter(status=Transaction.Status.PENDING)
        if value in (Transaction.State.REVERSED, Transaction.State.REPLACED):
            return rows.filter(state=value)
        chosen: QuerySet[Transaction] = getattr(rows, value)()
        return chosen

    def by_direction(
        self, rows: QuerySet[Transaction], name: str, value: str
    ) -> QuerySet[Transaction]:
        """What came in, or what went out."""
        return rows.filter(amount__gt=0) if value == "in" else rows.filter(amount__lt=0)


class MatchingFilters(Filters):
    """Open transactions by words, account, day, amount without its sign, and direction."""

    search_fields = TransactionFilters.search_fields

    konto = django_filters.ModelChoiceFilter(
        field_name="account",
        queryset=BankAccount.objects.select_related("money_account"),
        label="Konto",
        empty_label="Alle Konten",
    )
    richtung = django_filters.ChoiceFilter(
        label="Richtung",
        method="by_direction",
        choices=[("ein", "Eingänge"), ("aus", "Ausgänge")],
        empty_label="Ein und aus",
    )
    von = DateFilter(field_name="booked_on", lookup_expr="gte", label="ab")
    bis = DateFilter(field_name="booked_on", lookup_expr="lte", label="bis")
    betrag = AmountFilter(method="by_amount", label="Betrag")
    punkte = django_filters.ChoiceFilter(
        label="Vorschlag",
        field_name="proposal__score",
        lookup_expr="gte",
        choices=[("90", "sicher"), ("75", "sehr wahrscheinlich"), ("50", "wahrscheinlich")],
        empty_label="Mit und ohne Vorschlag",
    )

    class Meta:
        model = Transaction
        fields: tuple[str, ...] = ()

    def by_direction(
        self, rows: QuerySet[Transaction], name: str, value: str
    ) -> QuerySet[Transaction]:
        """What came in, or what went out."""
        return rows.filter(amount__gt=0) if value == "ein" else rows.filter(amount__lt=0)

    def by_amount(
        self, rows: QuerySet[Transaction], name: str, value: Decimal
    ) -> QuerySet[Transaction]:
        """Bookings of just this amount, in or out."""
        return rows.filter(amount__in=(value, -value))


class StatementFilters(Filters):
    """Statements by file name and account."""

    search_fields = ("filename", "format")

    account = django_filters.ModelChoiceFilter(
        queryset=BankAccount.objects.select_related("money_account"),
        label="Konto",
        empty_label="Alle Konten",
    )

    class Meta:
        model = StatementImport
        fields: tuple[str, ...] = ()


class WaitingFilters(Filters):
    """Files without a known format by name, and by what became of them."""

    STATES: ClassVar = {"waiting": "wartet", "read": "eingelesen", "discarded": "verworfen"}
    search_fields = ("document__filename",)

    state = django_filters.ChoiceFilter(
        label="Stand", method="by_state", choices=list(STATES.items())
    )

    class Meta:
        model = WaitingFile
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[WaitingFile], name: str, value: str) -> QuerySet[WaitingFile]:
        """Waiting, read in or discarded."""
        if value == "waiting":
            return rows.filter(statement=None, discarded_at=None)
        kept = "statement" if value == "read" else "discarded_at"
        return rows.filter(**{f"{kept}__isnull": False})
