"""Netting: what is left of a document after its corrections, Skonto and write-offs.

Amounts are by tax case, in the currency of the document.
"""

from collections.abc import Iterable
from decimal import Decimal

from invoicing.deducting import TaxedBase
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from workmate.ledger.models import Account, Line
from workmate.money import round_money

DEDUCTED = "payments.deducted"  # the act of the entries that lower revenue and VAT
ZERO = Decimal(0)
Parts = dict[str, TaxedBase]


def billed(invoice: Invoice) -> list[TaxedBase]:
    """What an issued document bills, signed as it is posted, advances taken off."""
    snapshot = Snapshot.from_json(invoice.snapshot or {})
    off = [-share for one in snapshot.deducted for share in one.shares]
    return [*snapshot.taxed, *off]


def left_of(invoice: Invoice) -> Parts:
    """What is left to be paid for or was paid for, after everything that took a part back."""
    answers = invoice.corrections.issued()
    parts = [part for one in (invoice, *answers) for part in billed(one)]
    return total([*parts, *(-part for part in deducted_from(invoice).values())])


def deducted_from(invoice: Invoice) -> Parts:
    """What standing Skonto and write-offs have taken off."""
    entries = Line.objects.filter(
        open_item=invoice.open_item_id, entry__act=DEDUCTED, entry__reversed_by=None
    ).values("entry")
    lines = Line.objects.filter(entry__in=entries).exclude(tax_case=None)
    exchange = Snapshot.from_json(invoice.snapshot or {}).page.exchange
    rate = exchange.rate if exchange else Decimal(1)
    return total(
        TaxedBase(code=code, base=ZERO, tax=round_money(amount * rate))
        if kind == Account.Kind.LIABILITY
        else TaxedBase(code=code, base=round_money(amount * rate), tax=ZERO)
        for code, kind, amount in lines.values_list("tax_case__code", "account__kind", "amount")
    )


def total(parts: Iterable[TaxedBase]) -> Parts:
    """The sums by tax case."""
    found: Parts = {}
    for part in parts:
        before = found.get(part.code, TaxedBase(code=part.code, base=ZERO, tax=ZERO))
        found[part.code] = TaxedBase(
            code=part.code, base=before.base + part.base, tax=before.tax + part.tax
        )
    return found
