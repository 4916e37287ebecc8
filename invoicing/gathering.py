"""Gathering all that a document is composed from: master data, lines and advances, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from invoicing.deducting import Deducted, deducted
from invoicing.models import Adjustment, Attachment, Customer, Invoice, InvoiceLine
from invoicing.totalling import totals_of, without_advances
from invoicing.totals import DocumentTotals
from workmate.models import Company, MoneyAccount, TaxCase


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that an invoice is composed from, read once."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    adjustments: Sequence[Adjustment]
    attachments: Sequence[Attachment]
    advances: Sequence[Invoice]  # those that a final invoice deducts
    customer: Customer | None  # None only on a draft that cannot be issued yet
    company: Company
    money_account: MoneyAccount | None  # the one printed on invoices

    @classmethod
    def of(
        cls,
        invoice: Invoice,
        lines: Sequence[InvoiceLine] | None = None,
        adjustments: Sequence[Adjustment] | None = None,
        advances: Sequence[Invoice] | None = None,
    ) -> "Sources":
        """The sources of a draft; its rows are given where they are not stored yet."""
        if lines is None:
            lines = list(invoice.lines.select_related("tax_case", "product"))
        if adjustments is None:
            adjustments = list(invoice.adjustments.select_related("tax_case"))
        return cls(
            invoice=invoice,
            lines=lines,
            adjustments=adjustments,
            attachments=list(invoice.attachments.select_related("file")) if invoice.pk else [],
            advances=advances_of(invoice) if advances is None else advances,
            customer=invoice.customer,
            company=Company.get(),
            money_account=MoneyAccount.objects.filter(on_invoices=True, is_active=True).first(),
        )

    @cached_property
    def items(self) -> list[InvoiceLine]:
        """The lines that have an amount; titles and texts stand between them."""
        return [line for line in self.lines if line.is_item]

    @cached_property
    def cases(self) -> list[TaxCase]:
        """The tax cases of lines, discounts and surcharges, in their order."""
        rows: list[InvoiceLine | Adjustment] = [*self.items, *self.adjustments]
        return [row.tax_case for row in rows if row.tax_case]

    @cached_property
    def deductions(self) -> tuple[Deducted, ...]:
        """The advances with what was received on each."""
        return tuple(map(deducted, self.advances))

    @cached_property
    def supply(self) -> DocumentTotals:
        """The totals of everything supplied, advances not deducted."""
        return totals_of(self.invoice, self.lines, self.adjustments)

    @cached_property
    def totals(self) -> DocumentTotals:
        """The totals of the document: what was supplied less the advances."""
        return without_advances(self.supply, self.deductions)


def advances_of(invoice: Invoice) -> list[Invoice]:
    """The advances that were chosen for the stored draft of a final invoice."""
    if invoice.kind != Invoice.Kind.FINAL or not invoice.pk:
        return []
    return [one.advance for one in invoice.deductions.select_related("advance__open_item")]
