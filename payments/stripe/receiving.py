"""Receiving: what a customer paid through Stripe becomes a payment, or waits to be assigned."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from invoicing.models import Invoice
from payments.charging import charge_fee
from payments.models import Payment
from payments.recording import record_payment
from payments.stripe import errors
from payments.stripe.amounts import from_minor, to_minor
from payments.stripe.client import PARTY, Client
from payments.stripe.locking import hold
from payments.stripe.models import StripeAccount, StripeCharge, StripeRequest
from workmate import audit
from workmate.ledger.open_items import lock
from workmate.ledger.posting import open_day
from workmate.models import User
from workmate.money import format_amount
from workmate.outside import TemporaryFailure

EXPAND = ["latest_charge.balance_transaction"]
METHODS = {
    "card": Payment.Method.CREDIT_CARD,
    "card_present": Payment.Method.CREDIT_CARD,
    "sepa_debit": Payment.Method.DIRECT_DEBIT,
    "paypal": Payment.Method.PAYPAL,
    "customer_balance": Payment.Method.TRANSFER,
    "sofort": Payment.Method.TRANSFER,
}
Told = dict[str, Any]


@transaction.atomic
def look(client: Client, account: StripeAccount, payment_intent: str) -> str:
    """Book what this payment intent has brought, once; what was done, in a sentence."""
    hold(payment_intent)
    intent = client.ask(client.v1.payment_intents.retrieve, payment_intent, expand=EXPAND)
    request = request_of(intent)
    if intent["status"] == "succeeded":
        return _received(intent, request, account)
    if request is None:
        return ""
    return follow(request, intent)


def request_of(told: Told) -> StripeRequest | None:
    """What we asked for when this session or intent came about; None if it was not us."""
    rows = StripeRequest.objects.select_related("invoice__open_item", "invoice__customer__partner")
    rows = rows.defer("invoice__snapshot").order_by()
    number = (told.get("metadata") or {}).get("request", "")
    if len(number) == 36 and (found := _by_uuid(rows, number)):
        return found
    if told["object"] == "payment_intent":
        return rows.filter(payment_intent=told["id"]).order_by("pk").first()
    return rows.filter(stripe_id=told["id"]).order_by("pk").first()


def follow(request: StripeRequest, intent: Told, *, used_up: bool = False) -> str:
    """Note with what we asked for how its payment goes; `used_up`: nobody can pay it again."""
    state, error = request.state, ""
    if request.state == StripeRequest.State.PAID:
        return "Die Anforderung ist schon bezahlt."
    if intent["status"] == "processing":
        state, done = StripeRequest.State.PROCESSING, "Die Zahlung ist eingeleitet."
    elif intent["status"] == "canceled":
        state, done = StripeRequest.State.CLOSED, "Die Zahlung ist abgebrochen."
    elif failure := intent.get("last_payment_error"):
        error = (failure.get("message") or failure.get("code") or "abgelehnt")[:300]
        done = f"Die Zahlung ist gescheitert: {error}"
        if used_up or request.state == StripeRequest.State.PROCESSING:
            state = StripeRequest.State.FAILED
    else:
        done = "Noch nichts bezahlt."
    StripeRequest.objects.filter(pk=request.pk).update(
        state=state, last_error=error, payment_intent=intent["id"]
    )
    return done


def park_told(told: Told, reason: str) -> str:
    """Money that our key cannot ask about waits for a person, with what the event says of it."""
    if told.get("object") != "payment_intent" or told.get("status") != "succeeded":
        return ""
    _park(told, None, reason)
    return reason


def _received(intent: Told, request: StripeRequest | None, account: StripeAccount) -> str:
    """Money is there: book it unless it is booked, or let it wait for a person."""
    charge = StripeCharge.objects.select_for_update().filter(payment_intent=intent["id"]).first()
    system = User.objects.system()
    if charge is None:
        reason = _why_not(intent, request, account)
        if request is None or reason:
            _park(intent, request, reason)
            return f"Nicht zugeordnet: {reason}"
        payment = record(intent, request.invoice, account, by=system)
        charge = StripeCharge.objects.create(**_facts(intent), request=request, payment=payment)
        StripeRequest.objects.filter(pk=request.pk).update(
            state=StripeRequest.State.PAID, payment_intent=intent["id"], last_error=""
        )
    if charge.payment is None:
        return f"Nicht zugeordnet: {charge.reason}"
    if not charge.fee_known:
        book_fee(charge, intent, account, by=system)
    number = charge.request.invoice.number if charge.request else ""
    return f"Zahlung über {format_amount(charge.amount)} {charge.currency} gebucht {number}".strip()


def _why_not(intent: Told, request: StripeRequest | None, account: StripeAccount) -> str:
    """Why this money cannot be booked without a person; empty where it can."""
    if request is None:
        return "Zu dieser Zahlung gibt es keine Anforderung von hier."
    if intent["livemode"] != account.livemode or request.livemode != account.livemode:
        return "Die Zahlung und die Anforderung stammen nicht aus derselben Betriebsart."
    currency = intent["currency"].upper()
    paid = from_minor(intent["amount_received"], currency)
    if currency != request.currency or intent["amount_received"] != to_minor(
        request.amount, request.currency
    ):
        return (
            f"Gezahlt wurden {format_amount(paid)} {currency}, "
            f"angefordert waren {format_amount(request.amount)} {request.currency}."
        )
    return ""


def _park(intent: Told, request: StripeRequest | None, reason: str) -> None:
    facts = _facts(intent)
    number = facts.pop("payment_intent")
    charge, is_new = StripeCharge.objects.get_or_create(
        payment_intent=number, defaults=facts | {"request": request, "reason": reason[:300]}
    )
    if is_new:
        payload = {"reason": reason, "amount": charge.amount, "currency": charge.currency}
        audit.record("stripe.charge_parked", charge, by=User.objects.system(), payload=payload)


def _facts(intent: Told) -> dict[str, Any]:
    currency = intent["currency"].upper()
    charge = _charge(intent)
    details = charge.get("billing_details") or {}
    moment = charge.get("created") or intent["created"]
    return {
        "payment_intent": intent["id"],
        "charge_id": charge.get("id", ""),
        "amount": from_minor(intent["amount_received"], currency),
        "currency": currency,
        "livemode": intent["livemode"],
        "payer": (details.get("name") or details.get("email") or "")[:200],
        "paid_at": datetime.fromtimestamp(moment, UTC),
    }


def record(intent: Told, invoice: Invoice, account: StripeAccount, *, by: User) -> Payment:
    """Record what this intent brought: as much as is open on the invoice, the rest as a credit."""
    currency = intent["currency"].upper()
    amount = from_minor(intent["amount_received"], currency)
    item = lock([invoice.open_item])[invoice.open_item_id]  # type: ignore[list-item,index]
    part = min(amount, item.outstanding) if item.currency == currency else Decimal(0)
    balance = balance_of(_charge(intent), account)
    if currency != "EUR" and balance is None:
        raise TemporaryFailure(PARTY)
    day = day_of(balance or _charge(intent) or intent)
    return record_payment(
        money_account=account.money_account,
        received_on=day,
        booked_on=open_day(day),
        amount=amount,
        method=method_of(_charge(intent)),
        allocations=[(item, part)] if part > 0 else [],
        partner=invoice.customer.partner,
        currency=currency,
        euro=from_minor(balance["amount"], "EUR") if balance and currency != "EUR" else None,
        reference=f"{invoice.number} {intent['id']}",
        by=by,
    )


def book_fee(charge: StripeCharge, intent: Told, account: StripeAccount, *, by: User) -> None:
    """Stripe's fee as an expense of its own; of a debit it is known only later."""
    balance = balance_of(_charge(intent), account)
    if balance is None or charge.payment is None:
        return
    fee = from_minor(balance["fee"], balance["currency"])
    if fee > 0:
        day = open_day(day_of(balance))
        charge_fee(charge.payment, fee, text="Stripe-Gebühr", on=day, by=by)
    StripeCharge.objects.filter(pk=charge.pk).update(fee_known=True)


def balance_of(told: Told, account: StripeAccount) -> Told | None:
    """The movement of our balance with this charge or refund, where it is known already.

    Our balance is in euro; raises CANNOT_ASSIGN for one in another currency.
    """
    balance = told.get("balance_transaction")
    if not isinstance(balance, dict):
        return None
    if balance["currency"].upper() != account.money_account.currency:
        raise errors.CANNOT_ASSIGN(reason=f"Stripe führt sie in {balance['currency'].upper()}.")
    return balance


def day_of(told: Told) -> date:
    """The day of a row of Stripe, in Germany."""
    return localtime(datetime.fromtimestamp(told["created"], UTC)).date()


def method_of(charge: Told) -> str:
    """How it was paid, in our words."""
    details = charge.get("payment_method_details") or {}
    if (details.get("card") or {}).get("funding") == "debit":
        return Payment.Method.DEBIT_CARD
    return METHODS.get(details.get("type", ""), Payment.Method.OTHER)


def _charge(intent: Told) -> Told:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, dict) else {}


def _by_uuid(rows: Any, number: str) -> StripeRequest | None:
    """The request of this number; anybody may write anything into the metadata of a payment."""
    try:
        wanted = UUID(number)
    except ValueError:
        return None
    found: StripeRequest | None = next(iter(rows.filter(uuid=wanted)), None)
    return found
