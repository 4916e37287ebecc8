"""Returning: what is given back to a customer or taken back by his bank opens the invoice again.

A refund ordered here and one made in Stripe's dashboard become the same row. Neither is a Storno:
the claim stays, and is to be corrected or cancelled where the business is undone.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from payments.charging import charge_fee
from payments.models import Payment
from payments.posting import post_account_fee
from payments.recording import reverse_payment
from payments.refunding import give_back
from payments.stripe import errors, receiving
from payments.stripe.amounts import from_minor, to_minor
from payments.stripe.client import Client
from payments.stripe.locking import hold
from payments.stripe.models import StripeAccount, StripeCharge, StripeDispute, StripeRefund
from payments.stripe.receiving import balance_of, day_of
from workmate import audit
from workmate.ledger.models import Entry
from workmate.ledger.posting import open_day
from workmate.models import User
from workmate.money import format_amount
from workmate.outside import PermanentFailure

Told = dict[str, Any]
State = StripeRefund.State
STATES = {"succeeded": State.SUCCEEDED, "failed": State.FAILED, "canceled": State.FAILED}
EXPAND = ["balance_transaction"]


def order_refund(charge: StripeCharge, amount: Decimal, *, client: Client, by: User) -> str:
    """Have Stripe give so much (positive) back, and book it.

    The row comes first: a crash leaves one that names what was ordered, and its key lets Stripe
    do it once. Raises NOT_REFUNDABLE, REFUNDS_TOO_MUCH, TemporaryFailure, PermanentFailure.
    """
    refund = _order(charge, amount, by=by)
    return send_refund(refund, client=client)


def send_refund(refund: StripeRefund, *, client: Client) -> str:
    """Tell Stripe of a refund that was ordered; saying it twice is harmless."""
    charge = refund.charge
    try:
        told = client.ask(
            client.v1.refunds.create,
            key=f"refund-{refund.uuid}",
            payment_intent=charge.payment_intent,
            amount=to_minor(refund.amount, charge.currency),
            reason="requested_by_customer",
            metadata={"refund": str(refund.uuid)},
        )
    except PermanentFailure as failure:
        StripeRefund.objects.filter(pk=refund.pk, state=State.CREATING).update(
            state=State.FAILED, error=failure.message[:300]
        )
        raise
    StripeRefund.objects.filter(pk=refund.pk, refund_id=None).update(refund_id=told["id"])
    account = StripeAccount.objects.get(pk=1)
    return look_at_refund(client, account, told["id"], charge.payment_intent)


@transaction.atomic
def _order(charge: StripeCharge, amount: Decimal, *, by: User) -> StripeRefund:
    charge = StripeCharge.objects.select_for_update().get(pk=charge.pk)
    if charge.payment_id is None:
        raise errors.NOT_REFUNDABLE()
    rest = refundable(charge)
    if not Decimal(0) < amount <= rest:
        text = f"Möglich sind bis zu {format_amount(rest)}."
        raise errors.REFUNDS_TOO_MUCH(
            rest=format_amount(rest), currency=charge.currency, fields={"amount": [text]}
        )
    refund = StripeRefund.objects.create(charge=charge, amount=amount, created_by=by)
    payload = {"payment_intent": charge.payment_intent, "amount": amount}
    audit.record("stripe.refund_ordered", refund, by=by, payload=payload)
    return refund


def refundable(charge: StripeCharge) -> Decimal:
    """What of a charge is not given back yet, nor ordered to be, nor taken by the bank."""
    refunds = charge.refunds.exclude(state=State.FAILED).aggregate(sum=Sum("amount"))["sum"]
    lost = charge.disputes.filter(payment__isnull=False, payment__reversal=None)
    taken = lost.aggregate(sum=Sum("amount"))["sum"]
    return max(charge.amount - (refunds or 0) - (taken or 0), Decimal(0))


@transaction.atomic
def look_at_refunds(client: Client, account: StripeAccount, payment_intent: str) -> str:
    """Book every refund of a payment that is not booked."""
    hold(payment_intent)
    rows = client.all(client.v1.refunds.list, payment_intent=payment_intent)
    done = [look_at_refund(client, account, row["id"], payment_intent) for row in rows]
    return " ".join(done)


@transaction.atomic
def look_at_disputes(client: Client, account: StripeAccount, payment_intent: str) -> str:
    """Book what banks took of a payment and gave again, as far as it is not booked."""
    hold(payment_intent)
    rows = client.all(client.v1.disputes.list, payment_intent=payment_intent)
    done = [look_at_dispute(client, account, row["id"], payment_intent) for row in rows]
    return " ".join(done)


@transaction.atomic
def look_at_refund(client: Client, account: StripeAccount, number: str, payment_intent: str) -> str:
    """Book what became of this refund: money went out, or came back because it failed."""
    hold(payment_intent)
    charge = _charge(client, account, payment_intent)
    told = client.ask(client.v1.refunds.retrieve, number, expand=EXPAND)
    if charge is None:
        return "Die Zahlung dazu ist noch nicht eingegangen."
    refund = _row(charge, told)
    refund.state = STATES.get(told["status"], State.PENDING)
    refund.error = (told.get("failure_reason") or "")[:300]
    if refund.state == State.FAILED:
        _take_back(refund.payment, told, reason="Die Erstattung über Stripe ist gescheitert")
    elif refund.payment is None and charge.payment is not None:
        refund.payment = _give_back(charge, refund.amount, told, account, refund.created_by)
    balance = balance_of(told, account)
    if balance and charge.payment:  # Also of one that has failed before we heard of it.
        book_fee_of_return(balance, account)
    refund.save()
    return f"Erstattung über {format_amount(refund.amount)}: {refund.get_state_display()}."


@transaction.atomic
def look_at_dispute(
    client: Client, account: StripeAccount, number: str, payment_intent: str
) -> str:
    """Book what the customer's bank took and what it gave again, with Stripe's fee for it."""
    hold(payment_intent)
    charge = _charge(client, account, payment_intent)
    told = client.ask(client.v1.disputes.retrieve, number)
    if charge is None:
        return "Die Zahlung dazu ist noch nicht eingegangen."
    dispute, _ = StripeDispute.objects.select_for_update(of=("self",)).get_or_create(
        dispute_id=told["id"],
        defaults={
            "charge": charge,
            "amount": from_minor(told["amount"], told["currency"]),
            "status": told["status"],
            "created_at": datetime.fromtimestamp(told["created"], UTC),
        },
    )
    dispute.status, dispute.reason = told["status"], (told.get("reason") or "")[:60]
    for balance in sorted(told["balance_transactions"], key=lambda row: row["created"]):
        _book_dispute(dispute, balance, account)
    dispute.save()
    return f"Rückbelastung über {format_amount(dispute.amount)}: {dispute.word}."


def _book_dispute(dispute: StripeDispute, balance: Told, account: StripeAccount) -> None:
    """One movement of our balance: below zero the bank took the money, above it gave it back."""
    system = User.objects.system()
    wrapped = {"balance_transaction": balance, "created": balance["created"]}
    if balance["amount"] < 0 and dispute.payment is None and dispute.charge.payment:
        dispute.payment = _give_back(dispute.charge, dispute.amount, wrapped, account, system)
        fee = from_minor(balance["fee"], balance["currency"])
        if fee > 0 and dispute.payment:
            day = open_day(day_of(balance))
            charge_fee(
                dispute.payment, fee, text="Stripe-Gebühr der Rückbelastung", on=day, by=system
            )
    elif balance["amount"] > 0:
        _take_back(dispute.payment, wrapped, reason="Die Rückbelastung wurde zurückgenommen")
        if dispute.payment:
            book_fee_of_return(balance, account)


def book_fee_of_return(balance: Told, account: StripeAccount) -> Entry | None:
    """Post once the fee of a movement that is no charge; below zero Stripe gave it back.

    The fee of a dispute is the payment's own and is not posted here.
    """
    fee = from_minor(balance["fee"], balance["currency"])
    if not fee or balance["reporting_category"] in ("charge", "dispute"):
        return None
    source = f"payments.stripe_balance:{balance['id']}"
    return Entry.objects.filter(source=source).first() or post_account_fee(
        account.money_account,
        fee,
        source=source,
        text="Stripe-Gebühr" if fee > 0 else "Erstattete Stripe-Gebühr",
        on=open_day(day_of(balance)),
        by=User.objects.system(),
    )


def _give_back(
    charge: StripeCharge, amount: Decimal, told: Told, account: StripeAccount, by: User
) -> Payment | None:
    """The payment below zero of a refund or dispute."""
    if charge.payment is None:
        return None
    balance = balance_of(told, account)
    euro = -from_minor(balance["amount"], "EUR") if balance else None
    return give_back(
        charge.payment,
        amount,
        on=day_of(balance or told),
        euro=euro if charge.currency != "EUR" else None,
        reference=f"Stripe {told.get('id') or charge.payment_intent}",
        by=by,
    )


def _take_back(payment: Payment | None, told: Told, *, reason: str) -> None:
    """The money that went out came back, once; fees that were charged for it remain."""
    if payment is None or payment.is_reversed:
        return
    day = max(open_day(day_of(told)), payment.entry.booked_on)
    reverse_payment(payment, on=day, by=User.objects.system(), reason=reason, returned=True)


def _charge(client: Client, account: StripeAccount, payment_intent: str) -> StripeCharge | None:
    """The money that is given back; it may be told of only after that."""
    rows = StripeCharge.objects.select_for_update(of=("self",)).select_related("payment")
    found = rows.filter(payment_intent=payment_intent).first()
    if found is None:
        receiving.look(client, account, payment_intent)
        found = rows.filter(payment_intent=payment_intent).first()
    return found


def _row(charge: StripeCharge, told: Told) -> StripeRefund:
    """Our row of a refund: the one that was ordered here, or a new one."""
    rows = StripeRefund.objects.select_for_update(of=("self",)).select_related("payment__entry")
    if found := rows.filter(refund_id=told["id"]).first():
        return found
    ordered = (told.get("metadata") or {}).get("refund", "")
    mine = charge.refunds.filter(refund_id=None)
    for found in rows.filter(pk__in=mine.values("pk")):
        if str(found.uuid) == ordered:
            found.refund_id = told["id"]
            return found
    return StripeRefund(
        refund_id=told["id"],
        charge=charge,
        amount=from_minor(told["amount"], told["currency"]),
        created_by=User.objects.system(),
    )
