"""The calls that the API knows: method, address, contract of their parameters, what they do."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulators.stripe import (
    checkout,
    disputing,
    events,
    intents,
    links,
    listing,
    money,
    refunding,
    refusals,
)
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import ACCOUNT, Row, World, change

Act = Callable[..., Row]


@dataclass(frozen=True)
class Call:
    """One call; `needs` is the permission that a restricted key must have for it."""

    method: str
    address: re.Pattern[str]
    contract: str
    act: Act
    needs: str


CALLS: list[Call] = []


def call(method: str, address: str, contract: str, needs: str = "") -> Callable[[Act], Act]:
    """Register what answers a call; `:id` in the address is handed on."""
    pattern = re.compile("/v1/" + address.replace(":id", r"([^/]+)"))
    area = needs or address.split("/")[0] + ("_read" if method == "GET" else "_write")

    def register(act: Act) -> Act:
        CALLS.append(Call(method, pattern, contract, act, area))
        return act

    return register


def _readable(address: str, what: str, contract: str, filters: tuple[str, ...] = ()) -> None:
    """Retrieve one and list all objects of a kind."""
    param = {"payment_intent": "intent", "checkout.session": "session"}.get(what, "id")

    @call("GET", f"{address}/:id", f"{contract}RetrieveParams")
    def retrieve(world: World, params: Row, live: bool, wanted: str) -> Row:
        return world.get(what, wanted, live=live, param=param)

    @call("GET", address, f"{contract}ListParams")
    def rows(world: World, params: Row, live: bool) -> Row:
        return listing.page(world, what, f"/v1/{address}", params, filters, live=live)


@call("GET", "account", "AccountRetrieveCurrentParams", "account_read")
def account(world: World, params: Row, live: bool) -> Row:
    return money.account(world, live=live)


@call("GET", "accounts/:id", "AccountRetrieveParams", "account_read")
def one_account(world: World, params: Row, live: bool, wanted: str) -> Row:
    if wanted != ACCOUNT:
        raise Refusal(
            f"The provided key does not have access to account '{wanted}' (or that account does "
            "not exist). Application access may have been revoked.",
            status=403,
            code="account_invalid",
        )
    return money.account(world, live=live)


@call("GET", "balance", "BalanceRetrieveParams")
def balance(world: World, params: Row, live: bool) -> Row:
    return money.balance(world, live=live)


# Checkout Sessions and Payment Links


@call("POST", "checkout/sessions", "checkout.SessionCreateParams")
def create_session(world: World, params: Row, live: bool) -> Row:
    return checkout.create(world, params, live=live)


@call("POST", "checkout/sessions/:id/expire", "checkout.SessionExpireParams")
def expire_session(world: World, params: Row, live: bool, wanted: str) -> Row:
    session = world.get("checkout.session", wanted, live=live, param="session")
    return checkout.expire(world, session)


@call("POST", "checkout/sessions/:id", "checkout.SessionUpdateParams")
def update_session(world: World, params: Row, live: bool, wanted: str) -> Row:
    session = world.get("checkout.session", wanted, live=live, param="session")
    checkout.refuse_unknown(params, {"expand", "metadata"})
    session["metadata"] = links.merged(session["metadata"], params.get("metadata", {}))
    return session


@call("GET", "checkout/sessions/:id/line_items", "checkout.SessionListLineItemsParams")
def session_items(world: World, params: Row, live: bool, wanted: str) -> Row:
    session = world.get("checkout.session", wanted, live=live, param="session")
    return listing.whole(session["_items"], f"/v1/checkout/sessions/{wanted}/line_items")


@call("POST", "payment_links", "PaymentLinkCreateParams")
def create_link(world: World, params: Row, live: bool) -> Row:
    return links.create_link(world, params, live=live)


@call("POST", "payment_links/:id", "PaymentLinkUpdateParams")
def update_link(world: World, params: Row, live: bool, wanted: str) -> Row:
    return links.update_link(world, world.get("payment_link", wanted, live=live), params)


@call("POST", "products", "ProductCreateParams")
def create_product(world: World, params: Row, live: bool) -> Row:
    checkout.refuse_unknown(params, {"description", "expand", "metadata", "name"})
    return world.add(
        "prod_",
        live=live,
        active=True,
        description=params.get("description"),
        metadata=params.get("metadata") or {},
        name=params["name"],
    )


@call("POST", "prices", "PriceCreateParams")
def create_price(world: World, params: Row, live: bool) -> Row:
    checkout.refuse_unknown(
        params, {"currency", "expand", "metadata", "product", "product_data", "unit_amount"}
    )
    if "unit_amount" not in params:
        raise refusals.missing("unit_amount")
    if "product" in params:
        product = world.get("product", params["product"], live=live, param="product")
    elif "product_data" in params:
        product = create_product(world, {"name": params["product_data"]["name"]}, live)
    else:
        raise refusals.missing("product")
    return world.add(
        "price_",
        live=live,
        active=True,
        billing_scheme="per_unit",
        currency=params["currency"].lower(),
        metadata=params.get("metadata") or {},
        product=product["id"],
        type="one_time",
        unit_amount=params["unit_amount"],
        _name=product["name"],
    )


# PaymentIntents


@call("POST", "payment_intents", "PaymentIntentCreateParams")
def create_intent(world: World, params: Row, live: bool) -> Row:
    return intents.create(world, params, live=live)


@call("POST", "payment_intents/:id/confirm", "PaymentIntentConfirmParams")
def confirm_intent(world: World, params: Row, live: bool, wanted: str) -> Row:
    intent = world.get("payment_intent", wanted, live=live, param="intent")
    return intents.confirm(world, intent, params)


@call("POST", "payment_intents/:id/cancel", "PaymentIntentCancelParams")
def cancel_intent(world: World, params: Row, live: bool, wanted: str) -> Row:
    intent = world.get("payment_intent", wanted, live=live, param="intent")
    return intents.cancel(world, intent, params)


@call("POST", "payment_intents/:id", "PaymentIntentUpdateParams")
def update_intent(world: World, params: Row, live: bool, wanted: str) -> Row:
    intent = world.get("payment_intent", wanted, live=live, param="intent")
    return intents.update(world, intent, params)


@call("POST", "payment_methods", "PaymentMethodCreateParams")
def create_method(world: World, params: Row, live: bool) -> Row:
    return intents.create_method(world, params, live=live)


# Refunds, disputes, payouts


@call("POST", "refunds", "RefundCreateParams")
def create_refund(world: World, params: Row, live: bool) -> Row:
    known = {"amount", "charge", "expand", "metadata", "payment_intent", "reason"}
    checkout.refuse_unknown(params, known)
    if "charge" in params:
        charge = world.get("charge", params["charge"], live=live, param="charge")
    elif "payment_intent" in params:
        wanted = params["payment_intent"]
        intent = world.get("payment_intent", wanted, live=live, param="payment_intent")
        if not intent["latest_charge"]:
            text = f"This PaymentIntent ({wanted}) does not have a successful charge to refund."
            raise Refusal(text, param="payment_intent")
        charge = world.tables["charge"][intent["latest_charge"]]
    else:
        raise Refusal("One of the following params should be provided: payment_intent or charge.")
    return refunding.refund(
        world,
        charge,
        params.get("amount"),
        reason=params.get("reason"),
        metadata=params.get("metadata") or {},
    )


@call("POST", "refunds/:id", "RefundUpdateParams")
def update_refund(world: World, params: Row, live: bool, wanted: str) -> Row:
    refund = world.get("refund", wanted, live=live)
    metadata = links.merged(refund["metadata"], params.get("metadata", {}))
    before = change(refund, metadata=metadata)
    world.happened("refund.updated", refund, before=before)
    return refund


@call("POST", "disputes/:id/close", "DisputeCloseParams")
def close_dispute(world: World, params: Row, live: bool, wanted: str) -> Row:
    return disputing.close(world, world.get("dispute", wanted, live=live), "lost")


@call("POST", "disputes/:id", "DisputeUpdateParams")
def update_dispute(world: World, params: Row, live: bool, wanted: str) -> Row:
    dispute = world.get("dispute", wanted, live=live)
    evidence = params.get("evidence") or {}
    return disputing.submit(world, dispute, evidence, send=params.get("submit", True))


@call("POST", "payouts", "PayoutCreateParams")
def create_payout(world: World, params: Row, live: bool) -> Row:
    known = {"amount", "currency", "description", "expand", "statement_descriptor"}
    checkout.refuse_unknown(params, known)
    money.check_amount(params["amount"], params["currency"].lower())
    more = {name: params[name] for name in known - {"amount", "currency", "expand"} & set(params)}
    return money.start_manual(world, params["amount"], live=live, **more)


# Webhook endpoints


@call("POST", "webhook_endpoints", "WebhookEndpointCreateParams")
def create_endpoint(world: World, params: Row, live: bool) -> Row:
    return events.create_endpoint(world, params, live=live)


@call("DELETE", "webhook_endpoints/:id", "WebhookEndpointDeleteParams")
def delete_endpoint(world: World, params: Row, live: bool, wanted: str) -> Row:
    endpoint = world.get("webhook_endpoint", wanted, live=live)
    del world.tables["webhook_endpoint"][wanted]
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


_readable("checkout/sessions", "checkout.session", "checkout.Session", listing.OF_SESSIONS)
_readable("payment_links", "payment_link", "PaymentLink", ("active",))
_readable("payment_intents", "payment_intent", "PaymentIntent", ("created",))
_readable("payment_methods", "payment_method", "PaymentMethod", ("type",))
_readable("charges", "charge", "Charge", ("created", "payment_intent"))
_readable("refunds", "refund", "Refund", ("charge", "created", "payment_intent"))
_readable("disputes", "dispute", "Dispute", ("charge", "created", "payment_intent"))
_readable("payouts", "payout", "Payout", ("arrival_date", "created", "status"))
_readable("balance_transactions", "balance_transaction", "BalanceTransaction", listing.OF_ENTRIES)
_readable("events", "event", "Event", ("created", "type", "types"))
_readable("products", "product", "Product", ("active",))
_readable("prices", "price", "Price", ("active", "product"))
_readable("webhook_endpoints", "webhook_endpoint", "WebhookEndpoint")
