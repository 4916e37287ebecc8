"""Advances: their VAT is due when the money is received, and a final invoice deducts each once.

The only place that posts to the clearing account and the advances received; see
`docs/entwicklung/0006-advances.md`. Source: § 13 (1) no. 1 a sentence 4, § 14 (5) UStG.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from invoicing import errors
from invoicing.deducting import UNREPORTED, TaxedBase, received, released, split
from invoicing.exchanging import in_euro
from invoicing.gathering import Sources
from invoicing.models import Invoice
from invoicing.receipts import Receipt, Worth, lines_of, undone_by
from invoicing.snapshot import Snapshot
from workmate.ledger import charts, posting
from workmate.ledger.models import Entry, Line, OpenItem, TaxCase
from workmate.ledger.open_items import book_value, exchange_difference, lock
from workmate.ledger.posting import Posting, post
from workmate.models import User


def hold(sources: Sources) -> Sources:
    """Lock the advances of a final invoice and read again what was received on them.

    Raises ADVANCE_NOT_FREE when a rival has deducted or cancelled one meanwhile.
    """
    pks = [advance.pk for advance in sources.advances]
    rows = Invoice.objects.filter(pk__in=pks).order_by("pk")
    list(rows.select_for_update(of=("self",)))
    lock(OpenItem.objects.filter(invoice__in=pks))
    fresh = list(rows.select_related("open_item"))
    for advance in fresh:
        if advance.deducted_by_id or advance.is_cancelled:
            raise errors.ADVANCE_NOT_FREE(number=advance.number)
    return replace(sources, advances=fresh)


def deduct(final: Invoice, advances: Sequence[Invoice], *, on: date, by: User) -> None:
    """Mark the advances as deducted and dissolve what was not paid: the final asks for it."""
    if not advances:
        return
    for advance in advances:
        item = advance.open_item
        if item is not None and item.outstanding:
            post(
                "advances.dissolved",
                source=f"{_source(final)}:{advance.pk}",
                booked_on=on,
                lines=_dissolved(advance, item),
                document_number=str(advance),
                text=f"{advance} geht auf in {final}",
                by=by,
            )
        Invoice.objects.filter(pk=advance.pk).update(deducted_by=final)


def free(final: Invoice, *, on: date, by: User) -> list[OpenItem]:
    """Free the advances of a final invoice that is cancelled and reopen what was dissolved.

    Their VAT follows the money again: on the open items that are given back.
    """
    advances = list(final.deducts.select_related("open_item").order_by("pk"))
    items = lock(advance.open_item for advance in advances if advance.open_item)
    for advance in advances:
        source = f"{_source(final)}:{advance.pk}"
        if entry := Entry.objects.filter(source=source).first():
            act = "advances.reopened"
            posting.reverse(entry, act=act, source=f"{source}:reopened", booked_on=on, by=by)
    Invoice.objects.filter(deducted_by=final).update(deducted_by=None)
    return list(items.values())


def _dissolved(advance: Invoice, item: OpenItem) -> list[Posting]:
    """What is not paid of an advance, from its open item to the clearing account."""
    snapshot = Snapshot.from_json(advance.snapshot or {})
    open_, gross, currency = item.outstanding, advance.gross_total, item.currency
    worth = book_value(item, open_)
    held = _own_worth(snapshot, gross) - _own_worth(snapshot, gross - open_)
    lines = [
        *lines_of(charts.advance_clearing(), held, open_, currency),
        Posting(item.account, -worth, item, currency=currency, currency_amount=-open_),
    ]
    if worth != held:  # cents of parts that were paid at other rates
        lines.append(Posting(charts.account("rounding"), worth - held))
    return lines


def release(
    advance: Invoice, *, on: date, source: str, by: User, received_on: date | None = None
) -> None:
    """Post the difference between what was received and what was released before.

    A cancelled advance keeps its VAT until the money is refunded (§ 17 (2) no. 2 UStG,
    UStAE 17.1 (7)). In a foreign currency net and VAT have the rate of the month of receipt, the
    clearing account has that of the advance.
    """
    target = received(advance)
    clearing = charts.advance_clearing()
    prefix, currency = f"invoicing.advance:{advance.pk}:", advance.currency
    lines = Line.objects.filter(entry__source__startswith=prefix, account=clearing)
    spoken = lines.filter(currency=currency)
    before = spoken.aggregate(total=Sum("currency_amount"))["total"] or Decimal(0)
    if target == before:
        return
    snapshot = Snapshot.from_json(advance.snapshot or {})
    old, new = (split(snapshot.taxed, advance.gross_total, some) for some in (before, target))
    parts = [
        TaxedBase(code=now.code, base=now.base - then.base, tax=now.tax - then.tax)
        for then, now in zip(old, new, strict=True)
    ]
    rest = target - before - sum((one.base + one.tax for one in parts), Decimal(0))
    if exchange := snapshot.page.exchange:
        receipt = Receipt(currency=currency, own_rate=exchange.rate, received_on=received_on)
        parts = _converted(advance, parts, receipt, source)
    worth = _own_worth(snapshot, target) - _own_worth(snapshot, before)
    booked = [
        *lines_of(clearing, worth, target - before, currency),
        *postings(parts, snapshot.supplied_on, snapshot.chart, currency=currency),
    ]
    if rest:  # cents by which gross prices differ from net plus VAT
        booked += lines_of(charts.account("rounding"), -_own_worth(snapshot, rest), -rest, currency)
    booked += exchange_difference(-sum((line.amount for line in booked), Decimal(0)))
    post(
        "advances.received" if target > before else "advances.returned",
        source=f"{prefix}{source}",
        booked_on=max(on, advance.issue_date or on),
        lines=booked,
        document_number=str(advance),
        text=f"Anzahlung {snapshot.einvoice.buyer.name}",
        by=by,
    )


def _own_worth(snapshot: Snapshot, amount: Decimal) -> Decimal:
    """An amount of the advance at the rate that it was booked at."""
    exchange = snapshot.page.exchange
    return in_euro(amount, exchange) if exchange else amount


def _converted(
    advance: Invoice, parts: Iterable[TaxedBase], receipt: Receipt, source: str
) -> list[TaxedBase]:
    """The parts with what they are worth as receipts (EUR)."""
    made, undone = released(advance), {}
    if original := undone_by(source):
        undone = released(advance, original)

    def euro(part: TaxedBase, kind: str) -> Decimal:
        worths = [
            Worth(amount=getattr(one, kind), euro=getattr(one, f"{kind}_euro"))
            for one in (made[part.code], undone.get(part.code, made[part.code]))
        ]
        return receipt.euro(getattr(part, kind), worths[0], worths[1] if undone else None)

    return [
        replace(part, base_euro=euro(part, "base"), tax_euro=euro(part, "tax")) for part in parts
    ]


def postings(
    parts: Iterable[TaxedBase],
    supplied_on: str,
    chart: str,
    *,
    currency: str,
    not_due: bool = False,
) -> list[Posting]:
    """What comes onto the advances received and their VAT (credit), by tax case."""
    parts = list(parts)
    in_force = TaxCase.objects.on(date.fromisoformat(supplied_on))
    cases = {case.code: case for case in in_force.filter(code__in=[one.code for one in parts])}
    accounts = charts.advance_accounts(cases.values(), chart, not_due=not_due)
    lines: list[Posting] = []
    for one in parts:
        into, case = accounts[one.code], cases[one.code]
        shown = None if case.category in UNREPORTED else case
        net = one.base if one.base_euro is None else one.base_euro
        tax = one.tax if one.tax_euro is None else one.tax_euro
        base = None if shown is None else -net
        lines += lines_of(into.revenue, -net, -one.base, currency, case=shown, base=base)
        if into.tax:
            lines += lines_of(into.tax, -tax, -one.tax, currency, case=shown, base=base)
    return lines


def _source(final: Invoice) -> str:
    return f"invoicing.final:{final.pk}"
