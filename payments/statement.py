"""A statement is what moved in a span of days with the balance after every movement.

The same for a customer's account (Kontoblatt) and for a cash box (Kassenbuch); amounts in EUR.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import QuerySet, Sum

from workmate.ledger.models import Line


@dataclass(frozen=True)
class Movement:
    """One line of the books; `ends_day` where it is the last one of its day."""

    line: Line
    balance: Decimal
    ends_day: bool

    @property
    def incoming(self) -> Decimal | None:
        return self.line.amount if self.line.amount > 0 else None

    @property
    def outgoing(self) -> Decimal | None:
        return -self.line.amount if self.line.amount < 0 else None


@dataclass(frozen=True)
class Statement:
    """The movements of a span of days, from the opening to the closing balance."""

    opening: Decimal
    movements: list[Movement]
    closing: Decimal

    @property
    def incoming(self) -> Decimal:
        return sum((one.incoming or Decimal(0) for one in self.movements), Decimal(0))

    @property
    def outgoing(self) -> Decimal:
        return sum((one.outgoing or Decimal(0) for one in self.movements), Decimal(0))


def statement(lines: QuerySet[Line], start: datetime.date, end: datetime.date) -> Statement:
    """What these lines did from `start` to `end`; two queries."""
    before = lines.filter(booked_on__lt=start).order_by()
    opening = before.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")
    shown = lines.filter(booked_on__range=(start, end)).select_related("entry__payment")
    movements = list(_running(opening, list(shown.order_by("booked_on", "entry_id", "position"))))
    return Statement(opening, movements, movements[-1].balance if movements else opening)


def _running(balance: Decimal, lines: list[Line]) -> Iterator[Movement]:
    for line, following in pairwise([*lines, None]):
        if line is None:
            return
        balance += line.amount
        ends = following is None or following.booked_on != line.booked_on
        yield Movement(line, balance, ends)
