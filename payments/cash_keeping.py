"""Keeping cash: a box never holds less than nothing, and a day that was counted stays closed.

Cash is recorded daily (§ 146 (1) sentence 2 AO); a balance below zero is proof of missing entries.
The database decides the same (trigger `cash_box` of the lines).
"""

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from payments import errors
from payments.models import CashClosing
from payments.posting import next_id, post_cash_difference
from workmate import audit
from workmate.ledger.models import Line, MoneyAccount
from workmate.models import User
from workmate.money import format_amount, format_date

CASH = MoneyAccount.Kind.CASH


def refuse_cash(account: MoneyAccount, change: Decimal, *, on: datetime.date) -> None:
    """Before `change` (EUR) is booked: raises CASH_CLOSED and CASH_OVERDRAWN. Locks the box."""
    if account.kind != CASH:
        return
    box = _locked(account)
    if box.closed_until and on <= box.closed_until:
        raise errors.CASH_CLOSED(account=box.name, until=format_date(box.closed_until))
    if change >= 0:
        return
    balance = held(box, on)
    for day, moved in [(on, Decimal(0)), *_moved_after(box, on)]:
        balance += moved
        if balance + change < 0:
            raise errors.CASH_OVERDRAWN(
                account=box.name, day=format_date(day), balance=format_amount(balance + change)
            )


def held(account: MoneyAccount, on: datetime.date) -> Decimal:
    """What the box holds on the evening of that day (EUR)."""
    lines = Line.objects.filter(account=account.account_id, booked_on__lte=on)
    return lines.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


@transaction.atomic
def close_day(
    account: MoneyAccount, day: datetime.date, *, counted: Decimal, note: str = "", by: User
) -> CashClosing:
    """The box was counted on the evening of `day`: nothing is booked until then any more.

    A difference needs a note and is booked on that day, so that the books hold what the box holds.
    Raises NO_CASH_BOX, CASH_CLOSED, COUNT_DIFFERS, CASH_OVERDRAWN and PERIOD_LOCKED.
    """
    if account.kind != CASH:
        raise errors.NO_CASH_BOX(account=account.name)
    box = _locked(account)
    if box.closed_until and day <= box.closed_until:
        raise errors.CASH_CLOSED(account=box.name, until=format_date(box.closed_until))
    balance, note = held(box, day), " ".join(note.split())
    if counted != balance and not note:
        raise errors.COUNT_DIFFERS(
            counted=format_amount(counted),
            balance=format_amount(balance),
            fields={"note": [f"Laut Büchern sind es {format_amount(balance)} €."]},
        )
    closing = CashClosing(
        pk=next_id(CashClosing),
        money_account=box,
        day=day,
        balance=balance,
        counted=counted,
        note=note,
        created_by=by,
    )
    if closing.difference:
        refuse_cash(box, closing.difference, on=day)
        closing.entry = post_cash_difference(closing, by=by)
    closing.save(force_insert=True)
    box.closed_until = day
    box.save(update_fields=["closed_until"])
    payload = {
        "day": day,
        "balance": balance,
        "counted": counted,
        "note": note,
        "entry": closing.entry_id,
    }
    audit.record("cash.closed", closing, by=by, payload=payload)
    return closing


def _locked(account: MoneyAccount) -> MoneyAccount:
    return MoneyAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def _moved_after(box: MoneyAccount, on: datetime.date) -> list[tuple[datetime.date, Decimal]]:
    later = Line.objects.filter(account=box.account_id, booked_on__gt=on).order_by("booked_on")
    return list(later.values_list("booked_on").annotate(sum=Sum("amount")))
