"""The letter is what stands on a document beside its e-invoice: words, looks, what it deducts.

It is part of the snapshot, so that an old document looks and reads as it did when it was issued.
Whoever adds a field gives it a default: older snapshots lack it.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


class Font(StrEnum):
    """The typefaces that documents are set in; both are installed and embedded."""

    SANS = "Noto Sans"
    SERIF = "Noto Serif"


class Side(StrEnum):
    """Where the logo stands in the head of the letter."""

    RIGHT = "right"
    LEFT = "left"


class PassageKind(StrEnum):
    """What stands between the lines and bills nothing."""

    TITLE = "title"
    TEXT = "text"
    SUBTOTAL = "subtotal"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A title, a text or a sum between the lines.

    `before` counts the lines above it: 0 stands first, the number of lines stands last. A
    subtotal sums the lines since the title, text or subtotal that came before it as a title or
    subtotal, and is named for that title where it has no text of its own.
    """

    kind: PassageKind
    before: int
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownPrice:
    """A line's unit price and amount as the draft was written, where it was written gross."""

    price: Decimal
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Advance:
    """An advance invoice that a final invoice deducts, with its VAT (§ 14 (5) UStG)."""

    number: str
    issued_on: date
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The rate behind the VAT in EUR (BT-111): so much of the document's currency is 1 EUR."""

    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the page shows beyond the e-invoice itself; nothing here changes what is owed."""

    heading: str = "Rechnung"  # in German; printed in the language of the letter
    intro: str = ""
    customer_number: str = ""
    bank_name: str = ""
    language: str = "de"
    valid_until: date | None = None  # of an offer
    passages: tuple[Passage, ...] = ()
    gross_prices: tuple[ShownPrice, ...] = ()  # one a line, where prices were written gross
    advances: tuple[Advance, ...] = ()
    exchange: Exchange | None = None
    accent: str = "#0b4f5c"
    font: Font = Font.SANS
    logo_side: Side = Side.RIGHT
    return_line: str = ""  # empty: from the seller
    footer: tuple[tuple[str, ...], ...] = ()  # up to three columns; empty: from the seller
    show_girocode: bool = True
    show_pay_code: bool = True

    def mirrored(self, **changes: Any) -> Self:
        """The letter of the Stornorechnung: the amounts of its lines have the other sign."""
        prices = tuple(replace(one, amount=-one.amount) for one in self.gross_prices)
        return replace(self, gross_prices=prices, **changes)

    def __post_init__(self) -> None:
        if not _ACCENT.fullmatch(self.accent):
            raise ValueError("accent is a colour like #0b4f5c")
