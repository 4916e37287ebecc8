"""The snapshot is an issued document's own copy of everything it says.

It holds the e-invoice (EN 16931), what its page shows beyond it, and what the books need, so
that PDF, XML and posting never depend on master data that changed later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cattrs.preconf.json import make_converter

from invoicing.einvoice.model import EInvoice
from invoicing.models import InvoiceLine
from invoicing.totals import DocumentTotals

_converter = make_converter()
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the printed page shows beyond the e-invoice."""

    heading: str
    intro: str
    customer_number: str
    bank_name: str
    logo: int | None  # id of the archived logo


@dataclass(frozen=True, kw_only=True)
class TaxedBase:
    """Net and tax of one tax case, in EUR, as they are posted."""

    code: str
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Everything an issued document says."""

    einvoice: EInvoice
    guideline: str  # BT-24
    page: Page
    chart: str  # SKR03 or SKR04
    debtor: str  # account in the sub-ledger
    supplied_on: str  # ISO date that decides which tax rules hold
    taxed: tuple[TaxedBase, ...]

    def to_json(self) -> dict[str, Any]:
        """As the database stores it: decimals and dates as text."""
        return _converter.unstructure(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Snapshot":
        return _converter.structure(stored, cls)


def taxed_bases(lines: Sequence[InvoiceLine], totals: DocumentTotals) -> tuple[TaxedBase, ...]:
    """Net per tax case; the tax of a category and rate goes to its first tax case."""
    tax_left = {(group.category, group.rate): group.tax for group in totals.groups}
    bases: dict[str, tuple[InvoiceLine, Decimal]] = {}
    for line, amounts in zip(lines, totals.lines, strict=True):
        first, base = bases.get(line.tax_case.code, (line, Decimal(0)))
        bases[line.tax_case.code] = (first, base + amounts.net)
    return tuple(
        TaxedBase(
            code=code,
            base=base,
            tax=tax_left.pop((line.tax_case.category, line.tax_case.rate), Decimal(0)),
        )
        for code, (line, base) in bases.items()
    )
