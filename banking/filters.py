"""What the lists of transactions and statements are narrowed by."""

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput

from banking.models import BankAccount, StatementImport, Transaction
from workmate.filters import AmountFilter, DateFilter, Filters


class TransactionFilters(Filters):
    """Transactions by words, state, account, day and amount."""

    search_fields = (
        "counterparty_name",
        "purpose",
        "counterparty_iban__istartswith",
        "end_to_end_id",
    )

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[
            ("open", "Offen"),
            ("matched", "Zugeordnet"),
            ("dismissed", "Ausgeschieden"),
            ("pending", "Vorgemerkt"),
        ],
    )
    account = django_filters.ModelChoiceFilter(
        queryset=BankAccount.objects.select_related("money_account"),
        label="Konto",
        empty_label="Alle Konten",
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
        chosen: QuerySet[Transaction] = getattr(rows, value)()
        return chosen


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
