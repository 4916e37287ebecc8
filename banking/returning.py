"""Returning: a debit of ours that the bank took back, found by the reference of its order.

The statement then holds two bookings, the money that came and the money that went. Neither is a
payment any more: both are set aside, and what was paid is open again from the day of the return.
Where the money came in the sum of a file, the sum stays, and what went is a payment below zero.
"""

from collections.abc import Iterable

from django.db import transaction

from banking.models import Dismissal, Match, Transaction
from payments.models import Batch, Order, Payment
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
    whole = payment.allocations.count() == 1
    if not whole and payment.money_account_id != row.account.money_account_id:
        return False
    return_order(
        order,
        on=open_day(row.booked_on),
        reason=row.purpose[:150] or "ohne Angabe",
        fee=-row.amount - order.amount,
        by=by,
    )
    if not whole:
        _match(row, payment, order, by)
        return True
    if made:
        text = f"Am {format_date(row.booked_on)} zurückgebucht: {order.open_item}"
        _set_aside(made.transaction, text, by)
    _set_aside(row, f"Rücklastschrift {order.open_item}", by)
    return True


def _match(row: Transaction, payment: Payment, order: Order, by: User) -> None:
    """Of the sum of a file only this debit went back: the money that went is a payment itself."""
    back = payment.given_back.valid().get(allocations__open_item=order.open_item)
    reasons = ["Rückgabe aus der Summe unseres SEPA-Auftrags"]
    Match.objects.create(
        transaction=row, payment=back, automatic=True, score=100, reasons=reasons, created_by=by
    )
    payload = {"payment": back.pk, "reasons": reasons, "documents": [str(order.open_item)]}
    audit.record("transaction.matched", row, by=by, payload=payload)


def _set_aside(row: Transaction, reason: str, by: User) -> None:
    Dismissal.objects.create(transaction=row, reason=reason[:200], created_by=by)
    audit.record("transaction.dismissed", row, by=by, payload={"reason": reason})
