"""Posting: the one way into the journal.

Amounts are EUR, debit positive, credit negative. `source` names what is posted and for what
(`invoicing.invoice:7:issue`); the same source is never posted twice.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction

from workmate.ledger import errors
from workmate.ledger.models import Account, Entry, Line, OpenItem, Period, TaxCase
from workmate.models.user import User
from workmate.money import format_amount, format_date


@dataclass(frozen=True)
class Posting:
    """One side of an entry: EUR, debit positive.

    `currency` and `currency_amount` are those of the document and may be left out in EUR; a line on
    an open item changes what is owed by `currency_amount`. `tax_base` is the net amount (EUR) that
    a tax line belongs to, signed like a credit: minus 100.00 for a sale of 100.00 net.
    """

    account: Account
    amount: Decimal
    open_item: OpenItem | None = None
    tax_case: TaxCase | None = None
    tax_base: Decimal | None = None
    currency: str = "EUR"
    currency_amount: Decimal | None = None


@transaction.atomic
def post(
    act: str,
    *,
    source: str,
    booked_on: datetime.date,
    lines: Sequence[Posting],
    document_number: str = "",
    text: str = "",
    by: User,
    reverses: Entry | None = None,
) -> Entry:
    """Write an entry; raises UNBALANCED, PERIOD_LOCKED or ALREADY_POSTED.

    Open items are locked in the order of their id, so that two postings never wait for each other.
    """
    difference = sum((line.amount for line in lines), Decimal(0))
    if difference or len(lines) < 2:
        raise errors.UNBALANCED(difference=format_amount(difference))
    _refuse_locked(booked_on)
    entry = Entry(
        act=act,
        booked_on=booked_on,
        document_number=document_number,
        text=text[:200],
        source=source,
        line_count=len(lines),
        reverses=reverses,
        actor=by,
    )
    _insert(entry)
    items = sorted({line.open_item.pk for line in lines if line.open_item})
    if len(items) > 1:
        list(OpenItem.objects.select_for_update().filter(pk__in=items).order_by("pk"))
    Line.objects.bulk_create(_line(entry, position, line) for position, line in enumerate(lines, 1))
    return entry


@transaction.atomic
def reverse(
    entry: Entry,
    *,
    act: str,
    source: str,
    booked_on: datetime.date,
    by: User,
    text: str = "",
) -> Entry:
    """Post the opposite of an entry, open items included; raises ALREADY_REVERSED.

    The reversal may be dated later than the entry, when its period is locked meanwhile.
    """
    Entry.objects.select_for_update().get(pk=entry.pk)
    if Entry.objects.filter(reverses=entry).exists():
        raise errors.ALREADY_REVERSED(entry=entry)
    lines = entry.lines.select_related("account", "open_item", "tax_case")
    return post(
        act,
        source=source,
        booked_on=booked_on,
        lines=[_opposite(line) for line in lines],
        document_number=entry.document_number,
        text=text or f"Storno: {entry.text}",
        by=by,
        reverses=entry,
    )


def open_day(on: datetime.date) -> datetime.date:
    """That day, or the first later one that is not locked: where a late correction is posted."""
    until = Period.objects.locked_until()
    return on if until is None or on > until else until + datetime.timedelta(days=1)


def _refuse_locked(day: datetime.date) -> None:
    """The friendly answer; the trigger on the table gives the binding one."""
    until = Period.objects.locked_until()
    if until is not None and day <= until:
        raise errors.PERIOD_LOCKED(day=format_date(day), until=format_date(until))


def _insert(entry: Entry) -> None:
    """The unique source and the locked period are decided here, also against other sessions."""
    try:
        entry.save(force_insert=True)
    except IntegrityError as error:
        if "is locked" in str(error):
            raise errors.PERIOD_LOCKED(
                day=format_date(entry.booked_on), until=format_date(entry.booked_on)
            ) from error
        if "source" in str(error):
            raise errors.ALREADY_POSTED(source=entry.source) from error
        raise


def _line(entry: Entry, position: int, posting: Posting) -> Line:
    amount = posting.currency_amount
    if amount is None and posting.currency != "EUR":
        raise ValueError(f"a line in {posting.currency} needs its amount in {posting.currency}")
    return Line(
        entry=entry,
        position=position,
        booked_on=entry.booked_on,
        account=posting.account,
        amount=posting.amount,
        currency=posting.currency,
        currency_amount=posting.amount if amount is None else amount,
        tax_case=posting.tax_case,
        tax_base=posting.tax_base,
        open_item=posting.open_item,
    )


def _opposite(line: Line) -> Posting:
    return Posting(
        account=line.account,
        amount=-line.amount,
        open_item=line.open_item,
        tax_case=line.tax_case,
        tax_base=None if line.tax_base is None else -line.tax_base,
        currency=line.currency,
        currency_amount=-line.currency_amount,
    )
