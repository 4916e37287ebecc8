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
    lines = list(
        Line.objects.filter(entry__in=entries)
        .exclude(tax_case=None)
        .select_related("account", "tax_case")
    )
    exchange = Snapshot.from_json(invoice.snapshot or {}).page.exchange
    spoken = {line.entry_id for line in lines if line.currency == invoice.currency}

    def written(line: Line) -> Decimal:
        if line.currency == invoice.currency or exchange is None:
            return line.currency_amount
        # Older entries are in euro alone; a cent of rounding beside the others is none of theirs.
        return ZERO if line.entry_id in spoken else round_money(line.amount * exchange.rate)

    return total(
        TaxedBase(code=line.tax_case.code, base=ZERO, tax=written(line))
        if line.account.kind == Account.Kind.LIABILITY
        else TaxedBase(code=line.tax_case.code, base=written(line), tax=ZERO)
        for line in lines
        if line.tax_case
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
