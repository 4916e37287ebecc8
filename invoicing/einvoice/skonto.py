"""Skonto as XRechnung writes it into the payment terms (BT-20), and read back.

One line for each step, `#SKONTO#TAGE=14#PROZENT=2.00#` with an optional `BASISBETRAG=100.00#`, and
a line end after each (BR-DE-18). Source: XRechnung 3.0.2, BG-16, BT-20.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")
_LINE = re.compile(
    r"#SKONTO#TAGE=(?P<days>\d{1,4})#PROZENT=(?P<percent>\d{1,3}\.\d{2})#"
    r"(?:BASISBETRAG=(?P<base>-?\d+\.\d{2})#)?",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Discount:
    """So many percent off what is owed, or off `base`, when paid within so many days."""

    days: int
    percent: Decimal  # with at most two decimals
    base: Decimal | None = None  # in the currency of the invoice, with at most two decimals


def write(discounts: Iterable[Discount]) -> str:
    """The lines for BT-20; raises ValueError for what the syntax cannot say."""
    return "".join(f"{_line(one)}\n" for one in discounts)


def read(terms: str) -> tuple[Discount, ...]:
    """The steps in BT-20; sentences for people beside them are left out.

    Raises ValueError for a line that begins as a step and is none.
    """
    found = []
    for line in terms.splitlines():
        if not line.strip().upper().startswith("#SKONTO"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"Diese Zeile ist keine Skontostufe: {line.strip()}")
        found.append(
            Discount(
                days=int(match["days"]),
                percent=Decimal(match["percent"]),
                base=Decimal(match["base"]) if match["base"] else None,
            )
        )
    return tuple(found)


def _line(one: Discount) -> str:
    if not 0 <= one.days <= 9999:
        raise ValueError("Die Skontofrist hat null bis 9999 Tage.")
    if not one.percent.is_finite() or not 0 <= one.percent < 1000:
        raise ValueError("Der Skontosatz ist nicht negativ und kleiner als 1000 %.")
    base = "" if one.base is None else f"BASISBETRAG={_two(one.base)}#"
    return f"#SKONTO#TAGE={one.days}#PROZENT={_two(one.percent)}#{base}"


def _two(value: Decimal) -> str:
    """With exactly two decimals; a third one would be lost."""
    if not value.is_finite() or value != value.quantize(CENT):
        raise ValueError("Skonto wird mit höchstens zwei Nachkommastellen angegeben.")
    return format(value.quantize(CENT), "f")
