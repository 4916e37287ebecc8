"""The figures of the overview. Each one is a query on the ledger.

All amounts are EUR. Revenue is net (the accounts of kind revenue), expenses are net costs; an
invoice counts on the day it is booked, a cancellation on its own day.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from dashboard.timespan import Timespan, joined, month_of, year_of
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


@dataclass(frozen=True)
class Days:
    """Revenue and expenses of single days: all that the figures of a span are made from."""

    span: Timespan
    on: datetime.date
    earned: Mapping[datetime.date, Decimal]
    spent: Mapping[datetime.date, Decimal]

    def revenue(self) -> Revenue:
        """Revenue of the span, of the month and of the year of `on`.

        The running month and year are compared with the year before up to the same day.
        """
        return Revenue(
            span=_change(self.earned, self.span),
            month=_change(self.earned, Timespan(month_of(self.on).start, self.on)),
            year=_change(self.earned, Timespan(year_of(self.on).start, self.on)),
            expenses=_change(self.spent, self.span),
        )

    def months(self) -> list[Month]:
        """Revenue and expenses month by month, the year before beside it."""
        earned, spent = _by_month(self.earned, self.span), _by_month(self.spent, self.span)
        before = _by_month(self.earned, self.span.year_before)
        return [
            Month(
                first=first,
                revenue=earned[first],
                expenses=spent[first],
                revenue_before=before[first.replace(year=first.year - 1)],
            )
            for first in self.span.months
        ]


def read(span: Timespan, *, on: datetime.date) -> Days:
    """What the ledger says about the days of the span, of the year of `on` and a year before."""
    year = year_of(on)
    earned_in = [span.year_before, span, year.year_before, Timespan(year.start, on)]
    return Days(
        span=span,
        on=on,
        earned=_daily(Account.Kind.REVENUE, earned_in, sign=-1),
        spent=_daily(Account.Kind.EXPENSE, [span.year_before, span], sign=1),
    )


def _daily(kind: str, spans: Iterable[Timespan], *, sign: int) -> dict[datetime.date, Decimal]:
    """Sums by day; the few ids of accounts let the index on account and day answer alone."""
    accounts = list(Account.objects.filter(kind=kind).values_list("pk", flat=True))
    found: dict[datetime.date, Decimal] = {}
    for reach in joined(spans):
        lines = Line.objects.filter(
            account_id__in=accounts, booked_on__gte=reach.start, booked_on__lte=reach.end
        )
        for day, total in lines.order_by().values_list("booked_on").annotate(total=Sum("amount")):
            found[day] = sign * total
    return found


def _change(days: Mapping[datetime.date, Decimal], span: Timespan) -> Change:
    return Change(_sum(days, span), _sum(days, span.year_before))


def _sum(days: Mapping[datetime.date, Decimal], span: Timespan) -> Decimal:
    return sum((amount for day, amount in days.items() if span.start <= day <= span.end), ZERO)


def _by_month(days: Mapping[datetime.date, Decimal], span: Timespan) -> dict[Any, Decimal]:
    found: dict[datetime.date, Decimal] = defaultdict(lambda: ZERO)
    for day, amount in days.items():
        if span.start <= day <= span.end:
            found[day.replace(day=1)] += amount
    return found
