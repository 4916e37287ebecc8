"""Which rows of a file are new, when the account already knows some of them.

A hash of the content alone loses real bookings: the same amount to the same payee twice on one
day. So identical rows are *counted*: the file's third one is new when the account knows two.
References of the payer (end-to-end, mandate) say nothing: many bookings share them.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from banking.statement import ParsedStatement, Row

MOVED = timedelta(days=7)  # how far a bank moves the day of a booking that it names again
PENDING_FOR = timedelta(days=14)  # what is still not booked then never will be
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A booking that the account has already."""

    id: int
    fingerprint: str
    occurrence: int
    booked_on: date
    amount: Decimal
    format: str
    bank_reference: str = ""


class Numbered(NamedTuple):
    """A row that is new, its fingerprint and which of its twins it is."""

    row: Row
    fingerprint: str
    occurrence: int


class Sorted(NamedTuple):
    new: list[Numbered]
    known: int
    recognised: int


class Left(NamedTuple):
    """Rows that no known booking answers for, with their fingerprints, and what answered."""

    rows: list[tuple[Row, str]]
    exact: set[int]
    recognised: set[int]


def normalised(text: str) -> str:
    """Only plain letters and digits: exports differ in blanks, and broken ones in umlauts."""
    return _NOT_PLAIN.sub("", text.casefold())


def fingerprint(row: Row) -> str:
    """Day, amount, currency and text of a row, as 32 hex digits."""
    text = normalised(row.counterparty_name + row.purpose)
    content = f"{row.booked_on:%Y%m%d}|{row.amount:.2f}|{row.currency}|{text}"
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def sort_out(rows: Iterable[Row], known: Sequence[Known], *, format_key: str) -> Sorted:
    """Part the rows into new and known ones.

    Known are, in this order: the bank's own reference, the counted content, and for bookings
    that came in another format the counted day and amount (`recognised` says how many).
    """
    left = leave(rows, known, known, format_key=format_key)
    recognised = len(left.recognised)
    return Sorted(numbered(left.rows, known), len(left.exact) + recognised, recognised)


def leave(
    rows: Iterable[Row], known: Sequence[Known], others: Iterable[Known], *, format_key: str
) -> Left:
    """The rows that neither a known booking nor, by day and amount, one of the others is."""
    stock = _Stock(known)
    marked = [(row, fingerprint(row)) for row in rows]
    others_day = [one for one in marked if not (one[0].bank_reference and stock.take_named(one[0]))]
    counted = [(row, mark) for row, mark in others_day if not stock.take(row, mark)]
    if not counted:
        return Left([], stock.taken, set())
    shelves = defaultdict[tuple[date, Decimal], list[int]](list)
    for item in others:
        if item.format != format_key and item.id not in stock.taken:
            shelves[item.booked_on, item.amount].append(item.id)
    found: set[int] = set()
    rest = []
    for row, mark in counted:
        if shelf := shelves.get((row.booked_on, row.amount)):
            found.add(shelf.pop(0))
        else:
            rest.append((row, mark))
    return Left(rest, stock.taken, found)


def numbered(rows: Iterable[tuple[Row, str]], known: Iterable[Known]) -> list[Numbered]:
    """New rows, counted on from their twins that the account has."""
    last: dict[str, int] = {}
    for item in known:
        last[item.fingerprint] = max(last.get(item.fingerprint, 0), item.occurrence)
    new = []
    for row, mark in rows:
        last[mark] = last.get(mark, 0) + 1
        new.append(Numbered(row, mark, last[mark]))
    return new


class _Stock:
    """Known bookings, each of which answers for one row of the file."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.taken: set[int] = set()
        self._by_reference: dict[tuple[str, Decimal], list[Known]] = defaultdict(list)
        self._by_day: dict[tuple[str, Decimal, date], list[Known]] = defaultdict(list)
        self._plain: dict[str, list[Known]] = defaultdict(list)
        self._referenced: dict[str, list[Known]] = defaultdict(list)
        for item in reversed(known):
            if item.bank_reference:
                self._by_reference[item.bank_reference, item.amount].append(item)
                self._by_day[item.bank_reference, item.amount, item.booked_on].append(item)
                self._referenced[item.fingerprint].append(item)
            else:
                self._plain[item.fingerprint].append(item)

    def take_named(self, row: Row) -> bool:
        """Whether a booking of the same day with the row's reference was left for it."""
        return self._take(self._by_day.get((row.bank_reference, row.amount, row.booked_on)))

    def take(self, row: Row, mark: str) -> bool:
        """Whether a booking was left for the row; two different bank references never pair.

        A reference counts on a day nearby too, for banks that move the day; ask `take_named` for
        all rows before, as some banks give a reference again later.
        """
        if row.bank_reference:
            named = self._by_reference.get((row.bank_reference, row.amount), [])
            near = [one for one in named if abs(one.booked_on - row.booked_on) <= MOVED]
            return self._take(near) or self._take(self._plain.get(mark))
        return self._take(self._plain.get(mark)) or self._take(self._referenced.get(mark))

    def _take(self, shelf: list[Known] | None) -> bool:
        while shelf:
            item = shelf.pop()
            if item.id not in self.taken:
                self.taken.add(item.id)
                return True
        return False


def outdated(pending: Sequence[Known], statement: ParsedStatement) -> list[int]:
    """Pending bookings that the file shows to be over: booked, withdrawn, or too old."""
    period = statement.period
    if period is None:
        return []
    first, last = min(period[0], (statement.head.period or period)[0]), period[1]
    still = Counter(fingerprint(row) for row in statement.pending)
    booked = Counter(row.amount for row in statement.booked)
    gone = []
    for item in pending:
        if still[item.fingerprint]:
            still[item.fingerprint] -= 1
        elif first <= item.booked_on <= last or item.booked_on + PENDING_FOR < last:
            gone.append(item.id)
        elif booked[item.amount] and item.booked_on <= last:
            booked[item.amount] -= 1
            gone.append(item.id)
    return gone
