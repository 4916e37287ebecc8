"""What customers owe: how much, since when, and how much of what was billed is paid."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from dashboard.figures import ZERO
from dashboard.timespan import Timespan
from invoicing.models import Invoice
from workmate.ledger.models import Line, OpenItem

# The entry that issued a document has the source of its open item.
_ISSUE = F("open_item__source")
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
    every = OpenItem.objects.receivables().order_by()
    items = every.filter(currency="EUR")
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
    others: list[Any] = list(every.exclude(currency="EUR").open_on(on).order_by())
    owing = [item for item in others if item.balance_eur > 0]
    overdue = [item for item in owing if item.due_date < on]
    return Receivables(
        outstanding=(found["claims"] or ZERO) + _worth(owing),
        count=found["claim_count"] + len(owing),
        overdue=(found["late"] or ZERO) + _worth(overdue),
        overdue_count=found["late_count"] + len(overdue),
        credit=-(found["credits"] or ZERO) - _worth(i for i in others if i.balance_eur < 0),
        ages=tuple(
            Age(
                age.label,
                (found[f"age_{index}"] or ZERO) + _worth(i for i in owing if _is_of(age, i)),
                age.due_from,
                age.due_to,
            )
            for index, age in enumerate(ages)
        ),
    )


def collection(span: Timespan) -> Collection:
    """What was billed in the span with invoices that stand, and what of them is still open."""
    days = Q(issue_date__gte=span.start, issue_date__lte=span.end)
    within = days & Q(currency="EUR")
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
    foreign = list(_foreign(days))
    owed = [row for row in foreign if row["owed"] > 0]
    return Collection(
        billed=(billed["total"] or ZERO)
        + _dissolved(days)
        + sum((row["billed"] for row in foreign), ZERO),
        open=(still["total"] or ZERO) + sum((row["worth"] for row in owed), ZERO),
        count=billed["count"] + len(foreign),
        open_count=still["count"] + len(owed),
    )


def _dissolved(days: Q) -> Decimal:
    """What advances asked for and a final invoice asks for instead, below zero: asked once."""
    deducted = Invoice.objects.filter(days, deducted_by__isnull=False, is_cancelled=False)
    items = list(deducted.values_list("open_item", flat=True))
    if not items:  # Few are deducted; the journal of all years is not searched for none.
        return ZERO
    acts = ("advances.dissolved", "advances.reopened")
    lines = Line.objects.filter(open_item__in=items, entry__act__in=acts)
    return lines.aggregate(total=Sum("amount"))["total"] or ZERO


def _foreign(days: Q) -> Iterator[dict[str, Any]]:
    """Invoices in other currencies that stand: billed and open, in EUR as the books have them."""
    rows = (
        Line.objects.filter(
            open_item__invoice__in=Invoice.objects.standing().filter(days).exclude(currency="EUR")
        )
        .order_by()
        .values("open_item", owed=F("open_item__outstanding"))
        .annotate(
            billed=Sum("amount", filter=Q(entry__source=_ISSUE)),
            worth=Sum("amount"),
        )
    )
    yield from rows


def _worth(items: Iterable[Any]) -> Decimal:
    """What open items in other currencies are worth in the books (EUR)."""
    return sum((item.balance_eur for item in items), ZERO)


def _is_of(age: Age, item: OpenItem) -> bool:
    since = age.due_from is None or item.due_date >= age.due_from
    return since and (age.due_to is None or item.due_date <= age.due_to)


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
