"""The lines of a document, with the titles, texts and sums between them."""

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from invoicing.einvoice.model import AllowanceCharge, EInvoice, Line
from invoicing.letter import Passage, PassageKind, ShownPrice
from invoicing.words import Words

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation

LONG_TEXT = 900  # characters from which a line may break across pages
LONG_UNIT = 11  # characters up to which a unit takes one line
UNTAXED = frozenset({"E", "O", "AE", "K", "G"})  # no rate, not even of 0 %
ZERO = Decimal(0)
FIGURES = frozenset({"quantity", "price", "discount", "rate", "amount"})
NARROWEST = {"quantity": 13, "price": 18, "discount": 15, "amount": 21}  # mm
_WIDE, _THIN, _GAP = 1.85, 0.9, 2.2  # mm: a figure and a separator of 9 pt, between columns


def columns(
    invoice: EInvoice, presentation: "Presentation", rows: Sequence[dict[str, Any]], say: Words
) -> list[dict[str, Any]]:
    """The heads of the table: name of the column, its word, and its width in mm where figures
    decide it; the description takes what is left."""
    gross = bool(presentation.gross_prices)
    label = "Brutto {symbol}" if gross else "Betrag {symbol}"
    found = [
        ("position", "Pos."),
        ("name", "Bezeichnung"),
        ("quantity", "Menge"),
        ("unit", "Einheit"),
        ("price", "Einzelpreis brutto" if gross else "Einzelpreis"),
        ("discount", "Rabatt"),
        ("rate", "USt"),
        ("amount", label),
    ]
    symbol = say.symbol(invoice.currency)
    return [
        {
            "name": name,
            "label": say(text, symbol=symbol) if text == label else say(text),
            "figures": name in FIGURES,
            "width": _width(name, rows) if name in NARROWEST else None,
        }
        for name, text in found
        if name != "discount" or _has_discounts(invoice)
    ]


def _width(name: str, rows: Sequence[dict[str, Any]]) -> int:
    """Whole mm that hold the longest figure of the column with the gap before it."""
    longest = max(
        (
            sum(_WIDE if character not in ".,:- \u00a0" else _THIN for character in line)
            for row in rows
            for line in str(row.get(name) or "").split("\n")
        ),
        default=0.0,
    )
    return max(NARROWEST[name], math.ceil(longest + _GAP))


def rows(invoice: EInvoice, presentation: "Presentation", say: Words) -> Iterator[dict[str, Any]]:
    """The lines with what they show and the sum up to each for the carry-over, and between them
    what bills nothing."""
    section = _Section()
    carried = ZERO
    discounts = _has_discounts(invoice)
    shown = presentation.gross_prices or [None] * len(invoice.lines)
    for above, (line, gross) in enumerate(zip_longest(invoice.lines, shown)):
        yield from section.passages(presentation.passages, above, say)
        said = "\n".join(
            one.text
            for one in presentation.passages
            if one.before == above and one.kind is not PassageKind.SUBTOTAL
        )
        amount = gross.amount if gross else line.net_amount
        section.total += amount
        carried += amount
        yield _row(line, gross, said, presentation, say) | {
            "discount": "\n".join(_allowance(one, say) for one in line.allowances)
            if discounts
            else None,
            "carry": f"{say('Übertrag')}  {say.amount(carried)}",
        }
    yield from section.passages(presentation.passages, len(invoice.lines), say)


class _Section:
    """The lines since the last title or sum."""

    def __init__(self) -> None:
        self.title = ""
        self.total = ZERO

    def passages(
        self, found: Sequence[Passage], above: int, say: Words
    ) -> Iterator[dict[str, Any]]:
        for passage in found:
            if passage.before != above:
                continue
            text, amount = passage.text, None
            if passage.kind is PassageKind.SUBTOTAL:
                named = say("Zwischensumme {title}", title=self.title)
                text = text or (named if self.title else say("Zwischensumme"))
                amount = say.amount(self.total)
            if passage.kind is not PassageKind.TEXT:
                self.title = passage.text if passage.kind is PassageKind.TITLE else ""
                self.total = ZERO
            yield {"passage": passage.kind.value, "text": text, "amount": amount}


def _row(
    line: Line, gross: ShownPrice | None, said: str, presentation: "Presentation", say: Words
) -> dict[str, Any]:
    """A line; `said` stands above it already and is left out of its note (BT-127)."""
    details = list(_details(line, said, say))
    unit = presentation.unit_labels.get(line.unit) or say.unit(line.unit, line.quantity)
    untaxed = line.category in UNTAXED or line.rate is None
    return {
        "position": line.id,
        "name": line.name,
        "details": details,
        "quantity": say.number(line.quantity, 0, most=4),
        "unit": unit,
        "price": say.number(gross.price if gross else line.net_price, 2, most=8),
        "rate": "–" if untaxed else say.percent(line.rate or ZERO),
        "amount": say.amount(gross.amount if gross else line.net_amount),
        "kind": _kind(line, details, unit),
    }


def _has_discounts(invoice: EInvoice) -> bool:
    return any(line.allowances for line in invoice.lines)


def _details(line: Line, said: str, say: Words) -> Iterator[str]:
    if line.seller_item_id:
        yield say("Artikelnummer {number}", number=line.seller_item_id)
    yield from filter(None, (line.description, "" if line.note == said else line.note))
    if line.period:
        yield say("Leistungszeitraum {span}", span=say.span(line.period))
    yield from (
        one.reason for one in line.allowances if one.reason not in ("", "Rabatt", "Zuschlag")
    )


def _kind(line: Line, details: list[str], unit: str) -> str:
    """Classes of a row: a short unit leaves its second line to the text, a long text may break."""
    wide = "wide" if len(unit) <= LONG_UNIT and len(line.allowances) < 2 else ""
    long = "long" if len(line.name) + sum(map(len, details)) > LONG_TEXT else ""
    return f"{wide} {long}".strip()


def _allowance(item: AllowanceCharge, say: Words) -> str:
    """A discount bare, a surcharge with its sign."""
    text = say.percent(item.percent) if item.percent else say.amount(item.amount)
    return f"+{text}" if item.charge else text
