"""Totalling: the totals of a draft's rows, with all that they depend on beside the rows.

A final invoice takes off its advances, a correction looks at what is left of its original.
"""

from collections.abc import Sequence
from decimal import Decimal

from invoicing.deducting import Deducted
from invoicing.models import Adjustment, Invoice, InvoiceLine
from invoicing.totals import (
    ZERO,
    AdjustmentInput,
    DocumentTotals,
    Key,
    LineInput,
    VatGroup,
    compute,
    less,
)


def totals_of(
    invoice: Invoice, lines: Sequence[InvoiceLine], adjustments: Sequence[Adjustment] = ()
) -> DocumentTotals:
    """The totals of draft lines, titles and texts left out; what is still missing is zero.

    Advances are not taken off. A correction takes back a part of what is left of its original.
    """
    gross, original = invoice.prices_gross, invoice.corrects
    left = left_of(original, prices_gross=gross) if original else None
    return compute(_lines(lines), _adjustments(adjustments), prices_gross=gross, left=left)


def without_advances(totals: DocumentTotals, deductions: Sequence[Deducted]) -> DocumentTotals:
    """The totals less what was received in advance."""
    if not deductions:
        return totals
    paid = [
        VatGroup(category=share.category, rate=share.rate, base=share.base, tax=share.tax)
        for one in deductions
        for share in one.shares
    ]
    return less(totals, paid, sum((one.gross for one in deductions), ZERO))


def left_of(original: Invoice, *, prices_gross: bool) -> dict[Key, VatGroup]:
    """What is left of an issued document after its corrections, by VAT group.

    With `prices_gross` it is also said as written; what was written in other prices counts with
    its net and VAT.
    """
    left: dict[Key, VatGroup] = {}
    for document in (original, *original.corrections.issued()):
        own = prices_gross and document.prices_gross and document.kind != Invoice.Kind.FINAL
        written = _written(document) if own else {}
        for group in (document.snapshot or {})["einvoice"]["vat_breakdown"]:
            key = (group["category"], Decimal(group["rate"]))
            base, tax = Decimal(group["taxable_amount"]), Decimal(group["tax_amount"])
            before = left.get(key)
            left[key] = VatGroup(
                category=key[0],
                rate=key[1],
                base=document.sign * base + (before.base if before else ZERO),
                tax=document.sign * tax + (before.tax if before else ZERO),
                written=document.sign * written.get(key, base + tax)
                + (before.written if before else ZERO),
            )
    return left


def _written(document: Invoice) -> dict[Key, Decimal]:
    """The sum of each VAT group in the gross prices that an issued document was written in."""
    lines = _lines(list(document.lines.select_related("tax_case")))
    adjustments = _adjustments(list(document.adjustments.select_related("tax_case")))
    groups = compute(lines, adjustments, prices_gross=True).groups
    return {(one.category, one.rate): one.written for one in groups}


def _lines(lines: Sequence[InvoiceLine]) -> list[LineInput]:
    return [
        LineInput(
            quantity=line.quantity or ZERO,
            unit_price=line.unit_price or ZERO,
            discount_percent=line.discount_percent,
            discount_amount=line.discount_amount,
            category=line.tax_case.category if line.tax_case else "",
            rate=line.tax_case.rate if line.tax_case else ZERO,
        )
        for line in lines
        if line.is_item
    ]


def _adjustments(adjustments: Sequence[Adjustment]) -> list[AdjustmentInput]:
    return [
        AdjustmentInput(
            charge=one.is_charge,
            percent=one.percent,
            amount=one.amount,
            category=one.tax_case.category if one.tax_case else None,
            rate=one.tax_case.rate if one.tax_case else ZERO,
        )
        for one in adjustments
    ]
