"""What issuing and cancelling do to the books; the only place here that knows accounts."""

from decimal import Decimal

from invoicing import advances
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from workmate.ledger import charts
from workmate.ledger.open_items import open_item
from workmate.ledger.posting import Posting, post
from workmate.models import Entry, OpenItem, TaxCase, User


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
    """Receivable against revenue and VAT, one line per tax case (DATEV: one row per rate and case).

    A Stornorechnung has negative amounts and so takes everything back; a correction says them
    positive and takes them back all the same. An advance is no revenue yet.
    """
    totals, sign = snapshot.einvoice.totals, invoice.sign
    if snapshot.in_advance:
        counter = [Posting(charts.advance_clearing(), -sign * totals.payable)]
    else:
        counter = [
            *_revenue_and_tax(snapshot),
            *_deductions(snapshot),
            *_rounding(sign * (totals.rounding or Decimal(0))),
        ]
    return post(
        f"{invoice.kind}.issued",
        source=_source(invoice),
        booked_on=snapshot.einvoice.issue_date,
        lines=[
            Posting(item.account, sign * totals.payable, open_item=item),
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
    accounts = charts.sale_accounts(cases.values(), snapshot.chart)
    lines = []
    for taxed in snapshot.taxed:
        case = cases[taxed.code]
        into = accounts[taxed.code]
        lines.append(Posting(into.revenue, -taxed.base, tax_case=case, tax_base=-taxed.base))
        if taxed.tax and into.tax:
            lines.append(Posting(into.tax, -taxed.tax, tax_case=case, tax_base=-taxed.base))
    return lines


def _deductions(snapshot: Snapshot) -> list[Posting]:
    """What a final invoice takes off: advances received and their VAT, back to nothing."""
    return [
        line
        for one in snapshot.deducted
        for line in advances.postings(
            [-share for share in one.shares], one.supplied_on, snapshot.chart
        )
    ]


def _rounding(cents: Decimal) -> list[Posting]:
    """The cents by which gross prices differ from net plus VAT (BT-114)."""
    return [Posting(charts.account("rounding"), -cents)] if cents else []


def _source(invoice: Invoice) -> str:
    return f"invoicing.invoice:{invoice.pk}"
