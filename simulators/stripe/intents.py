"""The calls on PaymentIntents and payment methods."""

import re
from typing import Any

from simulators.stripe import cards, checkout, links, money, paying, refusals
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, change, visible

KNOWN = frozenset(
    "allowed_payment_method_types amount automatic_payment_methods capture_method confirm "
    "currency description excluded_payment_method_types expand metadata off_session payment_method "
    "payment_method_options receipt_email return_url statement_descriptor "
    "statement_descriptor_suffix".split()
)
_TAKEN = ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")
CANCELLABLE = (*paying.OPEN, "requires_capture")


def create(world: World, params: dict[str, Any], *, live: bool) -> Row:
    """POST /v1/payment_intents."""
    checkout.refuse_unknown(params, KNOWN)
    if params.get("capture_method") == "manual":
        raise refusals.beyond("capture_method=manual")
    currency = params["currency"].lower()
    money.check_amount(params["amount"], currency)
    automatic = params.get("automatic_payment_methods")
    intent = paying.new_intent(
        world,
        live=live,
        amount=params["amount"],
        currency=currency,
        methods=checkout.methods(params, currency),
        automatic_payment_methods=automatic,
        metadata=params.get("metadata") or {},
        _return_url=params.get("return_url"),
        **{name: params[name] for name in _TAKEN if name in params},
    )
    if "payment_method" in params:
        method = cards.ready(world, params["payment_method"], live=live)
        change(intent, payment_method=method["id"], status="requires_confirmation")
    if params.get("confirm"):
        confirm(world, intent, params)
    return intent


def confirm(world: World, intent: Row, params: dict[str, Any]) -> Row:
    """POST …/confirm, with the means given now or before."""
    _not_of_checkout(intent, "confirm")
    wanted = params.get("payment_method") or intent["payment_method"]
    if not wanted:
        text = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise Refusal(text, code="payment_intent_unexpected_state", payment_intent=visible(intent))
    if "return_url" in params:
        intent["_return_url"] = params["return_url"]
    paying.confirm(world, intent, cards.ready(world, wanted, live=intent["livemode"]))
    return intent


def update(world: World, intent: Row, params: dict[str, Any]) -> Row:
    """POST /v1/payment_intents/:id; the amount only before it is paid."""
    checkout.refuse_unknown(params, set(_TAKEN) | {"amount", "currency", "expand", "metadata"})
    if intent["status"] not in paying.OPEN and params.keys() & {"amount", "currency"}:
        raise Refusal(
            "This PaymentIntent's amount could not be updated because it has a status of "
            f"{intent['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=visible(intent),
        )
    values = {name: value for name, value in params.items() if name not in {"expand", "metadata"}}
    money.check_amount(**{name: (intent | values)[name] for name in ("amount", "currency")})
    if "metadata" in params:
        values["metadata"] = links.merged(intent["metadata"], params["metadata"])
    change(intent, **values)
    return intent


def cancel(world: World, intent: Row, params: dict[str, Any]) -> Row:
    """POST …/cancel; what is under way or paid stays."""
    _not_of_checkout(intent, "cancel")
    if intent["status"] not in CANCELLABLE:
        raise Refusal(
            "You cannot cancel this PaymentIntent because it has a status of "
            f"{intent['status']}. Only a PaymentIntent with one of the following statuses may be "
            f"canceled: {', '.join(CANCELLABLE)}.",
            code="payment_intent_unexpected_state",
            payment_intent=visible(intent),
        )
    return checkout.cancel(world, intent, params.get("cancellation_reason"))


def _not_of_checkout(intent: Row, what: str) -> None:
    if intent.get("_session"):
        raise Refusal(
            f"You cannot {what} this PaymentIntent because it was created by a Checkout Session.",
            code="payment_intent_unexpected_state",
            payment_intent=visible(intent),
        )


def create_method(world: World, params: dict[str, Any], *, live: bool) -> Row:
    """POST /v1/payment_methods: accounts for debits, and cards only by token, as Stripe asks."""
    who = params.get("billing_details") or {}
    if params.get("type") == "sepa_debit":
        for name in ("name", "email"):
            if not who.get(name):
                raise refusals.missing(f"billing_details[{name}]")
        iban = (params.get("sepa_debit") or {}).get("iban")
        if not iban:
            raise refusals.missing("sepa_debit[iban]")
        return cards.account(world, iban, live=live, name=who["name"], email=who["email"])
    if params.get("type") != "card":
        raise refusals.beyond(f"type={params.get('type')}")
    token = (params.get("card") or {}).get("token", "")
    if not (brand := re.fullmatch(r"tok_(\w+)", token)):
        raise Refusal(
            "Sending credit card numbers directly to the Stripe API is generally unsafe.",
            status=402,
        )
    return cards.ready(world, f"pm_card_{brand[1]}", live=live)
