"""Refunding: a customer's credit is paid out, and a direct debit is returned by the bank."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from payments import errors
from payments.charging import charge_fee
from payments.models import Allocation, Batch, Order, Payment, Reversal
from payments.recording import record_payment, reverse_payment
from payments.sepa import errors as sepa_errors
from workmate import audit
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.ledger.open_items import lock
from workmate.ledger.posting import open_day
from workmate.models import User
from workmate.money import format_amount


def refund(
    credit: OpenItem,
    amount: Decimal,
    *,
    money_account: MoneyAccount,
    method: str,
    on: datetime.date,
    by: User,
) -> Payment:
    """Pay so much (positive) of a credit out to the customer.

    It is a payment like any other and is taken back like one. Raises NOT_A_CREDIT and what
    `record_payment` raises.
    """
    if credit.kind != OpenItem.Kind.RECEIVABLE or credit.outstanding >= 0:
        raise errors.NOT_A_CREDIT(item=credit)
    return record_payment(
        money_account=money_account,
        received_on=on,
        amount=-amount,
        method=method,
        allocations=[(credit, -amount)],
        currency=credit.currency,
        reference=f"Erstattung {credit.document_number}".strip(),
        by=by,
    )


@transaction.atomic
def give_back(
    payment: Payment,
    amount: Decimal,
    *,
    on: datetime.date,
    euro: Decimal | None = None,
    reference: str = "",
    by: User,
) -> Payment:
    """Return so much (positive) of a payment to its payer: the invoice is open again by that.

    The credit of an overpayment goes first, then what the payment had settled, the last item first.
    It is a payment of its own, below zero, and is taken back like one when the money comes again.
    Raises NOT_RETURNABLE, GIVES_BACK_TOO_MUCH and what `record_payment` raises.
    """
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("money_account", "partner", "credit")
        .get(pk=payment.pk)
    )
    if payment.amount <= 0 or Reversal.objects.filter(payment=payment).exists():
        raise errors.NOT_RETURNABLE()
    parts = _parts_back(payment, amount)
    return record_payment(
        money_account=payment.money_account,
        received_on=on,
        booked_on=open_day(on),
        amount=-amount,
        method=payment.method,
        allocations=parts,
        partner=payment.partner,
        currency=payment.currency,
        euro=-euro if euro is not None else None,
        reference=reference,
        gives_back=payment,
        by=by,
    )


def _parts_back(payment: Payment, amount: Decimal) -> list[tuple[OpenItem, Decimal]]:
    """What is given back of which item, each below zero."""
    parts = list(payment.allocations.select_related("open_item").order_by("-pk"))
    credit = [payment.credit] if payment.credit else []
    locked = lock([part.open_item for part in parts] + credit)
    gone = dict(
        Allocation.objects.filter(payment__gives_back=payment, payment__reversal=None)
        .values_list("open_item")
        .annotate(sum=Sum("amount"))
    )
    left = [(locked[one.pk], max(-locked[one.pk].outstanding, Decimal(0))) for one in credit]
    left += [
        (locked[part.open_item_id], part.amount + gone.get(part.open_item_id, Decimal(0)))
        for part in parts
    ]
    found, rest = [], amount
    for item, most in left:
        taken = min(rest, most)
        if taken > 0:
            found.append((item, -taken))
            rest -= taken
    if rest:
        raise errors.GIVES_BACK_TOO_MUCH(
            rest=format_amount(amount - rest), currency=payment.currency
        )
    return found


@transaction.atomic
def return_debit(
    payment: Payment,
    *,
    on: datetime.date,
    by: User,
    reason: str,
    fee: Decimal = Decimal(0),
) -> Reversal:
    """The bank took the money back (Rücklastschrift): what was paid is open again from that day.

    The bank's fee, if any, is an expense; earlier fees of the payment remain. Raises
    NOT_RETURNABLE and what `reverse_payment` and `charge_fee` raise.
    """
    if payment.amount <= 0:
        raise errors.NOT_RETURNABLE()
    reversal = reverse_payment(
        payment, on=on, by=by, reason=f"Rücklastschrift: {reason.strip()}", returned=True
    )
    if fee:
        charge_fee(payment, fee, text="Gebühr der Rücklastschrift", on=on, by=by)
    debits = Order.objects.live().filter(
        batch__kind=Batch.Kind.DEBIT,
        batch__state__in=(Batch.State.WRITTEN, Batch.State.EXECUTED),
        open_item__in=payment.allocations.values("open_item"),
    )
    debits.update(ended_at=Now(), returned_on=on, return_reason=reason.strip()[:200])
    return reversal


@transaction.atomic
def return_order(
    order: Order, *, on: datetime.date, by: User, reason: str, fee: Decimal = Decimal(0)
) -> Order:
    """The bank could not carry out what we ordered, or took it back: the item can go again.

    A payment that was booked for it is taken back; of the sum of a whole file only its part, by a
    payment of its own below zero. Raises ORDER_ENDED, IN_COLLECTIVE_PAYMENT (transfers) and what
    `return_debit` and `record_payment` raise.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("batch").get(pk=order.pk)
    if order.ended_at or order.batch.state not in (Batch.State.WRITTEN, Batch.State.EXECUTED):
        raise sepa_errors.ORDER_ENDED()
    if payment := payment_of(order):
        if payment.allocations.count() > 1:
            _return_part(payment, order, on=on, by=by, reason=reason, fee=fee)
        elif order.batch.is_debit:
            return_debit(payment, on=on, by=by, reason=reason, fee=fee)
        else:
            text = f"Überweisung zurück: {reason.strip()}"
            reverse_payment(payment, on=on, by=by, reason=text, returned=True)
    Order.objects.live().filter(pk=order.pk).update(
        ended_at=Now(), returned_on=on, return_reason=reason.strip()[:200]
    )
    order.refresh_from_db()
    payload = {"on": on, "reason": order.return_reason, "fee": fee}
    audit.record("sepa_order.returned", order, by=by, payload=payload)
    return order


def _return_part(
    payment: Payment, order: Order, *, on: datetime.date, by: User, reason: str, fee: Decimal
) -> None:
    """One debit goes back out of the sum of many; the others stay paid."""
    if not order.batch.is_debit:
        raise sepa_errors.IN_COLLECTIVE_PAYMENT(item=order.open_item)
    back = record_payment(
        money_account=payment.money_account,
        received_on=on,
        booked_on=open_day(on),
        amount=-order.amount,
        method=payment.method,
        allocations=[(order.open_item, -order.amount)],
        reference=f"Rücklastschrift: {reason.strip()}",
        gives_back=payment,
        by=by,
    )
    if fee:
        charge_fee(back, fee, text="Gebühr der Rücklastschrift", on=on, by=by)


def payment_of(order: Order) -> Payment | None:
    """The payment that stands for an order: of its item, in its direction, as much as ordered."""
    signed = order.amount if order.batch.is_debit else -order.amount
    parts = Allocation.objects.filter(
        open_item=order.open_item_id,
        amount=signed,
        payment__reversal=None,
        payment__created_at__gte=order.batch.created_at,
    )
    part = parts.select_related("payment").order_by("-pk").first()
    return part.payment if part else None
