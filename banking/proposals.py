"""What the matcher is told and what it answers: plain data, no database.

Amounts are signed: a claim is positive, a debt or a credit negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A claim (positive) or debt (negative); `known_ibans` counts confirmed payments."""

    id: int
    number: str
    partner_id: int
    partner_name: str
    outstanding: Decimal
    currency: str = "EUR"
    due_on: date | None = None
    issued_on: date | None = None
    kind: str = "receivable"
    known_ibans: Mapping[str, int] = field(default_factory=dict)
    skonto: tuple[tuple[date, Decimal], ...] = ()  # (last day, grace included; what may be kept)


@dataclass(frozen=True, slots=True)
class SettledDocument:
    """A document that is paid or cancelled; naming it is a reason against another one."""

    number: str
    partner_id: int
    partner_name: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a booking of the bank says."""

    amount: Decimal
    booked_on: date
    text: str = ""
    name: str = ""
    iban: str = ""
    currency: str = "EUR"
    end_to_end_id: str = ""
    account: int = 0  # our money account


class Proposal(NamedTuple):
    """Open items that the transaction may pay, and the amount for each.

    `rest` is what the transaction holds beyond them: it becomes the partner's credit.
    """

    allocations: tuple[tuple[OpenItem, Decimal], ...]
    partner_id: int
    partner_name: str
    score: int
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()
    rest: Decimal = Decimal(0)
    skonto: tuple[tuple[int, Decimal], ...] = ()  # item id, what the payer kept as allowed

    @property
    def items(self) -> tuple[OpenItem, ...]:
        return tuple(item for item, _ in self.allocations)

    def is_automatic(self, threshold: int) -> bool:
        """Whether nobody needs to look: enough points, nothing against it, something to pay."""
        return self.score >= threshold and not self.against and bool(self.allocations)
