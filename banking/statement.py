"""What a statement says, whatever file it came from: rows, balances, what was left out and why.

Amounts are signed as the bank signs them: positive is money in. Dates are booking days without
a time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise


class BalanceCheck(StrEnum):
    """Whether the balances of a file prove its bookings."""

    OK = "ok"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Batch:
    """What tells a collective booking apart on its day: the bank's names for it, sum and number.

    `parts` is a mark of its single amounts, empty where the source books the sum as a whole;
    `entry` tells the batches of one file apart.
    """

    references: tuple[str, ...]
    amount: Decimal
    count: int | None
    parts: str = ""
    entry: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One booking of a statement. `line` is its line in the file, `raw` its cells as they were.

    `account` is the own account where each row names it. `fee` is contained in the amount and
    positive where it was charged; `original` is the amount before it was converted.
    """

    line: int
    booked_on: date
    amount: Decimal
    currency: str
    value_on: date | None = None
    counterparty_name: str = ""
    counterparty_iban: str = ""
    counterparty_bic: str = ""
    purpose: str = ""
    end_to_end_id: str = ""
    mandate: str = ""
    creditor_id: str = ""
    bank_reference: str = ""
    booking_text: str = ""
    pending: bool = False
    balance_after: Decimal | None = None
    account: str = ""
    fee: Decimal = Decimal(0)
    original: tuple[Decimal, str] | None = None
    batch: Batch | None = None
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no booking, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says about itself outside its bookings."""

    iban: str = ""
    period: tuple[date, date] | None = None
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    closing_on: date | None = None


@dataclass(frozen=True)
class ParsedStatement:
    """A statement that was read; `rows` stand in the order of the file, pending ones included."""

    format: str
    title: str
    encoding: str
    head: Head
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[str, ...] = ()
    balance_check: BalanceCheck = field(default=BalanceCheck.ABSENT)

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The own accounts that the file names: an IBAN, or an old account number."""
        named = {self.head.iban, *(row.account for row in self.rows)} - {""}
        return tuple(sorted(named))

    @cached_property
    def iban(self) -> str:
        """The one own account that the file names, else empty."""
        return self.accounts[0] if len(self.accounts) == 1 else ""

    @cached_property
    def booked(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.pending)

    @cached_property
    def pending(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.pending)

    @cached_property
    def total(self) -> Decimal:
        """Sum of all bookings, pending ones included."""
        return sum((row.amount for row in self.rows), Decimal("0.00"))

    @cached_property
    def is_in_sequence(self) -> bool:
        """Whether the booking days only rise or only fall down the file."""
        days = [row.booked_on for row in self.rows]
        return days in (sorted(days), sorted(days, reverse=True))

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """First and last booking day, or what the file claims when it holds no booking."""
        if not self.rows:
            return self.head.period
        days = [row.booked_on for row in self.rows]
        return min(days), max(days)

    @cached_property
    def opening_balance(self) -> Decimal | None:
        if self.head.opening_balance is not None:
            return self.head.opening_balance
        oldest = _end_of_chain(self.rows, newest=False)
        return None if oldest is None else oldest.balance_after - oldest.amount  # type: ignore[operator]

    @cached_property
    def closing_balance(self) -> Decimal | None:
        """Balance after the last booking of the file, or what its head says."""
        newest = self._newest
        return self.head.closing_balance if newest is None else newest.balance_after

    @cached_property
    def closing_on(self) -> date | None:
        """The day of the closing balance, None where the file does not say."""
        newest = self._newest
        return self.head.closing_on if newest is None else newest.booked_on

    @cached_property
    def _newest(self) -> Row | None:
        return _end_of_chain(self.rows, newest=True)


def _chain(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.pending and row.balance_after is not None]


def _holds(rows: Sequence[Row]) -> bool:
    """Whether each running balance follows from the one before it."""
    return all(
        earlier.balance_after + later.amount == later.balance_after  # type: ignore[operator]
        for earlier, later in pairwise(rows)
    )


def _oldest_first(rows: Sequence[Row]) -> list[Row] | None:
    """The running balances in the order in which they hold, None where they hold in none."""
    chain = _chain(rows)
    descending = chain[::-1]
    candidates = (
        (chain, descending)
        if chain and chain[0].booked_on < chain[-1].booked_on
        else (descending, chain)
    )
    return next((order for order in candidates if _holds(order)), None)


def _end_of_chain(rows: Sequence[Row], *, newest: bool) -> Row | None:
    ordered = _oldest_first(rows)
    if not ordered:
        return None
    return ordered[-1] if newest else ordered[0]


def check_balance(head: Head, rows: Sequence[Row]) -> BalanceCheck:
    """Prove the bookings by running balances, or by opening + sum = closing.

    A closing balance from the head counts against running balances only where the head names a
    day that the bookings reach (`closing_on`): banks also print today's balance on old periods.
    """
    booked = [row for row in rows if not row.pending]
    chain = _chain(booked)
    if chain:
        ordered = _oldest_first(booked)
        if ordered is None:
            return BalanceCheck.DIFFERS
        stated = head.closing_balance if head.closing_on is not None else None
        if stated is not None and ordered[-1].balance_after != stated:
            return BalanceCheck.DIFFERS
        return BalanceCheck.OK
    if head.opening_balance is None or head.closing_balance is None:
        return BalanceCheck.ABSENT
    total = sum((row.amount for row in booked), Decimal(0))
    agrees = head.opening_balance + total == head.closing_balance
    return BalanceCheck.OK if agrees else BalanceCheck.DIFFERS
