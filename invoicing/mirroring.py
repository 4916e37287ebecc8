"""Mirroring an invoice into the Stornorechnung that takes all of it back."""

from dataclasses import replace
from datetime import date

from invoicing.einvoice.model import (
    AllowanceCharge,
    EInvoice,
    PrecedingInvoice,
    Totals,
)
from invoicing.noting import CASH_ACCOUNTING


def mirror(original: EInvoice, *, number: str, issue_date: date, reason: str) -> EInvoice:
    """The Stornorechnung (384) of an invoice: the same document with negative quantities.

    Prices stay positive (BR-27); BG-3 names the original (§ 31 (5) UStDV).
    """
    return replace(
        original,
        number=number,
        issue_date=issue_date,
        type_code="384",
        due_date=issue_date,
        payment_terms=f"Storniert die Rechnung {original.number} vollständig.",
        notes=(
            *([f"Grund des Stornos: {reason}"] if reason else []),
            *(note for note in original.notes if note == CASH_ACCOUNTING.text),
        ),
        preceding=(PrecedingInvoice(number=original.number, issue_date=original.issue_date),),
        payment=replace(original.payment, remittance=number),
        attachments=(),
        lines=tuple(
            replace(
                line,
                quantity=-line.quantity,
                net_amount=-line.net_amount,
                allowances=tuple(_negative(item) for item in line.allowances),
            )
            for line in original.lines
        ),
        vat_breakdown=tuple(
            replace(group, taxable_amount=-group.taxable_amount, tax_amount=-group.tax_amount)
            for group in original.vat_breakdown
        ),
        allowances=tuple(_negative(item) for item in original.allowances),
        totals=_negative_totals(original.totals),
    )


def _negative(item: AllowanceCharge) -> AllowanceCharge:
    return replace(item, amount=-item.amount, base=None if item.base is None else -item.base)


def _negative_totals(totals: Totals) -> Totals:
    return Totals(
        line_total=-totals.line_total,
        allowance_total=None if totals.allowance_total is None else -totals.allowance_total,
        charge_total=None if totals.charge_total is None else -totals.charge_total,
        tax_exclusive=-totals.tax_exclusive,
        tax_total=-totals.tax_total,
        tax_total_accounting=(
            None if totals.tax_total_accounting is None else -totals.tax_total_accounting
        ),
        tax_inclusive=-totals.tax_inclusive,
        prepaid=None if totals.prepaid is None else -totals.prepaid,
        rounding=None if totals.rounding is None else -totals.rounding,
        payable=-totals.payable,
    )
