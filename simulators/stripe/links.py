"""Payment Links: an address that opens a Checkout Session for every visitor."""

from typing import Any

from simulators.stripe import money
from simulators.stripe.checkout import (
    KNOWN_OF_INTENT,
    item,
    new_session,
    refuse_unknown,
    total_of,
)
from simulators.stripe.world import Row, World, change

KNOWN = frozenset(
    "active after_completion billing_address_collection currency custom_text customer_creation "
    "expand inactive_message line_items metadata payment_intent_data payment_method_types "
    "phone_number_collection restrictions submit_type tax_id_collection".split()
)


def create_link(world: World, params: dict[str, Any], *, live: bool) -> Row:
    """POST /v1/payment_links."""
    refuse_unknown(params, KNOWN)
    refuse_unknown(params.get("payment_intent_data", {}), KNOWN_OF_INTENT, "payment_intent_data")
    items = [item(world, one, place, live) for place, one in enumerate(params["line_items"])]
    currency, total = total_of(items)
    money.check_amount(total, currency)
    after = {"hosted_confirmation": {"custom_message": None}, "type": "hosted_confirmation"}
    link = world.add(
        "plink_",
        live=live,
        active=True,
        after_completion=params.get("after_completion", after),
        allow_promotion_codes=False,
        billing_address_collection=params.get("billing_address_collection", "auto"),
        currency=currency,
        custom_fields=[],
        customer_creation=params.get("customer_creation", "if_required"),
        inactive_message=params.get("inactive_message"),
        metadata=params.get("metadata") or {},
        payment_intent_data=params.get("payment_intent_data"),
        payment_method_collection="always",
        payment_method_types=params.get("payment_method_types"),
        restrictions=_restrictions(params),
        shipping_options=[],
        submit_type=params.get("submit_type", "auto"),
        _items=items,
    )
    link["url"] = f"{world.base_url}/b/{link['id']}"
    world.happened("payment_link.created", link)
    return link


def _restrictions(params: dict[str, Any]) -> Row | None:
    limit = (params.get("restrictions") or {}).get("completed_sessions", {}).get("limit")
    return {"completed_sessions": {"count": 0, "limit": limit}} if limit else None


def update_link(world: World, link: Row, params: dict[str, Any]) -> Row:
    """POST /v1/payment_links/:id; deactivated links open no new session."""
    refuse_unknown(params, KNOWN - {"line_items", "currency"})
    values = {name: value for name, value in params.items() if name not in {"expand", "metadata"}}
    if "restrictions" in values:
        counted = (link["restrictions"] or {}).get("completed_sessions", {}).get("count", 0)
        values["restrictions"] = _restrictions(params)
        if values["restrictions"]:
            values["restrictions"]["completed_sessions"]["count"] = counted
    if "metadata" in params:
        values["metadata"] = merged(link["metadata"], params["metadata"])
    before = change(link, **values)
    world.happened("payment_link.updated", link, before=before)
    return link


def merged(old: Row, new: Row | str) -> Row:
    """Metadata after an update: an empty value removes its key, an empty string all."""
    return {key: value for key, value in (old | new).items() if value} if new else {}  # type: ignore[operator]


def visit_link(world: World, link: Row) -> Row | None:
    """The session of a new visitor; None where the link is not active."""
    if not link["active"]:
        return None
    params = {
        "metadata": dict(link["metadata"]),
        "payment_intent_data": link["payment_intent_data"] or {},
        "success_url": f"{world.base_url}/paid",
        "locale": "de",
    }
    if link["payment_method_types"]:
        params["allowed_payment_method_types"] = link["payment_method_types"]
    session = new_session(world, link["_items"], params, live=link["livemode"])
    session["payment_link"] = link["id"]
    return session
