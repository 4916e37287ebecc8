"""Points for a number, an amount, and what speaks for or against it, in German words.

100 points are certainty. A number and its amount together reach 90; either alone never does.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from banking.numbers import Hit, Spelling
from banking.proposals import OpenItem, Transaction

CENTS = Decimal("0.02")
SKONTO = Decimal("0.05")  # share of the claim; what is taken off within it looks like Skonto
FULL = 100
LEAST_LIKENESS = 75  # percent; less is no agreement of names

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


class Judgement(NamedTuple):
    """Points, and what speaks for and against in German words."""

    points: int = 0
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()

    def and_also(self, *others: "Judgement") -> "Judgement":
        """All of them together."""
        points, reasons, against = self
        for other in others:
            points += other.points
            reasons += other.reasons
            against += other.against
        return Judgement(points, reasons, against)


NOTHING = Judgement()
# The right amount, and a number that is the document's but for two neighbouring digits.
SWAPPED = Judgement(45, ("Rechnungsnummer mit Zahlendreher",))


def is_firm(hit: Hit) -> bool:
    return hit.spelling > Spelling.SHORT


def judge_number(hit: Hit | None) -> Judgement:
    if hit is None:
        return NOTHING
    against = ("Die Rechnungsnummer ist nicht eindeutig",) if hit.unsure else ()
    return Judgement(NUMBER_POINTS[hit.spelling], (_NUMBER_WORDS[hit.spelling],), against)


def kept_as_skonto(transaction: Transaction, item: OpenItem) -> Decimal:
    """What the payer kept within the terms of the invoice; zero where that is not the difference.

    A cent or two less than allowed is rounding; more than allowed is not Skonto.
    """
    kept = item.outstanding - transaction.amount
    for until, allowed in item.skonto:
        if transaction.booked_on <= until and allowed - CENTS <= kept <= allowed:
            return kept
    return Decimal(0)


def amount_points(paid: Decimal, owed: Decimal) -> int:
    """The points that `judge_amount` gives where no Skonto was kept."""
    less = abs(owed) - abs(paid)
    if not less:
        return 30
    if abs(less) <= CENTS:
        return 27
    if less < 0:
        return 8
    return 12 if less <= abs(owed) * SKONTO else 10


def judge_amount(
    paid: Decimal, owed: Decimal, kept: Decimal = Decimal(0), *, of: str = "Betrag"
) -> Judgement:
    """How the amounts compare; both have the same sign, `kept` is Skonto that was allowed."""
    points = amount_points(paid, owed)
    paid, owed = abs(paid), abs(owed)
    if paid == owed:
        return Judgement(points, (f"{of} genau",))
    if kept:
        percent = _percent(kept / owed).removesuffix(",0")
        return Judgement(30, (f"{of} abzüglich {percent} % Skonto, fristgerecht",))
    if abs(paid - owed) <= CENTS:
        return Judgement(points, (f"{of} bis auf {int(abs(paid - owed) * 100)} Cent",))
    if paid > owed:
        reason = "Der Betrag ist höher als der offene Betrag"
        return Judgement(points, (f"{of} höher als offen",), (reason,))
    if owed - paid <= owed * SKONTO:
        less = f"{_percent((owed - paid) / owed)} % weniger als offen"
        return Judgement(points, (less,), ("Der Abzug kann Skonto sein",))
    return Judgement(points, ("Teilbetrag",))


@lru_cache(maxsize=4096)
def judge_payer(count: int, likeness: int, *, is_known: bool) -> Judgement:
    """How well a partner fits the payer.

    `count` payments were seen from this IBAN, `likeness` is that of the names in percent;
    `is_known` says that the IBAN has paid for somebody before.
    """
    points, reasons, against = 0, [], []
    if count:
        points = 25
        reasons.append(f"IBAN bekannt seit {count} Zahlungen" if count > 1 else "IBAN bekannt")
    elif is_known:
        against.append("Die IBAN gehört zu einem anderen Kunden")
    if likeness >= 95:
        points = max(points, 20) + 3
        reasons.append("Name stimmt überein")
    elif likeness >= LEAST_LIKENESS:
        points = max(points, 15 if likeness >= 85 else 8)
        reasons.append(f"Name ähnlich ({likeness} %)")
    return Judgement(points, tuple(reasons), tuple(against))


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}".replace(".", ",")


def spread(
    amount: Decimal, items: Sequence[OpenItem]
) -> tuple[tuple[tuple[OpenItem, Decimal], ...], Decimal]:
    """The amount over the items, in their order, and what is left of it."""
    allocations = []
    for item in items:
        part = min(abs(amount), abs(item.outstanding))
        part = part if item.outstanding > 0 else -part
        if part:
            allocations.append((item, part))
            amount -= part
    return tuple(allocations), amount
