"""Counts and sums of what we issued, each a question to the documents and their open items.

Drafts, offers and cancelled documents are in no sum; amounts of different currencies are never
added up.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from invoicing.models import Customer, Invoice, State
from invoicing.models.states import STANDING
from workmate.models import OpenItem

ZERO = Decimal("0.00")
BILLED = STANDING | Q(status="issued", kind="correction")  # a correction takes away
OWED = (State.OPEN, State.PARTIAL, State.OVERDUE)
IN_FIGURES = (*OWED, State.PAID)
TOP = 5


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Documents in one state and currency."""

    state: State
    currency: str
    count: int
    gross: Decimal
    outstanding: Decimal


@dataclass(kw_only=True)
class Money:
    """What was billed in one currency, and what of it is owed."""

    currency: str
    count: int = 0  # invoices that stand
    net: Decimal = ZERO  # corrections taken away
    gross: Decimal = ZERO
    outstanding: Decimal = ZERO
    overdue: Decimal = ZERO
    overdue_count: int = 0


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """All documents of a span, or of one customer in it."""

    states: list[Sums]
    money: list[Money] = field(default_factory=list)

    @property
    def drafts(self) -> int:
        return self.count(State.DRAFT)

    def count(self, *states: State) -> int:
        """How many documents are in one of these states, whatever their currency."""
        return sum(row.count for row in self.states if row.state in states)


@dataclass(frozen=True, kw_only=True)
class OfCustomer:
    """How much a customer buys and how it pays; amounts in EUR."""

    net_this_year: Decimal
    net_before: Decimal  # of the whole year before
    net: Decimal  # of all years
    count: int
    first_on: datetime.date | None
    last_on: datetime.date | None
    overdue_count: int
    overdue: Decimal
    days_to_pay: int | None  # on average, of the invoices that are paid


@dataclass(frozen=True, kw_only=True)
class OfCustomers:
    """The customers by status, and the best of the year."""

    total: int
    by_status: dict[str, int]
    new_this_year: int
    with_overdue: int
    best: list[dict[str, Any]]  # id, name, net in EUR since the first of January


def read(
    *,
    on: datetime.date,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
    customer: Customer | None = None,
) -> Statistics:
    """The documents issued from `start` to `end`, in their states on the day `on`; two queries.

    Drafts have no date and are counted whatever the span.
    """
    rows = Invoice.objects.billing()
    if customer:
        rows = rows.of(customer)
    if start:
        rows = rows.filter(Q(issue_date__gte=start) | Q(issue_date=None))
    if end:
        rows = rows.filter(Q(issue_date__lte=end) | Q(issue_date=None))
    states = [
        Sums(**row | {"state": State(row["state"])})
        for row in rows.with_state(on=on)
        .order_by()
        .values("state", "currency")
        .annotate(
            count=Count("pk"),
            gross=Coalesce(Sum("gross_total"), ZERO),
            outstanding=Coalesce(Sum("open_item__outstanding"), ZERO),
        )
    ]
    net = rows.filter(BILLED).order_by().values_list("currency").annotate(Sum("net_total"))
    return Statistics(states=states, money=_money(states, dict(net)))


def _money(states: list[Sums], net: dict[str, Decimal]) -> list[Money]:
    found: dict[str, Money] = {}
    for row in states:
        one = found.setdefault(row.currency, Money(currency=row.currency))
        if row.state in (*IN_FIGURES, State.CORRECTION):
            one.gross += row.gross
        if row.state in IN_FIGURES:
            one.count += row.count
        if row.state in OWED:
            one.outstanding += row.outstanding
        if row.state == State.OVERDUE:
            one.overdue, one.overdue_count = row.outstanding, row.count
    for currency, total in net.items():
        found[currency].net = total
    rest = sorted(found.values(), key=lambda one: (one.currency != "EUR", one.currency))
    return [one for one in rest if one.count or one.net] or [Money(currency="EUR")]


def of_customer(customer: Customer, *, on: datetime.date) -> OfCustomer:
    """What a customer bought and how it pays, in two queries."""
    year = on.replace(month=1, day=1)
    before = year.replace(year=year.year - 1)
    euro = BILLED & Q(currency="EUR")
    overdue = STANDING & Q(open_item__outstanding__gt=0, open_item__due_date__lt=on)

    def net(*conditions: Q) -> Coalesce:
        chosen = Q(*conditions) & euro
        return Coalesce(Sum("net_total", filter=chosen), ZERO)

    found = Invoice.objects.of(customer).aggregate(
        net_this_year=net(Q(issue_date__gte=year)),
        net_before=net(Q(issue_date__gte=before, issue_date__lt=year)),
        net=net(),
        count=Count("pk", filter=STANDING),
        first_on=Min("issue_date", filter=STANDING),
        last_on=Max("issue_date", filter=STANDING),
        overdue_count=Count("pk", filter=overdue),
        overdue=Coalesce(Sum("open_item__outstanding", filter=overdue & Q(currency="EUR")), ZERO),
    )
    return OfCustomer(**found, days_to_pay=_days_to_pay(customer))


def _days_to_pay(customer: Customer) -> int | None:
    """Days from the invoice to the booking that settled it, on average."""
    settled = (
        OpenItem.objects.filter(partner=customer.partner_id, outstanding=0)
        .filter(invoice__in=Invoice.objects.standing())
        .annotate(settled_on=Max("lines__booked_on"))
        .annotate(
            days=ExpressionWrapper(
                F("settled_on") - F("document_date"), output_field=DurationField()
            )
        )
    )
    average = settled.aggregate(average=Avg("days"))["average"]
    return None if average is None else round(average / datetime.timedelta(days=1))


def of_customers(*, on: datetime.date) -> OfCustomers:
    """The customers by status, and who bought most this year; four queries."""
    counted: dict[str, int] = defaultdict(int)
    rows = Customer.objects.order_by().values_list("status").annotate(Count("pk"))
    counted.update(dict(rows))
    year = on.replace(month=1, day=1)
    billed = Invoice.objects.filter(BILLED, issue_date__gte=year, currency="EUR")
    best = billed.values("customer_id", "customer__name").annotate(net=Sum("net_total"))
    return OfCustomers(
        total=sum(counted.values()),
        by_status={status: counted[status] for status in Customer.Status.values},
        new_this_year=Customer.objects.filter(created_at__year=on.year).count(),
        with_overdue=Invoice.objects.overdue(on=on).values("customer").distinct().count(),
        best=[
            {"id": row["customer_id"], "name": row["customer__name"], "net": row["net"]}
            for row in best.order_by("-net", "customer_id")[:TOP]
        ],
    )
