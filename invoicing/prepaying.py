"""What the law and our books want of an Abschlagsrechnung and of the Schlussrechnung after it.

Source: § 13 (1) no. 1 a, § 14 (5) UStG, UStAE 14.8.
"""

from collections.abc import Iterator

from invoicing.einvoice.report import Finding
from invoicing.gathering import Sources
from invoicing.models import Invoice
from invoicing.taxing import missing
from invoicing.totals import ZERO
from workmate.money import format_decimal, format_money


def check(sources: Sources) -> Iterator[Finding]:
    """The findings on an advance or final invoice; none on other kinds."""
    kind = sources.invoice.kind
    if kind not in (Invoice.Kind.ADVANCE, Invoice.Kind.FINAL):
        return
    yield from _advance(sources) if kind == Invoice.Kind.ADVANCE else _final(sources)


def _advance(sources: Sources) -> Iterator[Finding]:
    if sources.invoice.cash_discounts:
        text = "Eine Abschlagsrechnung gewährt kein Skonto."
        advice = "Gewähren Sie es auf der Schlussrechnung."
        yield missing("UStG-14-4-7", "cash_discounts", text, advice)
    if sources.items and not sources.totals.payable:
        text = "Die Abschlagsrechnung fordert keinen Betrag."
        yield missing("UStG-14-4-7", "lines", text, "Nennen Sie den Abschlag.")


def _final(sources: Sources) -> Iterator[Finding]:
    for advance in sources.advances:
        if text := _unfit(sources, advance):
            yield missing("UStG-14-5", "advances", text, "Wählen Sie sie ab.")
    if not sources.deductions:
        return
    if sources.totals.payable < 0:
        money = format_money(-sources.totals.payable, sources.invoice.currency)
        text = f"Die Anzahlungen übersteigen die Schlussrechnung um {money}."
        advice = "Ergänzen Sie fehlende Positionen oder stornieren Sie eine Abschlagsrechnung."
        yield missing("UStG-14-5", "advances", text, advice)
        return
    billed = {(one.category, one.rate): one.base for one in sources.supply.groups}
    for group in sources.totals.groups:
        whole = billed.get((group.category, group.rate), ZERO)
        if group.base < 0 <= whole:
            rate = format_decimal(group.rate, 0, most=2)
            text = f"Zu {rate} % ist mehr angezahlt, als die Schlussrechnung berechnet."
            advice = "Prüfen Sie die Steuersätze der Positionen."
            yield missing("UStG-14-5", "advances", text, advice)


def _unfit(sources: Sources, advance: Invoice) -> str:
    """Why the advance cannot be deducted here; empty when it can."""
    if sources.customer is None or advance.customer_id != sources.customer.pk:
        return f"Die Abschlagsrechnung {advance} gehört zu einem anderen Kunden."
    if advance.currency != sources.invoice.currency:
        return f"Die Abschlagsrechnung {advance} lautet auf {advance.currency}."
    if advance.is_cancelled:
        return f"Die Abschlagsrechnung {advance} ist storniert."
    if advance.deducted_by:
        return f"Die Abschlagsrechnung {advance} ist schon in {advance.deducted_by} abgezogen."
    return ""
