"""Checkout Sessions: what the hosted page is opened with, and how it ends."""

import re
from decimal import Decimal
from typing import Any

from simulators.stripe import money, paying, refusals
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, change

SHORTEST, LONGEST = 30 * 60, 24 * 3600
METHODS = ("card", "sepa_debit")  # switched on in the dashboard of the account
# Parameters that leave the money as it is; the others of the contract are refused.
IGNORED = frozenset(
    "adaptive_pricing billing_address_collection branding_settings cancel_url consent_collection "
    "custom_text customer_creation customer_email expand integration_identifier locale metadata "
    "name_collection payment_method_options phone_number_collection submit_type "
    "tax_id_collection wallet_options".split()
)
KNOWN = IGNORED | set(
    "client_reference_id excluded_payment_method_types expires_at line_items mode "
    "payment_intent_data allowed_payment_method_types success_url ui_mode".split()
)
KNOWN_OF_INTENT = frozenset(
    "description metadata receipt_email statement_descriptor statement_descriptor_suffix".split()
)


def create(world: World, params: dict[str, Any], *, live: bool) -> Row:
    """POST /v1/checkout/sessions, hosted, in payment mode."""
    refuse_unknown(params, KNOWN)
    refuse_unknown(params.get("payment_intent_data", {}), KNOWN_OF_INTENT, "payment_intent_data")
    if "mode" not in params:
        raise refusals.missing("mode")
    if params["mode"] != "payment":
        raise refusals.beyond(f"mode={params['mode']}")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise refusals.beyond("ui_mode")
    if "success_url" not in params:
        raise refusals.missing("success_url")
    for name in ("success_url", "cancel_url"):
        _check_url(params.get(name), name, live=live)
    _check_options(params)
    if not params.get("line_items"):
        raise refusals.missing("line_items")
    items = [item(world, one, place, live) for place, one in enumerate(params["line_items"])]
    return new_session(world, items, params, live=live)


def new_session(world: World, items: list[Row], params: dict[str, Any], *, live: bool) -> Row:
    """An open session for these items; also for the visitor of a Payment Link."""
    currency, total = total_of(items)
    least = money.MINIMUM.get(currency, 1)
    if total < least:
        raise Refusal(
            "The Checkout Session's total amount due must add up to at least "
            + money.written(least, currency),
            code="amount_too_small",
        )
    money.check_amount(total, currency)
    usable = methods(params, currency)
    now = world.now()
    expires = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST - 60 <= expires <= now + LONGEST + 60:
        limit = "at least 30 minutes" if expires < now + LONGEST else "less than 24 hours"
        text = f"The `expires_at` timestamp must be {limit} from Checkout Session creation."
        raise Refusal(text, param="expires_at")
    session = world.add("cs_", live=live, **_empty_session(), **_given(params))
    session |= {
        "amount_subtotal": total,
        "amount_total": total,
        "currency": currency,
        "expires_at": expires,
        "payment_method_types": usable,
        "url": f"{world.base_url}/c/pay/{session['id']}",
        "_items": items,
        "_intent": params.get("payment_intent_data", {}),
    }
    world.later(expires - now, "session_expires", session["id"])
    return session


def _empty_session() -> Row:
    return {
        "after_expiration": None,
        "allow_promotion_codes": None,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "collected_information": {"business_name": None, "shipping_details": None},
        "consent": None,
        "currency_conversion": None,
        "custom_fields": [],
        "customer": None,
        "customer_details": None,
        "discounts": [],
        "invoice": None,
        "invoice_creation": {"enabled": False},
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_status": "unpaid",
        "recovered_from": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }


def _given(params: dict[str, Any]) -> Row:
    named = "adaptive_pricing cancel_url client_reference_id customer_email locale success_url"
    named += " submit_type payment_method_options billing_address_collection customer_creation"
    found = {name: params.get(name) for name in named.split()}
    return found | {"metadata": params.get("metadata") or {}}


def item(world: World, given: dict[str, Any], place: int, live: bool) -> Row:
    """A line item with its price; prices are inline or made before."""
    where = f"line_items[{place}]"
    if "quantity" not in given:
        raise refusals.missing(f"{where}[quantity]")
    if "price" in given:
        price = world.get("price", given["price"], live=live, param=f"{where}[price]")
        amount, currency, name = price["unit_amount"], price["currency"], price["_name"]
    elif "price_data" in given:
        amount, currency, name = _inline(given["price_data"], f"{where}[price_data]")
    else:
        raise refusals.missing(f"{where}[price]")
    if given["quantity"] < 1:
        text = "This value must be greater than or equal to 1."
        raise Refusal(text, code="parameter_invalid_integer", param=f"{where}[quantity]")
    total = amount * given["quantity"]
    return {
        "id": world.id("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": currency,
        "description": name,
        "metadata": {},
        "quantity": given["quantity"],
    }


def _inline(data: dict[str, Any], where: str) -> tuple[int, str, str]:
    """Amount, currency and name of a price that is given with the line."""
    if "recurring" in data:
        raise refusals.beyond("recurring")
    if "unit_amount" in data:
        amount = data["unit_amount"]
    elif "unit_amount_decimal" in data:
        exact = Decimal(data["unit_amount_decimal"])
        if exact != int(exact):
            raise refusals.beyond("unit_amount_decimal")
        amount = int(exact)
    else:
        raise refusals.missing(f"{where}[unit_amount]")
    if "product_data" not in data:
        raise refusals.missing(f"{where}[product_data]")
    if amount < 0:
        text = "This value must be greater than or equal to 0."
        raise Refusal(text, code="parameter_invalid_integer", param=f"{where}[unit_amount]")
    return amount, data["currency"].lower(), data["product_data"]["name"]


def total_of(items: list[Row]) -> tuple[str, int]:
    """Currency and sum of the items."""
    currencies = {one["currency"] for one in items}
    if len(currencies) != 1:
        text = "All prices on a Checkout Session must have the same currency."
        raise Refusal(text, param="line_items")
    return currencies.pop(), sum(one["amount_total"] for one in items)


def methods(params: dict[str, Any], currency: str) -> list[str]:
    """The means that the payer may choose: of those switched on, those allowed and fitting."""
    if {"allowed_payment_method_types", "excluded_payment_method_types"} <= params.keys():
        text = "You may only specify one of these parameters: allowed_payment_method_types, "
        raise Refusal(text + "excluded_payment_method_types.")
    allowed = params.get("allowed_payment_method_types", METHODS)
    left = params.get("excluded_payment_method_types", ())
    found = [one for one in METHODS if one in allowed and one not in left]
    if currency != "eur":
        found = [one for one in found if one != "sepa_debit"]
    if not found:
        raise Refusal(
            "No valid payment method types for this request. Please ensure that you have "
            "activated payment methods compatible with your chosen currency in your dashboard.",
        )
    return found


def _check_options(params: dict[str, Any]) -> None:
    """What changes the amount of the customer may not be switched on."""
    if params.get("adaptive_pricing", {}).get("enabled"):
        raise refusals.beyond("adaptive_pricing[enabled]")


def _check_url(url: str | None, name: str, *, live: bool) -> None:
    if url is None:
        return
    if not re.match(r"https?://[^\s/]+", url):
        raise Refusal("Not a valid URL", code="url_invalid", param=name)
    if live and not url.startswith("https://"):
        text = "Livemode requests must always be redirected via HTTPS."
        raise Refusal(text, code="url_invalid", param=name)


def refuse_unknown(
    params: dict[str, Any], known: frozenset[str] | set[str], above: str = ""
) -> None:
    """Refuse what is in Stripe's contract but not imitated here, rather than overlook it."""
    for name in params:
        if name not in known:
            raise refusals.beyond(f"{above}[{name}]" if above else name)


# The hosted page


def pay(world: World, session: Row, method: Row, *, authenticated: bool = False) -> None:
    """The customer has confirmed the page with this means; a decline raises its refusal."""
    intent = world.tables["payment_intent"].get(session["payment_intent"] or "")
    if intent is None:
        given = dict(session["_intent"])
        intent = paying.new_intent(
            world,
            live=session["livemode"],
            amount=session["amount_total"],
            currency=session["currency"],
            methods=session["payment_method_types"],
            _session=session["id"],
            **given,
        )
        session["payment_intent"] = intent["id"]
    session["_who"] = method["billing_details"]
    paying.confirm(world, intent, method, authenticated=authenticated)
    if intent["status"] in ("succeeded", "processing"):
        _complete(world, session, paid=intent["status"] == "succeeded")


def _complete(world: World, session: Row, *, paid: bool) -> None:
    who = session["_who"]
    details = {"address": {"country": "DE"}, "email": who["email"], "name": who["name"]}
    change(
        session,
        status="complete",
        payment_status="paid" if paid else "unpaid",
        url=None,
        customer_details=details | {"phone": None, "tax_exempt": "none", "tax_ids": []},
    )
    world.happened("checkout.session.completed", session)
    if link := world.tables["payment_link"].get(session["payment_link"] or ""):
        count_completed(world, link)


def expire(world: World, session: Row) -> Row:
    """POST …/expire: only an open session can be ended."""
    if session["status"] != "open":
        raise Refusal(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of {session['status']}.",
        )
    return _end(world, session)


def session_expires(world: World, wanted: str) -> None:
    """Its time has come."""
    session = world.tables["checkout.session"][wanted]
    if session["status"] == "open":
        _end(world, session)


def _end(world: World, session: Row) -> Row:
    change(session, status="expired", url=None)
    world.happened("checkout.session.expired", session)
    intent = world.tables["payment_intent"].get(session["payment_intent"] or "")
    if intent and intent["status"] in paying.OPEN:
        cancel(world, intent, "automatic")
    return session


def cancel(world: World, intent: Row, reason: str | None) -> Row:
    """The intent is given up; nothing can be paid with it any more."""
    change(intent, status="canceled", canceled_at=world.now(), cancellation_reason=reason)
    world.happened("payment_intent.canceled", intent)
    return intent


def count_completed(world: World, link: Row) -> None:
    """One more session of a Payment Link is complete; at its limit it closes."""
    if not link["restrictions"]:
        return
    completed = link["restrictions"]["completed_sessions"]
    completed["count"] += 1
    if completed["count"] >= completed["limit"] and link["active"]:
        change(link, active=False)
        world.happened("payment_link.updated", link, before={"active": True})
