"""What customers owe: how much, since when, and how much of what was billed is paid."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from dashboard.figures import ZERO
from dashboard.timespan import Timespan
from invoicing.models import Invoice
from workmate.ledger.models import OpenItem

# Days after the due date at which the next age begins (look of an ageing list in Germany).
AGES = (
    ("nicht fällig", None, 0),
    ("bis 30 Tage", 0, 30),
    ("31 bis 60 Tage", 30, 60),
    ("61 bis 90 Tage", 60, 90),
    ("über 90 Tage", 90, None),
)


@dataclass(frozen=True)
class Age:
    """Claims of one age."""

    label: str
    amount: Decimal
    due_from: datetime.date | None
    due_to: datetime.date | None


@dataclass(frozen=True)
class Receivables:
    """Claims on the evening of a day, in EUR; credits of customers are not netted."""

    outstanding: Decimal
    count: int
    overdue: Decimal
    overdue_count: int
    credit: Decimal
    ages: tuple[Age, ...]


@dataclass(frozen=True)
class Collection:
    """How much of what was billed in a span has been settled."""

    billed: Decimal
    open: Decimal
    count: int
    open_count: int

    @property
    def settled(self) -> Decimal:
        return self.billed - self.open

    @property
    def percent(self) -> Decimal | None:
        """Settled in percent of billed; None when nothing was billed."""
        if self.billed <= 0:
            return None
        return (self.settled / self.billed * 100).quantize(Decimal(1))


def receivables(on: datetime.date, *, today: datetime.date) -> Receivables:
    """Claims on the evening of `on`: the cache answers for today, the lines for earlier days."""
    items = OpenItem.objects.receivables().filter(currency="EUR").order_by()
    if on >= today:
        items, owed = items.open(), "outstanding"
    else:
        items, owed = items.open_on(on), "balance"
    claim, late = Q(**{f"{owed}__gt": 0}), Q(due_date__lt=on)
    ages = _ages(on)
    found = items.aggregate(
        claims=Sum(owed, filter=claim),
        claim_count=Count("pk", filter=claim),
        late=Sum(owed, filter=claim & late),
        late_count=Count("pk", filter=claim & late),
        credits=Sum(owed, filter=~claim),
        **{f"age_{index}": Sum(owed, filter=claim & _due(age)) for index, age in enumerate(ages)},
    )
    return Receivables(
        outstanding=found["claims"] or ZERO,
        count=found["claim_count"],
        overdue=found["late"] or ZERO,
        overdue_count=found["late_count"],
        credit=-(found["credits"] or ZERO),
        ages=tuple(
            Age(age.label, found[f"age_{index}"] or ZERO, age.due_from, age.due_to)
            for index, age in enumerate(ages)
        ),
    )


def collection(span: Timespan) -> Collection:
    """What was billed in the span with invoices that stand, and what of them is still open."""
    within = Q(issue_date__gte=span.start, issue_date__lte=span.end, currency="EUR")
    billed = (
        Invoice.objects.standing()
        .filter(within)
        .order_by()
        .aggregate(total=Sum("gross_total"), count=Count("issue_date"))
    )
    still = (
        Invoice.objects.open()
        .filter(within)
        .order_by()
        .aggregate(total=Sum("open_item__outstanding"), count=Count("issue_date"))
    )
    return Collection(
        billed=billed["total"] or ZERO,
        open=still["total"] or ZERO,
        count=billed["count"],
        open_count=still["count"],
    )


def _ages(on: datetime.date) -> list[Age]:
    def back(days: int) -> datetime.date:
        return on - datetime.timedelta(days=days)

    ages = []
    for label, more_than, up_to in AGES:
        if more_than is None:
            ages.append(Age(label, ZERO, on, None))
        else:
            first = None if up_to is None else back(up_to)
            ages.append(Age(label, ZERO, first, back(more_than + 1)))
    return ages


def _due(age: Age) -> Q:
    where = Q()
    if age.due_from:
        where &= Q(due_date__gte=age.due_from)
    if age.due_to:
        where &= Q(due_date__lte=age.due_to)
    return where
