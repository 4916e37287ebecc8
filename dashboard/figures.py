"""The figures of the overview. Each one is a query on the ledger.

All amounts are EUR. Revenue is net (the accounts of kind revenue), expenses are net costs; an
invoice counts on the day it is booked, a cancellation on its own day.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from dashboard.timespan import Timespan, month_of, year_of
from workmate.ledger.models import Account, Line

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Change:
    """A figure beside the same figure a year before."""

    now: Decimal
    before: Decimal

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the year before, one place; None without a year before."""
        if self.before <= 0:
            return None
        return ((self.now - self.before) / self.before * 100).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Month:
    """Revenue and expenses of a month, and its revenue a year before."""

    first: datetime.date
    revenue: Decimal
    expenses: Decimal
    revenue_before: Decimal


@dataclass(frozen=True)
class Revenue:
    """What was earned in the chosen span, in the current month and in the current year."""

    span: Change
    month: Change
    year: Change
    expenses: Change


def revenue(span: Timespan, *, on: datetime.date) -> Revenue:
    """Revenue of the span, of the month and of the year of `on`, in one pass.

    The running month and year are compared with the year before up to the same day.
    """
    month = Timespan(month_of(on).start, on)
    year = Timespan(year_of(on).start, on)
    spans = {"span": span, "month": month, "year": year}
    wanted = {
        f"{name}_{when}": _sum(_within(chosen))
        for name, found in spans.items()
        for when, chosen in (("now", found), ("before", found.year_before))
    }
    earned = _lines(Account.Kind.REVENUE).filter(_reach(spans.values())).aggregate(**wanted)
    spent = (
        _lines(Account.Kind.EXPENSE)
        .filter(_reach([span]))
        .aggregate(now=_sum(_within(span)), before=_sum(_within(span.year_before)))
    )
    changes = {
        name: Change(-(earned[f"{name}_now"] or ZERO), -(earned[f"{name}_before"] or ZERO))
        for name in spans
    }
    return Revenue(**changes, expenses=Change(spent["now"] or ZERO, spent["before"] or ZERO))


def months(span: Timespan) -> list[Month]:
    """Revenue and expenses month by month, the year before beside it."""
    earned = _by_month(Account.Kind.REVENUE, [span, span.year_before])
    spent = _by_month(Account.Kind.EXPENSE, [span])
    return [
        Month(
            first=first,
            revenue=-earned.get(first, ZERO),
            expenses=spent.get(first, ZERO),
            revenue_before=-earned.get(first.replace(year=first.year - 1), ZERO),
        )
        for first in span.months
    ]


def _lines(kind: str) -> QuerySet[Line]:
    """Lines of these accounts; the few ids let the index on account and day answer alone."""
    accounts = list(Account.objects.filter(kind=kind).values_list("pk", flat=True))
    return Line.objects.filter(account_id__in=accounts).order_by()


def _within(span: Timespan) -> Q:
    return Q(booked_on__gte=span.start, booked_on__lte=span.end)


def _reach(spans: Iterable[Timespan]) -> Q:
    """All days that these spans and their years before touch, as ranges for the index."""
    reach = Q()
    for span in spans:
        reach |= _within(span) | _within(span.year_before)
    return reach


def _sum(where: Q) -> Sum:
    return Sum("amount", filter=where)


def _by_month(kind: str, spans: Iterable[Timespan]) -> dict[datetime.date, Decimal]:
    where = Q()
    for span in spans:
        where |= _within(span)
    rows = (
        _lines(kind)
        .filter(where)
        .annotate(month=TruncMonth("booked_on"))
        .values_list("month")
        .annotate(total=Sum("amount"))
    )
    return dict(rows)
