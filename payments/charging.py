"""Charging: what a bank or provider keeps for itself of a payment is an expense of its own row."""

import datetime
from decimal import Decimal

from django.db import transaction

from payments import errors
from payments.cash_keeping import refuse_cash
from payments.models import Fee, Payment
from payments.posting import next_id, post_fee
from workmate import audit
from workmate.ledger import posting
from workmate.models import User
from workmate.money import format_amount, round_money


@transaction.atomic
def charge_fee(payment: Payment, amount: Decimal, *, text: str, on: datetime.date, by: User) -> Fee:
    """The money account has so much (positive, in its currency) less; the payment stays whole.

    Bank fees bear no VAT (§ 4 no. 8 UStG). Raises FEE_UNFIT, CASH_OVERDRAWN, CASH_CLOSED and
    PERIOD_LOCKED.
    """
    payment = Payment.objects.select_related("entry", "money_account__account", "partner").get(
        pk=payment.pk
    )
    if amount <= 0 or (payment.amount > 0 and amount >= payment.amount):
        raise errors.FEE_UNFIT(fee=format_amount(amount), currency=payment.currency)
    fee = Fee(
        pk=next_id(Fee),
        payment=payment,
        amount=amount,
        charged_on=on,
        text=text[:100],
        created_by=by,
    )
    refuse_cash(payment.money_account, -amount, on=on)
    fee.entry = post_fee(fee, euro=_worth(payment, amount), by=by)
    fee.save(force_insert=True)
    audit.record("fee.charged", fee, by=by, payload={"amount": amount, "on": on, "text": text})
    return fee


@transaction.atomic
def take_back_fee(fee: Fee, *, on: datetime.date, by: User) -> Fee:
    """The fee was none, or came back. Raises FEE_TAKEN_BACK."""
    fee = Fee.objects.select_for_update(of=("self",)).select_related("entry").get(pk=fee.pk)
    if fee.taken_back_on:
        raise errors.FEE_TAKEN_BACK()
    fee.entry.reversed_by = posting.reverse(
        fee.entry,
        act="payments.fee_taken_back",
        source=f"{fee.entry.source}:reversal",
        booked_on=max(on, fee.charged_on),
        by=by,
    )
    audit.record("fee.taken_back", fee, by=by, payload={"amount": fee.amount, "on": on})
    return fee


def _worth(payment: Payment, amount: Decimal) -> Decimal:
    """EUR at the rate of the payment."""
    if payment.money_account.currency == "EUR":
        return amount
    line = payment.entry.lines.get(account=payment.money_account.account)
    return round_money(line.amount * amount / line.currency_amount)
