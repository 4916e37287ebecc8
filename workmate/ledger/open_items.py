"""Open items: what customers owe us and what we owe.

Amounts are in the currency of the item, receivables positive. Every function that changes what is
owed posts an entry; `OpenItem.outstanding` follows by itself.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Min, Sum

from workmate.ledger import charts, errors
from workmate.ledger.models import Entry, Line, OpenItem, Partner
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.ledger.posting import Posting, post
from workmate.models.user import User
from workmate.money import format_amount, format_date, round_money

CONTROL = {OpenItem.Kind.RECEIVABLE: "receivables", OpenItem.Kind.PAYABLE: "payables"}


def open_item(
    kind: str,
    partner: Partner,
    *,
    source: str,
    document_number: str = "",
    document_date: datetime.date,
    due_date: datetime.date | None = None,
    currency: str = "EUR",
) -> OpenItem:
    """Create a claim or a debt of nothing yet; lines of the caller's entry give it its amount."""
    return OpenItem.objects.create(
        kind=kind,
        partner=partner,
        account=charts.account(CONTROL[OpenItem.Kind(kind)]),
        document_number=document_number,
        document_date=document_date,
        due_date=due_date or document_date,
        currency=currency,
        source=source,
    )


def outstanding(on: datetime.date | None = None) -> OpenItemQuerySet:
    """What is not settled: now, or as the books were on the evening of `on` (with `balance`)."""
    if on is None:
        return OpenItem.objects.open()
    return OpenItem.objects.open_on(on)


def lock(items: Iterable[OpenItem]) -> dict[int, OpenItem]:
    """Fresh rows by id, locked in the order of their id until the transaction ends."""
    ids = {item.pk for item in items}
    locked = OpenItem.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return {item.pk: item for item in locked.select_related("partner", "account")}


def book_value(item: OpenItem, amount: Decimal) -> Decimal:
    """What a part of the item is worth in our books (EUR); the whole takes the last cent.

    In a foreign currency the part is valued at the item's own average rate, so that nothing of it
    stays when it is settled (§ 256a HGB: the difference to today's rate is a gain or a loss).
    """
    if item.currency == "EUR":
        return amount
    total = Line.objects.filter(open_item=item).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if amount == item.outstanding or not item.outstanding:
        return total
    return round_money(total * amount / item.outstanding)


def refuse_before_claim(item: OpenItem, on: datetime.date) -> None:
    """Nothing is settled before it was booked; raises BEFORE_CLAIM."""
    since = Line.objects.filter(open_item=item).aggregate(since=Min("booked_on"))["since"]
    if since is not None and on < since:
        raise errors.BEFORE_CLAIM(day=format_date(on), item=item, since=format_date(since))


def refuse_too_much(item: OpenItem, amount: Decimal) -> None:
    """`amount` has the sign of what is settled and is not more; raises SETTLES_TOO_MUCH."""
    if amount * item.outstanding <= 0 or abs(amount) > abs(item.outstanding):
        raise errors.SETTLES_TOO_MUCH(
            item=item, outstanding=format_amount(item.outstanding), currency=item.currency
        )


@transaction.atomic
def offset(
    first: OpenItem,
    second: OpenItem,
    amount: Decimal | None = None,
    *,
    booked_on: datetime.date,
    source: str,
    by: User,
    text: str = "",
    at_one_rate: bool = False,
) -> Entry:
    """Settle a claim and a credit of one partner against each other: invoice and its storno.

    `amount` is positive; left out it is as much as both allow. `at_one_rate`: both were booked at
    the same rate of exchange, so that nothing is gained or lost. The act that calls it writes the
    audit event. Raises NOT_OPPOSITE, SETTLES_TOO_MUCH, NOTHING_TO_SETTLE, PERIOD_LOCKED.
    """
    locked = lock([first, second])
    debit, credit = sorted(
        (locked[first.pk], locked[second.pk]), key=lambda item: -item.outstanding
    )
    if amount is None:
        amount = min(debit.outstanding, -credit.outstanding)
    if amount <= 0:
        raise errors.NOTHING_TO_SETTLE(amount=format_amount(amount))
    if (debit.account_id, debit.partner_id, debit.currency) != (
        credit.account_id,
        credit.partner_id,
        credit.currency,
    ):
        raise errors.NOT_OPPOSITE(first=first, second=second)
    refuse_too_much(debit, amount)
    refuse_too_much(credit, -amount)
    for item in (debit, credit):
        refuse_before_claim(item, booked_on)
    return post(
        "open_items.offset",
        source=source,
        booked_on=booked_on,
        lines=_offset_lines(debit, credit, amount, at_one_rate=at_one_rate),
        document_number=debit.document_number or credit.document_number,
        text=text or f"Ausgleich {debit} mit {credit}",
        by=by,
    )


def _offset_lines(
    debit: OpenItem, credit: OpenItem, amount: Decimal, *, at_one_rate: bool
) -> list[Posting]:
    worth, credit_worth = book_value(debit, amount), book_value(credit, -amount)
    if at_one_rate and amount < debit.outstanding:
        worth = -credit_worth
    elif at_one_rate and amount < -credit.outstanding:
        credit_worth = -worth
    lines = [
        Posting(debit.account, -worth, debit, None, None, debit.currency, -amount),
        Posting(credit.account, -credit_worth, credit, None, None, credit.currency, amount),
    ]
    if at_one_rate and worth + credit_worth:  # cents of parts that were paid between
        return [*lines, Posting(charts.account("rounding"), worth + credit_worth)]
    return [*lines, *exchange_difference(worth + credit_worth)]


def exchange_difference(amount: Decimal) -> list[Posting]:
    """What is missing (positive: a loss, EUR) because rates have moved, as a line or none."""
    if not amount:
        return []
    return [Posting(charts.account("fx_loss" if amount > 0 else "fx_gain"), amount)]
