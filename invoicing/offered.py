"""What a quote and the confirmation of an order need; § 14 UStG does not apply to them.

Source: §§ 145 to 150 BGB: who offers is bound until a day that he names.
"""

from collections.abc import Iterator
from datetime import date

from invoicing.einvoice.report import Finding
from invoicing.gathering import Sources
from invoicing.models import Invoice
from invoicing.taxing import missing


def check(sources: Sources, *, issue_date: date) -> Iterator[Finding]:
    """What this offer lacks beside company, customer and lines."""
    invoice = sources.invoice
    if invoice.kind == Invoice.Kind.QUOTE:
        advice = "Nennen Sie den Tag, bis zu dem Sie an das Angebot gebunden sind."
        if invoice.valid_until is None:
            yield missing("BGB-148", "valid_until", "Das Ende der Gültigkeit fehlt.", advice)
        elif invoice.valid_until < issue_date:
            text = "Das Angebot wäre schon abgelaufen, wenn es gestellt wird."
            yield missing("BGB-148", "valid_until", text, advice)
    if not sources.items:
        text = f"{invoice.get_kind_display()} ohne Positionen."
        yield missing("BGB-145", "lines", text, "Fügen Sie mindestens eine Position hinzu.")
    if sources.totals.payable < 0:
        text, advice = "Der Betrag ist negativ.", "Prüfen Sie Mengen und Rabatte."
        yield missing("BGB-145", "lines", text, advice)
