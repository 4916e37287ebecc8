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
from invoicing.deducting import TaxedBase, received, split
from invoicing.gathering import Sources
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from workmate.ledger import charts, posting
from workmate.ledger.models import Entry, Line, OpenItem, TaxCase
from workmate.ledger.open_items import lock
from workmate.ledger.posting import Posting, post
from workmate.models import User

UNREPORTED = {"K", "G"}  # declared when the goods go, not when they are paid (§ 18b UStG)


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
    clearing = charts.advance_clearing()
    for advance in advances:
        item = advance.open_item
        if item is not None and item.outstanding:
            post(
                "advances.dissolved",
                source=f"{_source(final)}:{advance.pk}",
                booked_on=on,
                lines=[
                    Posting(clearing, item.outstanding),
                    Posting(item.account, -item.outstanding, item),
                ],
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


def release(advance: Invoice, *, on: date, source: str, by: User) -> None:
    """Post the difference between what was received and what was released before.

    A cancelled advance keeps its VAT until the money is refunded (§ 17 (2) no. 2 UStG,
    UStAE 17.1 (7)).
    """
    target = received(advance)
    clearing = charts.advance_clearing()
    prefix = f"invoicing.advance:{advance.pk}:"
    lines = Line.objects.filter(entry__source__startswith=prefix, account=clearing)
    before = lines.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if target == before:
        return
    snapshot = Snapshot.from_json(advance.snapshot or {})
    old, new = (split(snapshot.taxed, advance.gross_total, some) for some in (before, target))
    parts = [
        TaxedBase(code=now.code, base=now.base - then.base, tax=now.tax - then.tax)
        for then, now in zip(old, new, strict=True)
    ]
    released = postings(parts, snapshot.supplied_on, snapshot.chart)
    rest = target - before + sum((line.amount for line in released), Decimal(0))
    if rest:  # cents by which gross prices differ from net plus VAT
        released.append(Posting(charts.account("rounding"), -rest))
    post(
        "advances.received" if target > before else "advances.returned",
        source=f"{prefix}{source}",
        booked_on=max(on, advance.issue_date or on),
        lines=[Posting(clearing, target - before), *released],
        document_number=str(advance),
        text=f"Anzahlung {snapshot.einvoice.buyer.name}",
        by=by,
    )


def postings(
    parts: Iterable[TaxedBase], supplied_on: str, chart: str, *, not_due: bool = False
) -> list[Posting]:
    """What comes onto the advances received and their VAT (credit), by tax case."""
    parts = list(parts)
    in_force = TaxCase.objects.on(date.fromisoformat(supplied_on))
    cases = {case.code: case for case in in_force.filter(code__in=[one.code for one in parts])}
    accounts = charts.advance_accounts(cases.values(), chart, not_due=not_due)
    lines = []
    for one in parts:
        into, case = accounts[one.code], cases[one.code]
        shown = None if case.category in UNREPORTED else case
        base = None if shown is None else -one.base
        if one.base:
            lines.append(Posting(into.revenue, -one.base, tax_case=shown, tax_base=base))
        if one.tax and into.tax:
            lines.append(Posting(into.tax, -one.tax, tax_case=shown, tax_base=base))
    return lines


def _source(final: Invoice) -> str:
    return f"invoicing.final:{final.pk}"
