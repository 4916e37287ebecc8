"""What issuing and cancelling do to the books; the only place here that knows accounts."""

from decimal import Decimal

from invoicing import advances
from invoicing.deducting import TaxedBase
from invoicing.exchanging import in_euro
from invoicing.models import Invoice
from invoicing.receipts import lines_of
from invoicing.snapshot import Snapshot
from workmate.ledger import charts
from workmate.ledger.open_items import open_item
from workmate.ledger.posting import Posting, post
from workmate.models import Account, Entry, OpenItem, TaxCase, User


def open_item_for(invoice: Invoice, snapshot: Snapshot) -> OpenItem:
    """The receivable of a document that is about to be issued, still without lines."""
    einvoice = snapshot.einvoice
    return open_item(
        OpenItem.Kind.RECEIVABLE,
        invoice.customer.partner,
        document_number=einvoice.number,
        document_date=einvoice.issue_date,
        due_date=einvoice.due_date,
        currency=einvoice.currency,
        source=_source(invoice),
    )


def post_document(invoice: Invoice, snapshot: Snapshot, item: OpenItem, *, by: User) -> Entry:
    """Receivable against revenue and VAT, one line per tax case and revenue account.

    A Stornorechnung has negative amounts and so takes everything back; a correction says them
    positive and takes them back all the same. An advance is no revenue yet.
    """
    totals, sign = snapshot.einvoice.totals, invoice.sign
    if snapshot.in_advance:
        asked = -sign * totals.payable
        into = charts.advance_clearing()
        counter = lines_of(into, _euro(snapshot, asked), asked, item.currency)
    else:
        counter = [
            *_revenue_and_tax(snapshot),
            *_deductions(snapshot),
            *_rounding(snapshot, sign * (totals.rounding or Decimal(0))),
        ]
    euro = -sum((line.amount for line in counter), Decimal(0))
    return post(
        f"{invoice.kind}.issued",
        source=_source(invoice),
        booked_on=snapshot.einvoice.issue_date,
        lines=[
            Posting(
                item.account,
                euro,
                open_item=item,
                currency=item.currency,
                currency_amount=sign * totals.payable,
            ),
            *counter,
        ],
        document_number=snapshot.einvoice.number,
        text=f"{invoice.get_kind_display()} {snapshot.einvoice.buyer.name}",
        by=by,
    )


def _revenue_and_tax(snapshot: Snapshot) -> list[Posting]:
    codes = [taxed.code for taxed in snapshot.taxed]
    in_force = TaxCase.objects.on(snapshot.supplied_on).filter(code__in=codes)
    cases = {case.code: case for case in in_force}
    not_due = snapshot.cash_accounting
    sales = [(cases[taxed.code], taxed.account) for taxed in snapshot.taxed]
    accounts = charts.sale_accounts_of(sales, snapshot.chart, not_due=not_due)
    lines = []
    for taxed in snapshot.taxed:
        case = cases[taxed.code]
        into = accounts[taxed.code, taxed.account]
        base, tax = _in_books(snapshot, taxed)
        lines.append(_credit(snapshot, into.revenue, taxed.base, base, case, base))
        if (taxed.tax or tax) and into.tax:
            lines.append(_credit(snapshot, into.tax, taxed.tax, tax, case, base))
    return lines


def _deductions(snapshot: Snapshot) -> list[Posting]:
    """What a final invoice takes off: advances received and their VAT, back to nothing.

    Under cash accounting the VAT of the advances stays due; that of the supply waits without it.
    """
    return [
        line
        for one in snapshot.deducted
        for line in advances.postings(
            [-share for share in one.shares],
            one.supplied_on,
            snapshot.chart,
            currency=snapshot.einvoice.currency,
            not_due=snapshot.cash_accounting,
        )
    ]


def _credit(
    snapshot: Snapshot,
    account: Account,
    amount: Decimal,
    euro: Decimal,
    case: TaxCase,
    base: Decimal,
) -> Posting:
    return Posting(
        account,
        -euro,
        tax_case=case,
        tax_base=-base,
        currency=snapshot.einvoice.currency,
        currency_amount=-amount,
    )


def _in_books(snapshot: Snapshot, taxed: TaxedBase) -> tuple[Decimal, Decimal]:
    """Net and tax in EUR, as the snapshot says them; older ones leave them to the rate."""
    if taxed.base_euro is None or taxed.tax_euro is None:
        return _euro(snapshot, taxed.base), _euro(snapshot, taxed.tax)
    return taxed.base_euro, taxed.tax_euro


def _euro(snapshot: Snapshot, amount: Decimal) -> Decimal:
    """An amount of the document as the books take it: converted at the document's own rate."""
    exchange = snapshot.page.exchange
    return in_euro(amount, exchange) if exchange else amount


def _rounding(snapshot: Snapshot, cents: Decimal) -> list[Posting]:
    """The cents by which gross prices differ from net plus VAT (BT-114)."""
    euro = _euro(snapshot, cents)
    return [Posting(charts.account("rounding"), -euro)] if euro else []


def _source(invoice: Invoice) -> str:
    return f"invoicing.invoice:{invoice.pk}"
