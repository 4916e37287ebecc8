"""What the lists of invoices, customers and products can be narrowed by."""

from typing import Any

import django_filters
from django import forms
from django.utils.timezone import localdate

from invoicing.models import (
    Activity,
    Contact,
    Customer,
    Dispatch,
    Invoice,
    Product,
    State,
    dispatch,
)
from invoicing.models.states import InvoiceQuerySet
from invoicing.products import categories
from workmate.filters import DateFilter, Filters

UNPAID = "unpaid"
STATES = [
    (State.DRAFT, "Entwürfe"),
    (UNPAID, "Unbezahlt"),
    (State.OPEN, "Offen"),
    (State.PARTIAL, "Teilweise bezahlt"),
    (State.OVERDUE, "Überfällig"),
    (State.PAID, "Bezahlt"),
    (State.CANCELLED, "Storniert"),
    (State.CORRECTION, "Korrekturen"),
]
QUOTES = [
    (State.DRAFT, "Entwürfe"),
    (State.OFFERED, "Unterbreitet"),
    (State.ACCEPTED, "Angenommen"),
    (State.DECLINED, "Abgelehnt"),
    (State.EXPIRED, "Abgelaufen"),
]
ORDERS = [(State.DRAFT, "Entwürfe"), (State.CONFIRMED, "Bestätigt")]
OWED = {UNPAID, State.OPEN, State.PARTIAL, State.OVERDUE}
DISPATCHED = {
    "unsent": ("Noch nicht versendet", dispatch.unsent),
    "sent": ("Versendet", dispatch.sent),
    "refused": ("Nicht angekommen", dispatch.refused),
}
ACTIVITY = [("active", "Aktiv"), ("inactive", "Nicht aktiv")]
CUSTOMERS = [
    (Customer.Status.ACTIVE, "Aktiv"),
    (Customer.Status.LEAD, "Interessenten"),
    (Customer.Status.INACTIVE, "Nicht aktiv"),
    (Customer.Status.BLOCKED, "Gesperrt"),
]


class InvoiceFilters(Filters):
    """By state on the present day, by date, by customer."""

    status = django_filters.ChoiceFilter(label="Status", choices=STATES, method="in_state")
    kind = django_filters.ChoiceFilter(
        label="Art", choices=Invoice.Kind.choices, empty_label="Alle Arten"
    )
    date_from = DateFilter(field_name="issue_date", lookup_expr="gte", label="Von")
    date_to = DateFilter(field_name="issue_date", lookup_expr="lte", label="Bis")
    dispatch = django_filters.ChoiceFilter(
        label="Versand",
        choices=[(name, label) for name, (label, _) in DISPATCHED.items()],
        empty_label="Versendet oder nicht",
        method="in_dispatch",
    )
    customer = django_filters.ModelChoiceFilter(
        label="Kunde", queryset=Customer.objects.all(), widget=forms.HiddenInput
    )

    project = django_filters.CharFilter(
        label="Projekt",
        field_name="project_reference",
        lookup_expr="iexact",
        widget=forms.HiddenInput,
    )

    class Meta(Filters.Meta):
        model = Invoice
        fields: tuple[str, ...] = ()

    def search(self, rows: Any, name: str, value: str) -> InvoiceQuerySet:
        """Rows with every word of the search in their numbers or in who they are for."""
        found: InvoiceQuerySet = rows.matching(" ".join(value.split()[:8]))
        return found

    def in_state(self, rows: InvoiceQuerySet, name: str, value: str) -> InvoiceQuerySet:
        return rows.open() if value == UNPAID else rows.in_state(value, on=localdate())

    def in_dispatch(self, rows: InvoiceQuerySet, name: str, value: str) -> Any:
        return DISPATCHED[value][1](rows)


class QuoteFilters(InvoiceFilters):
    """Quotes by what became of them."""

    kind = None
    status = django_filters.ChoiceFilter(label="Status", choices=QUOTES, method="in_state")


class OrderFilters(InvoiceFilters):
    """Orders."""

    kind = None
    status = django_filters.ChoiceFilter(label="Status", choices=ORDERS, method="in_state")


class CustomerFilters(Filters):
    """By status and kind."""

    search_fields = ("name", "number", "city", "email", "vat_id")

    status = django_filters.ChoiceFilter(label="Status", choices=CUSTOMERS)
    kind = django_filters.ChoiceFilter(
        label="Art", choices=Customer.Kind.choices, empty_label="Alle Arten"
    )

    class Meta(Filters.Meta):
        model = Customer
        fields: tuple[str, ...] = ()


class ContactFilters(Filters):
    """By name, place and customer."""

    search_fields = ("last_name", "first_name", "email", "position", "customer__name")

    customer = django_filters.ModelChoiceFilter(
        label="Kunde", queryset=Customer.objects.all(), widget=forms.HiddenInput
    )

    class Meta(Filters.Meta):
        model = Contact
        fields: tuple[str, ...] = ()


class ActivityFilters(Filters):
    """By kind, day and customer."""

    search_fields = ("description", "customer__name", "contact__last_name")

    kind = django_filters.ChoiceFilter(label="Art", choices=Activity.Kind.choices)
    date_from = DateFilter(field_name="occurred_at", lookup_expr="date__gte", label="Von")
    date_to = DateFilter(field_name="occurred_at", lookup_expr="date__lte", label="Bis")
    customer = django_filters.ModelChoiceFilter(
        label="Kunde", queryset=Customer.objects.all(), widget=forms.HiddenInput
    )

    class Meta(Filters.Meta):
        model = Activity
        fields: tuple[str, ...] = ()


class ProductFilters(Filters):
    """By activity and category."""

    search_fields = ("name", "number", "category", "short_description", "description")

    status = django_filters.ChoiceFilter(label="Status", choices=ACTIVITY, method="in_activity")
    category = django_filters.ChoiceFilter(
        label="Kategorie",
        choices=lambda: [(name, name) for name in categories()],
        empty_label="Alle Kategorien",
    )

    class Meta(Filters.Meta):
        model = Product
        fields: tuple[str, ...] = ()

    def in_activity(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(is_active=value == "active")


class DispatchFilters(Filters):
    """By state, number, customer and recipient."""

    search_fields = ("invoice__number", "invoice__customer__name", "subject")

    state = django_filters.ChoiceFilter(label="Zustand", choices=Dispatch.State.choices)
    date_from = DateFilter(field_name="created_at", lookup_expr="date__gte", label="Von")
    date_to = DateFilter(field_name="created_at", lookup_expr="date__lte", label="Bis")

    class Meta(Filters.Meta):
        model = Dispatch
        fields: tuple[str, ...] = ()
