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

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from invoicing import advances
from invoicing.deducting import TaxedBase, split
from invoicing.exchanging import EURO, in_euro
from invoicing.letter import Exchange
from invoicing.models import Invoice
from invoicing.netting import DEDUCTED, Parts, billed, deducted_from, total
from invoicing.receipts import Fallen, Receipt, undone_by
from invoicing.snapshot import Snapshot
from workmate.ledger import charts
from workmate.ledger.charts import SaleAccounts
from workmate.ledger.models import Line, OpenItem, TaxCase
from workmate.ledger.open_items import exchange_difference
from workmate.ledger.posting import Posting, post
from workmate.models import User

ZERO = Decimal(0)


def follow(
    items: Iterable[OpenItem | None],
    *,
    on: date,
    source: str,
    by: User,
    received_on: date | None = None,
) -> None:
    """Let VAT follow the money on these open items; `source` names the act that touched them.

    `received_on` is the day on which money came with that act. Raises RECEIPT_RATE_MISSING where
    the month of that day has no rate for the document's currency.

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
        if document.kind == Invoice.Kind.ADVANCE:
            advances.release(document, on=on, source=source, by=by, received_on=received_on)
        else:
            _fall_due(document, on=on, source=source, by=by, received_on=received_on)


def _fall_due(
    invoice: Invoice, *, on: date, source: str, by: User, received_on: date | None
) -> None:
    """Post the difference between the VAT on what was received and what fell due before."""
    snapshot = Snapshot.from_json(invoice.snapshot or {})
    left, target = _target(invoice, cash_accounting=snapshot.cash_accounting)
    in_force = TaxCase.objects.on(date.fromisoformat(snapshot.supplied_on))
    cases = {case.code: case for case in in_force.filter(code__in=target)}
    own = list(cases.values())
    due = charts.sale_accounts(own, snapshot.chart)
    waiting = charts.sale_accounts(own, snapshot.chart, not_due=True)
    prefix = f"invoicing.vat:{invoice.pk}:"
    exchange = snapshot.page.exchange
    if exchange and snapshot.cash_accounting:
        receipt = Receipt(
            currency=invoice.currency, own_rate=exchange.rate, received_on=received_on
        )
        prefix_of_undone = f"{prefix}{undone_by(source)}"
        under = Line.objects.filter(entry__source__startswith=prefix)
        made = _fallen(under, due, waiting)
        undone = _fallen(under.filter(entry__source=prefix_of_undone), due, waiting)
        held = _held(invoice, waiting)
        lines = []
        for code, now in target.items():
            into, wait = due[code].tax, waiting[code].tax
            if into and wait and into != wait:
                nothing = TaxedBase(code=code, base=ZERO, tax=ZERO)
                parts = (left.get(code, nothing), held.get(code, nothing))
                fell = (made.get(code, Fallen()), undone.get(code, Fallen()))
                change = receipt.change(now, *parts, *fell)
                lines += change.lines(wait, into, cases[code], invoice.currency)
        lines += exchange_difference(-sum((line.amount for line in lines), ZERO))
    else:
        target = _in_euro(target, exchange) if exchange else target
        lines = _at_one_rate(target, _before(prefix, due), cases, due, waiting)
    if lines:
        waits = {one.tax for one in waiting.values()}
        more = sum((line.amount for line in lines if line.account in waits), ZERO) > 0
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


def _at_one_rate(
    target: Parts,
    before: Parts,
    cases: dict[str, TaxCase],
    due: dict[str, SaleAccounts],
    waiting: dict[str, SaleAccounts],
) -> list[Posting]:
    """From the accounts on which VAT waits to those of VAT that is due, at one worth."""
    lines = []
    for code, now in target.items():
        then = before.get(code, TaxedBase(code=code, base=ZERO, tax=ZERO))
        tax, base, into = now.tax - then.tax, now.base - then.base, due[code].tax
        if tax and into and (wait := waiting[code].tax):
            lines += [
                Posting(wait, tax, tax_case=cases[code], tax_base=base),
                Posting(into, -tax, tax_case=cases[code], tax_base=-base),
            ]
    return lines


def _target(invoice: Invoice, *, cash_accounting: bool) -> tuple[Parts, Parts]:
    """What is left of the invoice, and what of it was received and not refunded, by tax case.

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
        return left, total(split(list(left.values()), owed, money))
    unpaid_back = split([-part for part in taken.values()], -back, money - owed)
    return left, total([*left.values(), *unpaid_back])


def _fallen(
    lines: QuerySet[Line], due: dict[str, SaleAccounts], waiting: dict[str, SaleAccounts]
) -> dict[str, Fallen]:
    """What these lines let fall due, by tax case."""
    into = {one.tax for one in due.values()}
    accounts = [one for one in into | {one.tax for one in waiting.values()} if one]
    found: dict[str, Fallen] = {}
    for line in lines.filter(account__in=accounts).select_related("account", "tax_case"):
        code, base = line.tax_case.code, line.tax_base or ZERO
        amount = ZERO if line.currency == EURO else line.currency_amount
        if line.account in into:
            part = Fallen(tax=-amount, due_tax=-line.amount, due_base=-base)
        else:
            part = Fallen(waited_tax=line.amount, waited_base=base)
        found[code] = found.get(code, Fallen()) + part
    return found


def _held(invoice: Invoice, waiting: dict[str, SaleAccounts]) -> dict[str, TaxedBase]:
    """Net and VAT (EUR) that wait for money, as the document and all answers to it have booked."""
    family = Q(pk=invoice.pk) | Q(cancels=invoice) | Q(corrects=invoice)
    documents = Invoice.objects.issued().filter(family)
    items = list(documents.values_list("open_item", flat=True))
    deductions = Line.objects.filter(
        open_item__in=items, entry__act=DEDUCTED, entry__reversed_by=None
    )
    sources = [f"invoicing.invoice:{one.pk}" for one in documents]
    entries = Q(entry__source__in=sources) | Q(entry__in=deductions.values("entry"))
    accounts = [one.tax for one in waiting.values() if one.tax]
    lines = Line.objects.filter(entries, account__in=accounts)
    found = lines.values_list("tax_case__code").annotate(Sum("tax_base"), Sum("amount"))
    return {code: TaxedBase(code=code, base=-base, tax=-tax) for code, base, tax in found}


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
