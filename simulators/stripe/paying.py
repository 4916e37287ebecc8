"""What becomes of a PaymentIntent when it is paid: charges, and events in Stripe's order."""

from typing import Any

from simulators.stripe import cards, disputing, money
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, change, visible

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def new_intent(
    world: World, *, live: bool, amount: int, currency: str, methods: list[str], **more: Any
) -> Row:
    """A PaymentIntent that waits for its means of payment."""
    values: Row = {
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "currency": currency,
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": methods,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    intent = world.add("pi_", live=live, **(values | more))
    intent["client_secret"] = world.id(f"{intent['id']}_secret_")
    world.happened("payment_intent.created", intent)
    return intent


def confirm(world: World, intent: Row, method: Row, *, authenticated: bool = False) -> None:
    """Try to get the money with this means; a decline is Stripe's 402 with the intent in it."""
    if intent["status"] not in OPEN:
        raise Refusal(
            f"This PaymentIntent's status is {intent['status']}, so it cannot be confirmed.",
            code="payment_intent_unexpected_state",
            payment_intent=visible(intent),
        )
    kind = method["type"]
    if kind not in intent["payment_method_types"]:
        raise Refusal(
            f"The PaymentMethod provided ({kind}) is not allowed for this PaymentIntent.",
            param="payment_method",
        )
    means = cards.of(method)
    intent["payment_method"] = method["id"]
    if means.asks and not authenticated:
        _ask(world, intent)
    elif kind == "sepa_debit":
        _start_debit(world, intent, method)
    elif means.decline:
        _decline(world, intent, method)
    else:
        _succeed(world, intent, _charge(world, intent, method, "succeeded"))


def _ask(world: World, intent: Row) -> None:
    url = f"{world.base_url}/3ds/{intent['id']}"
    action = {
        "redirect_to_url": {"return_url": intent.get("_return_url"), "url": url},
        "type": "redirect_to_url",
    }
    change(intent, status="requires_action", next_action=action)
    world.happened("payment_intent.requires_action", intent)


def authentication_fails(world: World, intent: Row) -> None:
    """The customer has not confirmed at the bank."""
    error = {
        "code": "payment_intent_authentication_failure",
        "message": "The provided PaymentMethod has failed authentication. You can provide "
        "payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent "
        "again.",
        "type": "invalid_request_error",
    }
    _back(intent, error)
    world.happened("payment_intent.payment_failed", intent)


def _start_debit(world: World, intent: Row, method: Row) -> None:
    charge = _charge(world, intent, method, "pending")
    change(intent, status="processing", next_action=None, latest_charge=charge["id"])
    world.happened("charge.pending", charge)
    world.happened("payment_intent.processing", intent)
    world.later(world.pace.debit, "debit_ends", intent["id"])


def debit_ends(world: World, wanted: str) -> None:
    """The bank has answered: the SEPA debit succeeds or fails."""
    intent = world.tables["payment_intent"][wanted]
    if intent["status"] != "processing":
        return
    charge = world.tables["charge"][intent["latest_charge"]]
    method = world.tables["payment_method"][charge["payment_method"]]
    means = cards.of(method)
    if not means.decline:
        charge |= {"status": "succeeded", "paid": True, "outcome": _OUTCOME}
        _succeed(world, intent, charge)
        _tell_session(world, intent, "checkout.session.async_payment_succeeded", "paid")
        return
    text = "The payment failed because the customer's account has insufficient funds."
    charge |= {"status": "failed", "failure_code": means.decline, "failure_message": text}
    error: Row = {"code": "payment_intent_payment_attempt_failed", "message": text}
    error |= {"charge": charge["id"], "payment_method": visible(method), "type": "card_error"}
    _back(intent, error | {"decline_code": means.decline})
    world.happened("charge.failed", charge)
    world.happened("payment_intent.payment_failed", intent)
    _tell_session(world, intent, "checkout.session.async_payment_failed", "unpaid")


def _tell_session(world: World, intent: Row, kind: str, state: str) -> None:
    if session := world.tables["checkout.session"].get(intent.get("_session", "")):
        session["payment_status"] = state
        world.happened(kind, session)


def _decline(world: World, intent: Row, method: Row) -> None:
    means = cards.of(method)
    charge = _charge(world, intent, method, "failed")
    code = means.decline if means.decline == "expired_card" else "card_declined"
    error: Row = {"charge": charge["id"], "code": code, "message": means.message}
    declined = "generic_decline" if means.decline == "card_declined" else means.decline
    error |= {"decline_code": declined, "type": "card_error"}
    charge |= {"failure_code": code, "failure_message": means.message}
    intent["latest_charge"] = charge["id"]
    _back(intent, error | {"payment_method": visible(method)})
    world.happened("charge.failed", charge)
    world.happened("payment_intent.payment_failed", intent)
    message, kind = error.pop("message"), error.pop("type")
    error["payment_intent"] = visible(intent)
    raise Refusal(message, status=402, kind=kind, **error)


def _back(intent: Row, error: Row) -> None:
    """Wait for another means; what went wrong is kept."""
    change(
        intent,
        status="requires_payment_method",
        last_payment_error=error,
        payment_method=None,
        next_action=None,
    )


def _succeed(world: World, intent: Row, charge: Row) -> None:
    change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
        next_action=None,
    )
    if world.fees_late or world.pace.capture:
        world.later(world.pace.capture or 3600, "fee_known", charge["id"])
    else:
        money.settle(world, charge)
    world.happened("charge.succeeded", charge)
    world.happened("payment_intent.succeeded", intent)
    method = world.tables["payment_method"][charge["payment_method"]]
    if cards.of(method).dispute:
        world.later(0, "dispute_opens", charge["id"])


def fee_known(world: World, wanted: str) -> None:
    """The balance transaction of an asynchronous capture, some time after the success."""
    charge = world.tables["charge"][wanted]
    money.settle(world, charge)
    world.happened("charge.updated", charge, before={"balance_transaction": None})


_OUTCOME = {
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def _charge(world: World, intent: Row, method: Row, status: str) -> Row:
    """A new charge; those of debits have another beginning, as Stripe's have."""
    kind = method["type"]
    charge = world.add(
        "ch_" if kind == "card" else "py_",
        live=intent["livemode"],
        amount=intent["amount"],
        amount_captured=intent["amount"] if status == "succeeded" else 0,
        amount_refunded=0,
        application=None,
        application_fee=None,
        application_fee_amount=None,
        balance_transaction=None,
        billing_details=visible(method["billing_details"]),
        calculated_statement_descriptor="MUSTERWERK",
        captured=status != "failed",
        currency=intent["currency"],
        customer=None,
        description=intent["description"],
        disputed=False,
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        on_behalf_of=None,
        outcome=_OUTCOME if status == "succeeded" else None,
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"type": kind, kind: visible(method[kind])},
        receipt_email=intent["receipt_email"],
        receipt_number=None,
        refunded=False,
        review=None,
        shipping=None,
        source_transfer=None,
        statement_descriptor=intent["statement_descriptor"],
        statement_descriptor_suffix=intent["statement_descriptor_suffix"],
        status=status,
        transfer_data=None,
        transfer_group=None,
    )
    charge["receipt_url"] = f"{world.base_url}/receipts/{charge['id']}"
    return charge


ACTS = {
    "debit_ends": debit_ends,
    "fee_known": fee_known,
    "dispute_opens": disputing.open_dispute,
}
