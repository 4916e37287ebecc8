"""Following: VAT that is due when the money comes goes with the money when it goes.

That is so for every advance (§ 13 (1) no. 1 a sentence 4 UStG) and under cash accounting for every
invoice (§ 20 UStG), whose VAT waits on an account of its own until then. Of any invoice that was
cancelled or corrected after it was paid, the VAT goes with the money that goes back (§ 17 (2) no. 3
UStG). What was received is told by the open items of a document and of its answers; the difference
to what fell due before is posted per tax case. See `docs/entwicklung/0008-cash-accounting.md` and
`0011-paid-and-cancelled.md`.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Sum

from invoicing import advances
from invoicing.deducting import TaxedBase, split
from invoicing.exchanging import in_euro
from invoicing.letter import Exchange
from invoicing.models import Invoice
from invoicing.netting import Parts, billed, deducted_from, total
from invoicing.snapshot import Snapshot
from workmate.ledger import charts
from workmate.ledger.charts import SaleAccounts
from workmate.ledger.models import Line, OpenItem, TaxCase
from workmate.ledger.posting import Posting, post
from workmate.models import User

ZERO = Decimal(0)


def follow(items: Iterable[OpenItem | None], *, on: date, source: str, by: User) -> None:
    """Let VAT follow the money on these open items; `source` names the act that touched them.

    An advance that a standing final invoice deducts stays as it was deducted. The items are locked
    by the act.
    """
    touched = Invoice.objects.issued().filter(open_item__in=[item.pk for item in items if item])
    found = touched.values_list("pk", "cancels", "corrects")
    heads = {cancels or corrects or pk for pk, cancels, corrects in found}
    free = Q(kind=Invoice.Kind.ADVANCE, deducted_by=None)
    answers = Q(cancels=OuterRef("pk")) | Q(corrects=OuterRef("pk"))
    answered = Q(Exists(Invoice.objects.issued().filter(answers)))
    wanted = free | Q(snapshot__cash_accounting=True) | answered & ~Q(kind=Invoice.Kind.ADVANCE)
    rows = Invoice.objects.issued().filter(wanted, pk__in=heads)
    # Mostly there is none, and the narrow question is the cheap one.
    following = list(rows.values_list("pk", flat=True))
    documents = Invoice.objects.filter(pk__in=following).select_related("open_item")
    for document in documents.order_by("pk") if following else ():
        act = advances.release if document.kind == Invoice.Kind.ADVANCE else _fall_due
        act(document, on=on, source=source, by=by)


def _fall_due(invoice: Invoice, *, on: date, source: str, by: User) -> None:
    """Post the difference between the VAT on what was received and what fell due before."""
    snapshot = Snapshot.from_json(invoice.snapshot or {})
    target = _target(invoice, cash_accounting=snapshot.cash_accounting)
    if snapshot.page.exchange:
        target = _in_euro(target, snapshot.page.exchange)
    in_force = TaxCase.objects.on(date.fromisoformat(snapshot.supplied_on))
    cases = {case.code: case for case in in_force.filter(code__in=target)}
    own = list(cases.values())
    due = charts.sale_accounts(own, snapshot.chart)
    waiting = charts.sale_accounts(own, snapshot.chart, not_due=True)
    prefix = f"invoicing.vat:{invoice.pk}:"
    before = _before(prefix, due)
    lines = []
    for code, now in target.items():
        then = before.get(code, TaxedBase(code=code, base=ZERO, tax=ZERO))
        tax, base, into = now.tax - then.tax, now.base - then.base, due[code].tax
        if tax and into and (wait := waiting[code].tax):
            lines += [
                Posting(wait, tax, tax_case=cases[code], tax_base=base),
                Posting(into, -tax, tax_case=cases[code], tax_base=-base),
            ]
    if lines:
        more = sum((line.amount for line in lines[::2]), ZERO) > 0
        stays = "fällig" if snapshot.cash_accounting else "bis zur Rückzahlung"
        post(
            "vat.fell_due" if more else "vat.returned",
            source=f"{prefix}{source}",
            booked_on=max(on, invoice.issue_date or on),
            lines=lines,
            document_number=str(invoice),
            text=f"Umsatzsteuer {stays if more else 'zurück'} {snapshot.einvoice.buyer.name}",
            by=by,
        )


def _target(invoice: Invoice, *, cash_accounting: bool) -> Parts:
    """Net and VAT of what was received on the invoice and not refunded, by tax case.

    What was paid beyond what is left of it belongs to what its answers took back, until the money
    is refunded. Without cash accounting it is only that: all else fell due with the invoice.
    """
    answers = list(
        Invoice.objects.issued()
        .filter(Q(cancels=invoice) | Q(corrects=invoice))
        .select_related("open_item")
    )
    taken = total(part for one in answers for part in billed(one))
    deducted = deducted_from(invoice)
    left = total([*billed(invoice), *taken.values(), *(-part for part in deducted.values())])
    less = sum((part.base + part.tax for part in deducted.values()), ZERO)
    back = sum((one.gross_total for one in answers), ZERO)
    owed = invoice.gross_total + back - less
    items = [one.open_item for one in (invoice, *answers)]
    money = owed - sum((item.outstanding for item in items if item), ZERO)
    money = max(money, min(owed, ZERO))
    if not cash_accounting:
        left = {code: TaxedBase(code=code, base=ZERO, tax=ZERO) for code in left}
        money = max(money, owed)
    if money < owed:
        return total(split(list(left.values()), owed, money))
    unpaid_back = split([-part for part in taken.values()], -back, money - owed)
    return total([*left.values(), *unpaid_back])


def _in_euro(parts: Parts, exchange: Exchange) -> Parts:
    """As the books take them: at the rate of the document."""
    return {
        code: TaxedBase(
            code=code, base=in_euro(part.base, exchange), tax=in_euro(part.tax, exchange)
        )
        for code, part in parts.items()
    }


def _before(prefix: str, due: dict[str, SaleAccounts]) -> Parts:
    """What fell due before, by tax case."""
    accounts = [one.tax for one in due.values() if one.tax]
    lines = Line.objects.filter(entry__source__startswith=prefix, account__in=accounts)
    found = lines.values_list("tax_case__code").annotate(Sum("tax_base"), Sum("amount"))
    return {code: TaxedBase(code=code, base=-base, tax=-tax) for code, base, tax in found}
