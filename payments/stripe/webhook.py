"""The webhook: what Stripe tells is verified, kept once, and answered before it is applied."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import stripe
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerError

from payments.stripe import connecting, errors
from payments.stripe.models import StripeEvent
from workmate.errors import BAD_REQUEST
from workmate.logs import HIDDEN

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
TOLERANCE = 300  # seconds that a signature may be old
TASK = "payments.tasks.apply_event"


def receive(body: bytes, signature: str) -> StripeEvent | None:
    """Keep the event of a webhook and order its application; None where it is known already.

    Raises NOT_CONNECTED, WRONG_SIGNATURE and BAD_REQUEST. Any failure to store it is an exception,
    so that Stripe hears of it and tells the event again.
    """
    verify(body, signature)
    try:
        event = json.loads(body)
    except ValueError as error:
        raise BAD_REQUEST() from error
    if not _is_event(event):
        raise BAD_REQUEST()
    return keep(event, source=StripeEvent.Source.WEBHOOK)


def _is_event(told: Any) -> bool:
    """Whether it has all that an event of Stripe has."""
    if not isinstance(told, dict) or told.get("object") != "event":
        return False
    data = told.get("data")
    return {"id", "type", "livemode", "created"} <= told.keys() and (
        isinstance(data, dict) and isinstance(data.get("object"), dict)
    )


def verify(body: bytes, signature: str) -> None:
    """Raise WRONG_SIGNATURE unless one of our secrets has signed these bytes just now."""
    account = connecting.account()
    if account is None:
        raise errors.NOT_CONNECTED()
    text = body.decode("utf-8", "replace")
    for secret in account.webhook_secrets:
        try:
            stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        return
    logger.warning("stripe webhook refused", extra={"bytes": len(body)})
    raise errors.WRONG_SIGNATURE()


@transaction.atomic
def keep(event: dict[str, Any], *, source: str) -> StripeEvent | None:
    """Store an event by its id and order its application with it; None where it is known."""
    row, is_new = StripeEvent.objects.get_or_create(
        event_id=event["id"],
        defaults={
            "type": event["type"],
            "api_version": event.get("api_version") or "",
            "livemode": event["livemode"],
            "account_id": event.get("account") or "",
            "object_id": event["data"]["object"].get("id") or "",
            "happened_at": datetime.fromtimestamp(event["created"], UTC),
            "payload": without_secrets(event),
            "source": source,
        },
    )
    if not is_new:
        return None
    order(row)
    return row


def order(event: StripeEvent) -> None:
    """Have a worker apply the event as soon as it is stored.

    The row is the queue of record: where the message gets lost, the sweep orders it again.
    """
    transaction.on_commit(lambda: _send(event.pk))


def _send(pk: int) -> None:
    try:
        current_app.send_task(TASK, args=[pk])
    except BrokerError:
        logger.warning("broker not reachable, the sweep will send", extra={"event_pk": pk})


def without_secrets(value: Any) -> Any:
    """A payload without what lets its holder go on paying."""
    if isinstance(value, dict):
        return {
            key: HIDDEN if key == "client_secret" and inner else without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return value
