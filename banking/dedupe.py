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
    stock = _Stock(known)
    counted: list[tuple[Row, str]] = []
    found = 0
    for row in rows:
        mark = fingerprint(row)
        if stock.take(row, mark):
            found += 1
        else:
            counted.append((row, mark))
    others = Counter(
        (item.booked_on, item.amount)
        for item in known
        if item.format != format_key and item.id not in stock.taken
    )
    last = Counter[str]()
    for item in known:
        last[item.fingerprint] = max(last[item.fingerprint], item.occurrence)
    new = []
    for row, mark in counted:
        if others[row.booked_on, row.amount]:
            others[row.booked_on, row.amount] -= 1
            continue
        last[mark] += 1
        new.append(Numbered(row, mark, last[mark]))
    recognised = len(counted) - len(new)
    return Sorted(new, found + recognised, recognised)


class _Stock:
    """Known bookings, each of which answers for one row of the file."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.taken: set[int] = set()
        self._by_reference: dict[tuple[str, Decimal], list[Known]] = defaultdict(list)
        self._plain: dict[str, list[Known]] = defaultdict(list)
        self._referenced: dict[str, list[Known]] = defaultdict(list)
        for item in reversed(known):
            if item.bank_reference:
                self._by_reference[item.bank_reference, item.amount].append(item)
                self._referenced[item.fingerprint].append(item)
            else:
                self._plain[item.fingerprint].append(item)

    def take(self, row: Row, mark: str) -> bool:
        """Whether a booking was left for the row; two different bank references never pair."""
        if row.bank_reference:
            shelves = (
                self._by_reference.get((row.bank_reference, row.amount)),
                self._plain.get(mark),
            )
        else:
            shelves = (self._plain.get(mark), self._referenced.get(mark))
        for shelf in shelves:
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
