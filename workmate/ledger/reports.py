"""Summen- und Saldenliste: every account with what it opened, moved and closed with.

Revenue and expenses begin each calendar year at zero; what they came to in the years before is
one line of its own until somebody carries it to equity (§ 242 HGB).
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from workmate.ledger.models import Account, Line
from workmate.ledger.models.account import ZERO

RESULT = (Account.Kind.REVENUE, Account.Kind.EXPENSE)


@dataclass(frozen=True)
class Balance:
    """One line (EUR): opening and closing signed, debit and credit of the span both positive."""

    number: str
    name: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


def trial_balance(start: datetime.date, end: datetime.date) -> list[Balance]:
    """All accounts that hold or moved something until `end`, in two queries."""
    year = start.replace(month=1, day=1)
    carried = ~Q(kind__in=RESULT) | Q(lines__booked_on__gte=year)
    before = Q(lines__booked_on__lt=start) & carried
    within = Q(lines__booked_on__range=(start, end))
    rows = Account.objects.annotate(
        opening=Coalesce(Sum("lines__amount", filter=before), ZERO),
        debit=Coalesce(Sum("lines__amount", filter=within & Q(lines__amount__gt=0)), ZERO),
        credit=Coalesce(-Sum("lines__amount", filter=within & Q(lines__amount__lt=0)), ZERO),
    ).exclude(opening=0, debit=0, credit=0)
    columns = ("number", "name", "opening", "debit", "credit")
    found = [Balance(*row) for row in rows.order_by("number").values_list(*columns)]
    old = Line.objects.filter(account__kind__in=RESULT, booked_on__lt=year)
    result = old.aggregate(sum=Sum("amount"))["sum"]
    return [*found, Balance("", "Ergebnis der Vorjahre", result, ZERO, ZERO)] if result else found


def total(rows: list[Balance]) -> Balance:
    """The sums; opening and closing are zero, debit equals credit."""
    return Balance(
        "",
        "Summe",
        sum((row.opening for row in rows), ZERO),
        sum((row.debit for row in rows), ZERO),
        sum((row.credit for row in rows), ZERO),
    )
