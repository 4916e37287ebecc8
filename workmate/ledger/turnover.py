"""The turnover that decides whether § 19 UStG holds, and how near its limits are.

Counted is what the journal has on revenue accounts in the calendar year, net and less what was
cancelled, for tax cases with `counts_for_limit` (§ 19 (2) UStG: without what is not taxable here
and what § 4 Nr. 11 to 29 exempts). The law counts what was received; invoices not paid yet are
counted here too, so that the warning comes early rather than late.
"""

import datetime
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q, Sum

from workmate.ledger.models import Account, Line

LIMIT_BEFORE = Decimal(25000)  # EUR net in the year before
LIMIT_YEAR = Decimal(100000)  # EUR net in the running year
NEAR, VERY_NEAR = 80, 95  # percent


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The turnover (EUR net) of a calendar year beside the limit that it has to keep."""

    year: int
    amount: Decimal
    limit: Decimal

    @property
    def percent(self) -> int:
        """Used up, in whole percent, rounded down so that 100 means reached."""
        share = self.amount / self.limit * 100
        return max(0, int(share.quantize(Decimal(1), ROUND_DOWN)))

    @property
    def bar(self) -> int:
        """What a bar of 100 shows."""
        return min(self.percent, 100)

    @property
    def is_passed(self) -> bool:
        return self.amount > self.limit

    @property
    def tone(self) -> str:
        """How urgent it is: nothing, attention from 80 %, negative from 95 %."""
        if self.is_passed or self.percent >= VERY_NEAR:
            return "negative"
        return "attention" if self.percent >= NEAR else ""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The running year against 100,000 €, the one before against 25,000 €."""

    year: Limit
    before: Limit
    next: Limit  # the running year as next year's look back will see it


def limits(on: datetime.date) -> Limits:
    """The limits of § 19 (1) UStG on that day, in one query."""
    before, year = on.year - 1, on.year
    found = (
        Line.objects.filter(
            account__kind=Account.Kind.REVENUE,
            tax_case__counts_for_limit=True,
            booked_on__gte=datetime.date(before, 1, 1),
            booked_on__lte=datetime.date(year, 12, 31),
        )
        .order_by()
        .aggregate(
            before=Sum("amount", filter=Q(booked_on__year=before)),
            year=Sum("amount", filter=Q(booked_on__year=year)),
        )
    )
    now, then = -(found["year"] or Decimal(0)), -(found["before"] or Decimal(0))
    return Limits(
        year=Limit(year=year, amount=now, limit=LIMIT_YEAR),
        before=Limit(year=before, amount=then, limit=LIMIT_BEFORE),
        next=Limit(year=year, amount=now, limit=LIMIT_BEFORE),
    )
