"""The balance of an account over time, from what the bank reported last and the bookings."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from banking.figures import COUNTED
from banking.models import BankAccount
from workmate.drawing import BASE, HEIGHT, LEFT, WIDTH, Grid, round_up

DAYS = 365
_TOP = 14  # px above the highest line


@dataclass(frozen=True, slots=True)
class Evening:
    """The balance at the end of a day, in the currency of the account."""

    on: date
    balance: Decimal


@dataclass(frozen=True)
class Chart:
    """A line that steps where the balance changed; `zero` is the height of nothing."""

    path: str
    grid: tuple[Grid, ...]
    zero: int
    labels: tuple[tuple[int, date], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def evenings(account: BankAccount, *, until: date) -> list[Evening]:
    """Each evening on which the balance changed within a year, with that before the first.

    It is reckoned from the balance that the bank reported last, or else from the opening balance;
    empty where neither is known. Where bookings are missing the evenings before are off by them:
    `continuity` tells. `until` is the last day looked at.
    """
    since = until - timedelta(days=DAYS)
    if account.balance is not None and account.balance_on:
        known, on = account.balance, account.balance_on
    elif account.opening_balance is not None and account.opening_on:
        known, on = account.opening_balance, account.opening_on - timedelta(days=1)
    else:
        return []
    moved = dict(
        account.transactions.filter(COUNTED, booked_on__gt=min(since, on), booked_on__lte=until)
        .order_by("booked_on")
        .values_list("booked_on")
        .annotate(sum=Sum("amount"))
    )
    return _run(known - sum((moved[day] for day in moved if day <= on), Decimal(0)), moved, since)


def _run(balance: Decimal, moved: dict[date, Decimal], since: date) -> list[Evening]:
    """The evenings from the balance before all these days on; those until `since` are left out."""
    found: list[Evening] = []
    for day, amount in moved.items():
        if day > since:
            if not found:
                found.append(Evening(day - timedelta(days=1), balance))
            found.append(Evening(day, balance + amount))
        balance += amount
    return found


def month_ends(found: Sequence[Evening]) -> list[Evening]:
    """The last evening known of each month, the latest first."""
    last = {(one.on.year, one.on.month): one for one in found}
    ends = []
    for one in last.values():
        days = calendar.monthrange(one.on.year, one.on.month)[1]
        end = one.on if one is found[-1] else one.on.replace(day=days)
        ends.append(Evening(end, one.balance))
    return ends[::-1]


def chart(found: Sequence[Evening]) -> Chart | None:
    """The line through these evenings; None below two of them."""
    if len(found) < 2:
        return None
    amounts = [one.balance for one in found]
    high = round_up(max(amounts)) if max(amounts) > 0 else Decimal(0)
    low = -round_up(-min(amounts)) if min(amounts) < 0 else Decimal(0)
    first, last = found[0].on, found[-1].on
    span, reach = (last - first).days or 1, (high - low) or Decimal(1)

    def across(day: date) -> int:
        return LEFT + (day - first).days * (WIDTH - LEFT) // span

    def down(amount: Decimal) -> int:
        return _TOP + int((high - amount) / reach * (BASE - _TOP))

    steps = [f"M{across(first)} {down(amounts[0])}"]
    steps += [f"H{across(one.on)}V{down(one.balance)}" for one in found[1:]]
    lines = dict.fromkeys((high, (high + low) / 2, low))
    starts = [one.on.replace(day=1) for one in found]
    labels = [day for day in dict.fromkeys(starts) if day > first]
    every = max(1, len(labels) // 6)
    return Chart(
        path="".join(steps),
        grid=tuple(Grid(down(amount), amount) for amount in lines if amount),
        zero=down(Decimal(0)),
        labels=tuple((across(day), day) for day in labels[::every]),
    )
