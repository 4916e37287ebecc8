"""Showing an e-invoice: what its XML says, as a person reads it, with the term of each detail.

For files of others as well as ours: nothing is computed or corrected here, and every code that we
have no word for is shown as it is. The terms are those of EN 16931 (BT, BG).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from invoicing.einvoice import codes
from invoicing.einvoice.model import EInvoice
from invoicing.showing import items, parties
from invoicing.showing.facts import Block, Fact, facts
from invoicing.showing.items import Row, Sum
from workmate.money import format_date

__all__ = ["Block", "Fact", "Shown", "show"]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The e-invoice in the order in which it is read."""

    heading: str
    currency: str
    parties: tuple[Block, ...]
    document: Block
    references: Block
    lines: tuple[Row, ...]
    adjustments: tuple[Sum, ...]
    breakdown: tuple[items.VatRow, ...]
    totals: tuple[Sum, ...]
    payment: Block
    notes: tuple[str, ...]


def show(einvoice: EInvoice) -> Shown:
    """Everything that the e-invoice says, but its attachments."""
    kind = codes.TYPE_CODES.get(einvoice.type_code, f"Beleg der Art {einvoice.type_code}")
    return Shown(
        heading=f"{kind} {einvoice.number}".strip(),
        currency=einvoice.currency,
        parties=tuple(parties.blocks(einvoice)),
        document=Block(title="Beleg", facts=facts(_document(einvoice, kind))),
        references=Block(title="Bezüge", facts=facts(_references(einvoice))),
        lines=tuple(items.row(line) for line in einvoice.lines),
        adjustments=tuple(items.adjustments(einvoice)),
        breakdown=tuple(items.vat_row(vat) for vat in einvoice.vat_breakdown),
        totals=tuple(items.totals(einvoice)),
        payment=Block(title="Zahlung", facts=facts(parties.payment(einvoice))),
        notes=tuple(items.note(text) for text in einvoice.notes),
    )


def _document(einvoice: EInvoice, kind: str) -> Iterator[tuple[str, str, str]]:
    period = einvoice.period
    yield "BT-1", "Rechnungsnummer", einvoice.number
    yield "BT-2", "Rechnungsdatum", format_date(einvoice.issue_date)
    yield "BT-3", "Art", f"{kind} ({einvoice.type_code})"
    yield "BT-5", "Währung", einvoice.currency
    yield "BT-6", "Währung der Umsatzsteuer", einvoice.tax_currency
    yield "BT-72", "Liefer- oder Leistungsdatum", items.day(einvoice.delivery_date)
    if period:
        yield "BG-14", "Leistungszeitraum", items.span(period)
    yield "BT-9", "Fällig am", items.day(einvoice.due_date)


def _references(einvoice: EInvoice) -> Iterator[tuple[str, str, str]]:
    yield "BT-10", "Leitweg-ID / Käuferreferenz", einvoice.buyer_reference
    yield "BT-11", "Projekt", einvoice.project_reference
    yield "BT-12", "Vertrag", einvoice.contract_reference
    yield "BT-13", "Bestellung", einvoice.order_reference
    yield "BT-14", "Auftrag", einvoice.sales_order_reference
    yield "BT-15", "Wareneingang", einvoice.receiving_reference
    yield "BT-16", "Lieferschein", einvoice.despatch_reference
    yield "BT-17", "Vergabe oder Los", einvoice.tender_reference
    yield "BT-18", "Abgerechnetes Objekt", parties.identifier(einvoice.invoiced_object)
    yield "BT-19", "Kostenstelle des Käufers", einvoice.accounting_reference
    for earlier in einvoice.preceding:
        on = f" vom {format_date(earlier.issue_date)}" if earlier.issue_date else ""
        yield "BG-3", "Vorausgegangene Rechnung", f"{earlier.number}{on}"
