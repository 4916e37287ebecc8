"""Points for a number, an amount, and what speaks for or against it, in German words.

100 points are certainty. A number and its amount together reach 90; either alone never does.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from banking.numbers import Hit, Spelling
from banking.proposals import OpenItem

CENTS = Decimal("0.02")
SKONTO = Decimal("0.05")  # share of the claim; what is taken off within it looks like Skonto
FULL = 100

NUMBER_POINTS = {
    Spelling.EXACT: 60,
    Spelling.RESPACED: 60,
    Spelling.LOOK_ALIKE: 54,
    Spelling.FEWER_ZEROS: 54,
    Spelling.NO_PREFIX: 52,
    Spelling.SHORT: 30,
}
_NUMBER_WORDS = {
    Spelling.EXACT: "Rechnungsnummer genau",
    Spelling.RESPACED: "Rechnungsnummer in anderer Schreibweise",
    Spelling.LOOK_ALIKE: "Rechnungsnummer mit ähnlichen Zeichen (O/0, I/1)",
    Spelling.FEWER_ZEROS: "Rechnungsnummer ohne führende Nullen",
    Spelling.NO_PREFIX: "Rechnungsnummer ohne Kürzel",
    Spelling.SHORT: "Rechnungsnummer ohne Jahr",
}


def is_firm(hit: Hit) -> bool:
    return hit.spelling > Spelling.SHORT


def judge_number(hit: Hit | None) -> tuple[int, list[str], list[str]]:
    if hit is None:
        return 0, [], []
    against = ["Die Rechnungsnummer ist nicht eindeutig"] if hit.unsure else []
    return NUMBER_POINTS[hit.spelling], [_NUMBER_WORDS[hit.spelling]], against


def judge_amount(
    paid: Decimal, owed: Decimal, *, of: str = "Betrag"
) -> tuple[int, list[str], list[str]]:
    """Points, reason and objection for how the amounts compare; both have the same sign."""
    paid, owed = abs(paid), abs(owed)
    difference = paid - owed
    if not difference:
        return 30, [f"{of} genau"], []
    if abs(difference) <= CENTS:
        return 27, [f"{of} bis auf {int(abs(difference) * 100)} Cent"], []
    if difference > 0:
        return 8, [f"{of} höher als offen"], ["Der Betrag ist höher als der offene Betrag"]
    if -difference <= owed * SKONTO:
        percent = f"{-difference / owed * 100:.1f}".replace(".", ",")
        return 12, [f"{percent} % weniger als offen"], ["Der Abzug kann Skonto sein"]
    return 10, ["Teilbetrag"], []


def spread(
    amount: Decimal, items: Sequence[OpenItem]
) -> tuple[tuple[tuple[OpenItem, Decimal], ...], Decimal]:
    """The amount over the items, oldest first, and what is left of it."""
    allocations = []
    for item in sorted(items, key=lambda item: (item.due_on or date.max, item.id)):
        part = min(abs(amount), abs(item.outstanding))
        part = part if item.outstanding > 0 else -part
        if part:
            allocations.append((item, part))
            amount -= part
    return tuple(allocations), amount
