"""Two versions of a draft side by side, as a person reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from invoicing.drafting import Content
from invoicing.einvoice.codes import unit_label
from workmate.money import format_date, format_decimal, format_quantity

HEADER = {
    "customer": "Kunde",
    "supply_date": "Leistungsdatum",
    "supply_start": "Leistung von",
    "supply_end": "Leistung bis",
    "payment_terms_days": "Zahlungsziel (Tage)",
    "buyer_reference": "Leitweg-ID / Käuferreferenz",
    "order_reference": "Bestellnummer",
    "intro_text": "Text vor den Positionen",
    "closing_text": "Text nach den Positionen",
    "notes": "Interne Notiz",
}


@dataclass(frozen=True)
class Row:
    """A value in both versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def differences(mine: Content, theirs: Content) -> list[Row]:
    """Every value of the head that one of them has, then every line."""
    return [*_header(mine, theirs), *_lines(mine, theirs)]


def _header(mine: Content, theirs: Content) -> Iterator[Row]:
    for name, label in HEADER.items():
        row = Row(label, _text(mine.header.get(name)), _text(theirs.header.get(name)))
        if row.mine or row.theirs:
            yield row


def _lines(mine: Content, theirs: Content) -> Iterator[Row]:
    for number, pair in enumerate(zip_longest(mine.lines, theirs.lines), start=1):
        left, right = (_line(line) if line else "" for line in pair)
        yield Row(f"Position {number}", left, right)


def _line(line: dict[str, Any]) -> str:
    quantity, price = line.get("quantity"), line.get("unit_price")
    discount, case = line.get("discount_percent"), line.get("tax_case")
    unit = unit_label(line["unit"], quantity or Decimal(1)) if line.get("unit") else ""
    amount = f"{format_quantity(quantity)} {unit}" if quantity is not None else unit
    return "\n".join(
        part
        for part in (
            line.get("name") or "ohne Bezeichnung",
            line.get("description"),
            f"{amount} zu {format_decimal(price, 2, most=8)} €" if price is not None else amount,
            f"{format_decimal(discount, 0, most=2)} % Rabatt" if discount else "",
            case.name if case else "",
        )
        if part
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return format_date(value) if hasattr(value, "isoformat") else str(value)
