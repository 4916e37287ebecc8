"""Summen- und Saldenliste: every account with what it opened, moved and closed with."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from workmate.ledger.models import Account
from workmate.ledger.models.account import ZERO


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
    """All accounts that hold or moved something until `end`, in one query."""
    before = Q(lines__booked_on__lt=start)
    within = Q(lines__booked_on__range=(start, end))
    rows = Account.objects.annotate(
        opening=Coalesce(Sum("lines__amount", filter=before), ZERO),
        debit=Coalesce(Sum("lines__amount", filter=within & Q(lines__amount__gt=0)), ZERO),
        credit=Coalesce(-Sum("lines__amount", filter=within & Q(lines__amount__lt=0)), ZERO),
    ).exclude(opening=0, debit=0, credit=0)
    columns = ("number", "name", "opening", "debit", "credit")
    return [Balance(*row) for row in rows.order_by("number").values_list(*columns)]


def total(rows: list[Balance]) -> Balance:
    """The sums; opening and closing are zero, debit equals credit."""
    return Balance(
        "",
        "Summe",
        sum((row.opening for row in rows), ZERO),
        sum((row.debit for row in rows), ZERO),
        sum((row.credit for row in rows), ZERO),
    )
