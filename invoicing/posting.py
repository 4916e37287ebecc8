"""What issuing and cancelling do to the books; the only place here that knows accounts."""

from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from workmate.ledger.open_items import open_item
from workmate.ledger.posting import Posting, post
from workmate.models import Account, Entry, OpenItem, TaxCase, User


def open_item_for(invoice: Invoice, snapshot: Snapshot) -> OpenItem:
    """The receivable of a document that is about to be issued, still without lines."""
    einvoice = snapshot.einvoice
    return open_item(
        OpenItem.Kind.RECEIVABLE,
        partner=invoice.customer.partner,
        account=Account.objects.get(purpose="receivables"),
        document_number=einvoice.number,
        document_date=einvoice.issue_date,
        due_date=einvoice.due_date or einvoice.issue_date,
        currency=einvoice.currency,
        source=f"invoicing.invoice:{invoice.pk}",
    )


def post_document(invoice: Invoice, snapshot: Snapshot, item: OpenItem, *, by: User) -> Entry:
    """Receivable against revenue and VAT, one line per tax case (DATEV: one row per rate and case).

    A Stornorechnung has negative amounts and so takes everything back.
    """
    lines = [
        Posting(account=item.account, amount=snapshot.einvoice.totals.tax_inclusive, open_item=item)
    ]
    cases = _tax_cases(snapshot)
    accounts = _accounts(snapshot, cases)
    for taxed in snapshot.taxed:
        case = cases[taxed.code]
        if taxed.base:
            account = accounts[_number(case, "revenue", snapshot.chart)]
            lines.append(
                Posting(account=account, amount=-taxed.base, tax_case=case, tax_base=-taxed.base)
            )
        if taxed.tax:
            account = accounts[_number(case, "tax", snapshot.chart)]
            lines.append(
                Posting(account=account, amount=-taxed.tax, tax_case=case, tax_base=-taxed.base)
            )
    return post(
        f"{invoice.kind}.issued",
        source=f"invoicing.invoice:{invoice.pk}",
        booked_on=snapshot.einvoice.issue_date,
        lines=lines,
        document_number=snapshot.einvoice.number,
        text=f"{invoice.get_kind_display()} {snapshot.einvoice.buyer.name}"[:200],
        by=by,
    )


def _tax_cases(snapshot: Snapshot) -> dict[str, TaxCase]:
    codes = [taxed.code for taxed in snapshot.taxed]
    cases = TaxCase.objects.on(snapshot.supplied_on).filter(code__in=codes)
    return {case.code: case for case in cases}


def _accounts(snapshot: Snapshot, cases: dict[str, TaxCase]) -> dict[str, Account]:
    numbers = {
        _number(case, what, snapshot.chart)
        for case in cases.values()
        for what in ("revenue", "tax")
    }
    return {account.number: account for account in Account.objects.filter(number__in=numbers)}


def _number(case: TaxCase, what: str, chart: str) -> str:
    return str(getattr(case, f"{what}_{chart.lower()}"))
