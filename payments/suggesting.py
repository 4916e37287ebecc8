"""Suggesting: how an amount could be spread over open items. Calculates only, reads no database.

Skonto is taken where the amount falls short by no more than what the items grant on that day.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

TOGETHER = 3  # so many items are tried in combination
LOOKED_AT = 40  # of so many, the oldest


@dataclass(frozen=True)
class Claim:
    """An open item: what is open (a credit negative), and the Skonto that it grants."""

    id: int
    due: datetime.date
    open: Decimal
    skonto: Decimal = Decimal(0)


def oldest_first(amount: Decimal, claims: Iterable[Claim]) -> dict[int, Decimal]:
    """The amount over the items in the order of their due days; what is left stays a rest.

    Only items with the sign of the amount get something, none more than is open on it.
    """
    touched: list[Claim] = []
    rest = amount
    for claim in sorted(claims, key=lambda claim: (claim.due, claim.id)):
        if rest * claim.open > 0:
            touched.append(claim)
            rest -= min(rest, claim.open, key=abs)
    if not touched:
        return {}
    short = sum((claim.open for claim in touched), Decimal(0)) - (amount - rest)
    if 0 < short <= sum((claim.skonto for claim in touched), Decimal(0)):
        return _less(touched, short)
    parts = {claim.id: claim.open for claim in touched}
    parts[touched[-1].id] -= short
    return parts


def fitting(amount: Decimal, claims: Iterable[Claim]) -> dict[int, Decimal]:
    """The fewest items that add up to the amount to the cent, with or without their Skonto."""
    oldest = sorted(claims, key=lambda claim: (claim.due, claim.id))[:LOOKED_AT]
    for number in range(1, TOGETHER + 1):
        for chosen in combinations(oldest, number):
            short = sum((claim.open for claim in chosen), Decimal(0)) - amount
            if not short or _exactly(chosen, short):
                return _less(chosen, short)
    return {}


def skonto_taken(claim: Claim, paid: Decimal) -> Decimal:
    """The Skonto that settles the item beside what is paid; none where more is missing."""
    missing = claim.open - paid
    return missing if paid > 0 and 0 < missing <= claim.skonto else Decimal(0)


def _exactly(claims: Sequence[Claim], short: Decimal) -> list[Claim]:
    """The items whose whole Skonto is just what is missing."""
    granting = [claim for claim in claims if claim.skonto]
    for number in range(1, len(granting) + 1 if short > 0 else 0):
        for chosen in combinations(granting, number):
            if sum((claim.skonto for claim in chosen), Decimal(0)) == short:
                return list(chosen)
    return []


def _less(claims: Sequence[Claim], short: Decimal) -> dict[int, Decimal]:
    """All items settled, what is missing taken as Skonto: where it fits whole, else in order."""
    parts = {claim.id: claim.open for claim in claims}
    for claim in _exactly(claims[:12], short) or claims:
        skonto = min(claim.skonto, short)
        parts[claim.id] -= skonto
        short -= skonto
    return parts
