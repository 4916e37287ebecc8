"""Returning: a debit of ours that the bank took back, found by the reference of its order.

The statement then holds two bookings, the money that came and the money that went. Neither is a
payment any more: both are set aside, and what was paid is open again from the day of the return.
"""

from collections.abc import Iterable

from django.db import transaction

from banking.models import Dismissal, Match, Transaction
from payments.models import Batch, Order
from payments.refunding import payment_of, return_order
from workmate import audit
from workmate.ledger.posting import open_day
from workmate.models import User
from workmate.money import format_date


def returned(rows: Iterable[Transaction]) -> dict[int, Order]:
    """Which of these bookings take back a debit of ours, by their id."""
    out = {row.end_to_end_id: row for row in rows if row.amount < 0 and row.end_to_end_id}
    orders = Order.objects.live().filter(
        end_to_end_id__in=out,
        batch__kind=Batch.Kind.DEBIT,
        batch__state__in=(Batch.State.WRITTEN, Batch.State.EXECUTED),
    )
    found = {}
    for order in orders.select_related("batch", "open_item") if out else ():
        row = out[order.end_to_end_id]
        if -row.amount >= order.amount:
            found[row.pk] = order
    return found


@transaction.atomic
def take_back(row: Transaction, order: Order, *, by: User) -> bool:
    """Reopen what the order had collected; what the bank took beyond it is its fee.

    False where no payment stands for the order: then a person decides. Raises what `return_order`
    raises.
    """
    payment = payment_of(order)
    if payment is None:
        return False
    made = Match.objects.filter(payment=payment, undone_at=None).first()
    return_order(
        order,
        on=open_day(row.booked_on),
        reason=row.purpose[:150] or "ohne Angabe",
        fee=-row.amount - order.amount,
        by=by,
    )
    if made:
        text = f"Am {format_date(row.booked_on)} zurückgebucht: {order.open_item}"
        _set_aside(made.transaction, text, by)
    _set_aside(row, f"Rücklastschrift {order.open_item}", by)
    return True


def _set_aside(row: Transaction, reason: str, by: User) -> None:
    Dismissal.objects.create(transaction=row, reason=reason[:200], created_by=by)
    audit.record("transaction.dismissed", row, by=by, payload={"reason": reason})
