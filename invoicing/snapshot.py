"""The snapshot is an issued document's own copy of everything it says.

It holds the e-invoice (EN 16931), what its page shows beyond it, and what the books need, so
that PDF, XML and posting never depend on master data that changed later.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cattrs.preconf.json import make_converter

from invoicing.deducting import Deducted, TaxedBase
from invoicing.einvoice.model import EInvoice
from invoicing.exchanging import group_in_euro
from invoicing.gathering import Sources
from invoicing.letter import Exchange, Letter
from invoicing.totals import ZERO, Key, VatGroup
from workmate import documents
from workmate.models import TaxCase
from workmate.money import round_money

_converter = make_converter()
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))


@dataclass(frozen=True, kw_only=True)
class Page(Letter):
    """What the printed page shows beyond the e-invoice."""

    logo: int | None = None  # id of the archived logo


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
    in_advance: bool = False  # asks for money before the supply: no revenue, no VAT yet
    deducted: tuple[Deducted, ...] = ()  # advances that a final invoice takes off
    cash_accounting: bool = False  # its VAT is due when it is paid (§ 20 UStG)

    def to_json(self) -> dict[str, Any]:
        """As the database stores it: decimals and dates as text, attachments by their digest."""
        files = tuple(replace(one, data=b"") for one in self.einvoice.attachments)
        slim = replace(self, einvoice=replace(self.einvoice, attachments=files))
        return _converter.unstructure(slim)

    def with_files(self) -> EInvoice:
        """The e-invoice with the bytes of its attachments, read from the archive."""
        files = tuple(
            replace(one, data=documents.read_digest(one.digest))
            for one in self.einvoice.attachments
        )
        return replace(self.einvoice, attachments=files)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Snapshot":
        return _converter.structure(stored, cls)


def taxed_bases(sources: Sources, exchange: Exchange | None = None) -> tuple[TaxedBase, ...]:
    """Net per tax case and revenue account, discounts and surcharges on the document included.

    The tax of a category and rate goes to its first part, and so does what is spread over all of
    the category and rate; what is for one tax case goes to the first part of that. With
    `exchange` each is also said in EUR.
    """
    totals = sources.supply
    bases: dict[tuple[TaxCase, str], Decimal] = {}
    first: dict[tuple[str, Decimal] | TaxCase, tuple[TaxCase, str]] = {}

    def add(case: TaxCase, account: str, amount: Decimal) -> None:
        part = (case, account)
        bases[part] = bases.get(part, Decimal(0)) + amount
        first.setdefault((case.category, case.rate), part)
        first.setdefault(case, part)

    for line, amounts in zip(sources.items, totals.lines, strict=True):
        if line.tax_case is None:
            raise ValueError("the gate lets no line pass without its tax case")
        add(line.tax_case, line.revenue_account, amounts.net)
    for part in totals.adjustments:
        own = sources.adjustments[part.index].tax_case
        if own and own not in first:
            add(own, "", part.signed)
        else:
            add(*first[own or (part.category, part.rate)], part.signed)
    groups = {(group.category, group.rate): group for group in totals.groups}
    worths = _worths(sources, exchange) if exchange else {}
    passed: dict[tuple[str, Decimal], Decimal] = {}
    found = []
    for (case, account), base in bases.items():
        key = (case.category, case.rate)
        before = passed.get(key)
        passed[key] = (before or Decimal(0)) + base
        taxed = _taxed(case.code, groups[key], before, passed[key], worths.get(key))
        found.append(replace(taxed, account=account))
    return tuple(found)


def _worths(sources: Sources, exchange: Exchange) -> dict[Key, tuple[Decimal, Decimal]]:
    """Net and VAT of each VAT group in EUR: what is left to pay at the rate of the document.

    What was received in advance has the worth at which it was taxed (§ 16 (6) UStG).
    """
    found = {
        (one.category, one.rate): group_in_euro(one, exchange) for one in sources.totals.groups
    }
    for share in (share for one in sources.deductions for share in one.shares):
        net, vat = found.get((share.category, share.rate), (ZERO, ZERO))
        euro = (share.base_euro or ZERO, share.tax_euro or ZERO)
        found[share.category, share.rate] = net + euro[0], vat + euro[1]
    return found


def _taxed(
    code: str,
    group: VatGroup,
    before: Decimal | None,
    until: Decimal,
    worth: tuple[Decimal, Decimal] | None,
) -> TaxedBase:
    """The part of its group that a tax case and account have: the net between two running sums.

    `before` is None for the first part of the group, which has all of the tax. `worth` is net and
    VAT of the group in EUR.
    """
    start, tax = before or Decimal(0), group.tax if before is None else Decimal(0)
    if worth is None:
        return TaxedBase(code=code, base=until - start, tax=tax)
    net, vat = worth
    spread = [round_money(net * part / group.base) if part else part for part in (start, until)]
    return TaxedBase(
        code=code,
        base=until - start,
        tax=tax,
        base_euro=spread[1] - spread[0],
        tax_euro=vat if before is None else Decimal(0),
    )
