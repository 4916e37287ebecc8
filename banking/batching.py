"""Batching: a SEPA file of ours that the bank booked as one sum, without its positions.

Pure: plain data in, proposals out. The sum is settled whole or not at all: to the cent, with every
position still open. A text that names the file leaves no doubt; a sum alone is for a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from banking.indexing import Index, fits
from banking.proposals import Proposal, Transaction
from banking.scoring import FULL

UNNAMED = 75  # points of the right sum on the right days without a reference
DAYS = timedelta(days=10)  # after its day; the bank books a sum on that day or soon after


@dataclass(frozen=True, slots=True)
class Ordered:
    """One live order of a file; the amount as it is booked, debits positive."""

    batch: int
    message_id: str
    account: int
    item: int
    amount: Decimal
    due_on: date
    sequence: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Orders that the bank may book together."""

    batch: int
    message_id: str
    due_on: date
    parts: tuple[tuple[int, Decimal], ...]

    def is_named_in(self, text: str) -> bool:
        """Whether the text holds the reference of the message, or of a part of it."""
        names = rf"{_spaced(self.message_id)}|WM[-/]\s?{self.batch}[-/]\s?\d+"
        return bool(re.search(rf"(?<![A-Z0-9])(?:{names})(?!\d)", text, re.IGNORECASE))


Sums = Mapping[tuple[int, Decimal], Sequence[Sum]]


def sums(orders: Iterable[Ordered]) -> Sums:
    """What a bank may book in one: a file, its orders of one day, those of one sequence of a day.

    By money account and amount.
    """
    groups: dict[tuple[object, ...], list[Ordered]] = defaultdict(list)
    for one in orders:
        for key in ((), (one.due_on,), (one.due_on, one.sequence)):
            groups[one.batch, *key].append(one)
    found: dict[tuple[int, Decimal], list[Sum]] = defaultdict(list)
    for own in groups.values():
        first = own[0]
        parts = tuple((one.item, one.amount) for one in own)
        same = found[first.account, sum((one.amount for one in own), Decimal(0))]
        if parts not in [other.parts for other in same]:
            day = min(one.due_on for one in own)
            same.append(Sum(first.batch, first.message_id, day, parts))
    return found


def propose(transaction: Transaction, known: Sums, index: Index) -> list[Proposal]:
    """The files that this booking may be, those that it names before the others."""
    found = [
        (one, one.is_named_in(transaction.text))
        for one in known.get((transaction.account, transaction.amount), ())
        if _all_open(one, transaction, index)
    ]
    if named := [one for one, is_named in found if is_named]:
        against = ("Mehrere Teile des Auftrags haben diese Summe",) if len(named) > 1 else ()
        return [_proposal(one, index, FULL)._replace(against=against) for one in named]
    return [
        _proposal(one, index, UNNAMED)._replace(against=("Der Text nennt den SEPA-Auftrag nicht",))
        for one, _ in found
        if len(one.parts) > 1 and one.due_on <= transaction.booked_on <= one.due_on + DAYS
    ]


def _all_open(one: Sum, transaction: Transaction, index: Index) -> bool:
    for item_id, amount in one.parts:
        item = index.items.get(item_id)
        if item is None or not fits(item, transaction) or abs(amount) > abs(item.outstanding):
            return False
    return True


def _proposal(one: Sum, index: Index, score: int) -> Proposal:
    allocations = tuple((index.items[item], amount) for item, amount in one.parts)
    first = allocations[0][0]
    partners = {item.partner_id for item, _ in allocations}
    name = first.partner_name if len(partners) == 1 else f"{len(partners)} Geschäftspartner"
    count = f"{len(allocations)} Positionen" if len(allocations) > 1 else "1 Position"
    reasons = ["Summe unseres SEPA-Auftrags genau", count]
    if score == FULL:
        reasons.insert(0, "Referenz unseres SEPA-Auftrags")
    return Proposal(allocations, first.partner_id, name, score, tuple(reasons))


def _spaced(name: str) -> str:
    """A pattern for the name where the bank has broken the line inside it, or lost its hyphens."""
    return r"\s?".join("[-/]?" if one == "-" else re.escape(one) for one in name)


def settled(parts: Iterable[tuple[int, Decimal]], known: Sums) -> Iterator[int]:
    """The batches of which these items with these amounts are what the bank may book at once."""
    wanted = set(parts)
    for same in known.values():
        yield from (one.batch for one in same if set(one.parts) == wanted)
