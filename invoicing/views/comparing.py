"""Two versions of a draft side by side, as a person reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from invoicing import skonto
from invoicing.contents import Content
from invoicing.einvoice.codes import unit_label
from invoicing.models import Invoice
from workmate.money import format_date, format_decimal, format_quantity

HEADER = {
    "kind": "Art",
    "customer": "Kunde",
    "valid_until": "Gültig bis",
    "supply_date": "Leistungsdatum",
    "supply_start": "Leistung von",
    "supply_end": "Leistung bis",
    "payment_terms_days": "Zahlungsziel (Tage)",
    "buyer_reference": "Leitweg-ID / Käuferreferenz",
    "cash_discounts": "Skonto",
    "order_reference": "Bestellnummer",
    "sales_order_reference": "Auftragsnummer",
    "contract_reference": "Vertragsnummer",
    "project_reference": "Projekt",
    "despatch_reference": "Lieferschein",
    "accounting_reference": "Kostenstelle des Kunden",
    "delivery_name": "Lieferung an",
    "delivery_street": "Lieferung: Straße",
    "delivery_additional": "Lieferung: Zusatz",
    "delivery_post_code": "Lieferung: Postleitzahl",
    "delivery_city": "Lieferung: Ort",
    "delivery_country": "Lieferung: Land",
    "prices_gross": "Bruttopreise",
    "currency": "Währung",
    "exchange_rate": "Tageskurs",
    "exchange_source": "Quelle des Kurses",
    "payment_means": "Zahlungsweg",
    "card_number": "Karte",
    "card_holder": "Karteninhaber",
    "payee_name": "Zahlungsempfänger",
    "payee_iban": "IBAN des Empfängers",
    "payee_bic": "BIC des Empfängers",
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
    """Every value of the head that one of them has, then every line and every discount."""
    rows = [*_header(mine, theirs), *_lines(mine, theirs), *_adjustments(mine, theirs)]
    left, right = (", ".join(map(str, one.advances)) for one in (mine, theirs))
    return [*rows, Row("Abschlagsrechnungen", left, right)] if left or right else rows


def _header(mine: Content, theirs: Content) -> Iterator[Row]:
    for name, label in HEADER.items():
        row = Row(label, _text(mine.header.get(name)), _text(theirs.header.get(name)))
        if row.mine or row.theirs:
            yield row


def _lines(mine: Content, theirs: Content) -> Iterator[Row]:
    for number, pair in enumerate(zip_longest(mine.lines, theirs.lines), start=1):
        left, right = (_line(line) if line else "" for line in pair)
        yield Row(f"Position {number}", left, right)


def _adjustments(mine: Content, theirs: Content) -> Iterator[Row]:
    for number, pair in enumerate(zip_longest(mine.adjustments, theirs.adjustments), start=1):
        left, right = (_adjustment(one) if one else "" for one in pair)
        yield Row(f"Rabatt oder Zuschlag {number}", left, right)


def _adjustment(one: dict[str, Any]) -> str:
    word = "Zuschlag" if one.get("is_charge") else "Rabatt"
    amount, share = one.get("amount"), one.get("percent")
    value = f"{format_decimal(share, 0, most=2)} %" if share is not None else ""
    if amount is not None:
        value = format_decimal(amount)
    case = one.get("tax_case")
    return "\n".join(filter(None, (f"{word} {value}", one.get("reason"), case and case.name)))


def _line(line: dict[str, Any]) -> str:
    if line.get("kind") not in (None, "item"):
        return "\n".join(filter(None, (line.get("name"), line.get("description"))))
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
            f"{format_decimal(line['discount_amount'])} Rabatt"
            if line.get("discount_amount")
            else "",
            case.name if case else "",
        )
        if part
    )


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "ja"
    if value in Invoice.Kind.values:
        return str(Invoice.Kind(value).label)
    if isinstance(value, list):
        return skonto.write(skonto.steps(value))
    return format_date(value) if hasattr(value, "isoformat") else str(value)
