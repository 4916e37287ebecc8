"""Deducting: what a Schlussrechnung takes off for the advances that were paid, line by line.

What counts is the money that was received on each Abschlagsrechnung (§ 14 (5) sentence 2 UStG),
split into net and VAT of its tax cases. Amounts are in the currency of the documents; beside them
stands what was booked in EUR where that is another one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from invoicing.models import Invoice
from workmate.ledger import charts
from workmate.models import Line, TaxCase
from workmate.money import format_date, round_money

ZERO = Decimal(0)
UNREPORTED = {"K", "G"}  # declared when the goods go, not when they are paid (§ 18b UStG)


@dataclass(frozen=True, kw_only=True)
class TaxedBase:
    """Net and tax of one tax case, signed as they are posted, in the document's currency.

    Beside them what is posted in EUR, where the document is in another currency.
    """

    code: str
    base: Decimal
    tax: Decimal
    base_euro: Decimal | None = None
    tax_euro: Decimal | None = None
    account: str = ""  # where the product's revenue goes; "": that of the tax case

    def __neg__(self) -> "TaxedBase":
        euro = (self.base_euro, self.tax_euro)
        base_euro, tax_euro = (None if amount is None else -amount for amount in euro)
        return replace(self, base=-self.base, tax=-self.tax, base_euro=base_euro, tax_euro=tax_euro)


@dataclass(frozen=True, kw_only=True)
class Share(TaxedBase):
    """What was received for one tax case of an advance."""

    category: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Deducted:
    """An advance as a final invoice deducts it: what was received on it, by tax case."""

    number: str
    issued_on: date
    supplied_on: str  # ISO date that decided which tax rules held
    shares: tuple[Share, ...]
    gross: Decimal

    @property
    def net(self) -> Decimal:
        return sum((share.base for share in self.shares), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.shares), ZERO)

    @property
    def text(self) -> str:
        """The words of its lines."""
        return f"abzüglich Abschlagsrechnung {self.number} vom {format_date(self.issued_on)}"

    def __neg__(self) -> "Deducted":
        return replace(self, shares=tuple(-one for one in self.shares), gross=-self.gross)


def split(taxed: Sequence[TaxedBase], total: Decimal, amount: Decimal) -> tuple[TaxedBase, ...]:
    """The part of each tax case in `amount` of a document over `total`.

    Parts are rounded on the running sum: several amounts add up to the whole, which is split as
    the document says it. What is left is the rounding of gross prices (BT-114).
    """
    found, passed, given = [], ZERO, ZERO
    for one in taxed:
        whole = one.base + one.tax
        passed += whole
        until = round_money(amount * passed / total) if total else ZERO
        part = until - given
        given = until
        tax = round_money(one.tax * part / whole) if whole else ZERO
        found.append(TaxedBase(code=one.code, base=part - tax, tax=tax))
    return tuple(found)


def received(advance: Invoice) -> Decimal:
    """What was received on an advance that no final invoice deducts; its open item says it.

    On a cancelled one it is what was not refunded yet; the credit of its Stornorechnung knows.
    """
    documents = [advance]
    if advance.is_cancelled:
        documents += Invoice.objects.issued().filter(cancels=advance).select_related("open_item")
    found = ((one.gross_total, one.open_item) for one in documents)
    return sum((gross - item.outstanding for gross, item in found if item), ZERO)


def released(advance: Invoice, source: str = "") -> dict[str, TaxedBase]:
    """What the books took over from a foreign advance when money came, by tax case.

    With `source` only what that act brought.
    """
    stored = advance.snapshot or {}
    codes = [one["code"] for one in stored["taxed"]]
    cases = list(TaxCase.objects.on(stored["supplied_on"]).filter(code__in=codes))
    accounts = charts.advance_accounts(cases, stored["chart"])
    sums = {
        code: {"base": ZERO, "tax": ZERO, "base_euro": ZERO, "tax_euro": ZERO} for code in codes
    }
    quiet = next((case.code for case in cases if case.category in UNREPORTED), "")
    prefix = f"invoicing.advance:{advance.pk}:"
    lines = Line.objects.filter(entry__source__startswith=prefix)
    if source:
        lines = lines.filter(entry__source=f"{prefix}{source}")
    for line in lines.select_related("account", "tax_case"):
        code = line.tax_case.code if line.tax_case else quiet
        if code not in sums:
            continue
        amount = line.currency_amount if line.currency == advance.currency else ZERO
        for kind, account in (("base", accounts[code].revenue), ("tax", accounts[code].tax)):
            if line.account == account:
                sums[code][kind] -= amount
                sums[code][f"{kind}_euro"] -= line.amount
    return {
        code: TaxedBase(
            code=code,
            base=found["base"],
            tax=found["tax"],
            base_euro=found["base_euro"],
            tax_euro=found["tax_euro"],
        )
        for code, found in sums.items()
    }


def deducted(advance: Invoice) -> Deducted:
    """The advance as a final invoice issued now would deduct it."""
    stored = advance.snapshot or {}
    taxed = [
        TaxedBase(code=one["code"], base=Decimal(one["base"]), tax=Decimal(one["tax"]))
        for one in stored["taxed"]
    ]
    cases = {case.code: case for case in TaxCase.objects.on(stored["supplied_on"])}
    gross = received(advance)
    worth = released(advance) if advance.currency != "EUR" else {}
    return Deducted(
        number=str(advance),
        issued_on=date.fromisoformat(stored["einvoice"]["issue_date"]),
        supplied_on=stored["supplied_on"],
        shares=tuple(
            Share(
                code=one.code,
                base=one.base,
                tax=one.tax,
                base_euro=worth[one.code].base_euro if one.code in worth else None,
                tax_euro=worth[one.code].tax_euro if one.code in worth else None,
                category=cases[one.code].category,
                rate=cases[one.code].rate,
            )
            for one in split(taxed, advance.gross_total, gross)
        ),
        gross=gross,
    )


def free_advances(customer_id: int | None) -> Iterator[Invoice]:
    """The advances of a customer that a final invoice can deduct, oldest first."""
    rows = Invoice.objects.standing().filter(
        kind=Invoice.Kind.ADVANCE, customer_id=customer_id, deducted_by=None
    )
    yield from rows.select_related("open_item").order_by("issue_date", "pk")
