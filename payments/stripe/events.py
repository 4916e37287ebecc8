"""Events: each is applied once, by asking Stripe how the object that it speaks of stands now.

An event is only the reason to look. So it does not matter in which order events come, how often,
or that several speak of the same money: what is booked depends on the object alone.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from payments.stripe import checkout, connecting, errors, payouts, receiving, returning
from payments.stripe.client import Client, keep_open
from payments.stripe.models import StripeAccount, StripeEvent
from payments.stripe.webhook import order
from workmate import audit, logs
from workmate.errors import Problem
from workmate.models import User

logger = logging.getLogger(__name__)

State = StripeEvent.State
OVER = (State.DONE, State.IGNORED)


def apply(pk: int) -> StripeEvent:
    """Apply an event that waits or has failed. Whatever is raised is noted with the event."""
    try:
        with transaction.atomic():
            event = StripeEvent.objects.select_for_update().get(pk=pk)
            if event.state in OVER:
                return event
            result = _look(event)
            event.state = State.DONE if result else State.IGNORED
            event.result = result or "Für diese Art von Ereignis ist nichts zu tun."
            event.attempts += 1
            event.applied_at = timezone.now()
            event.save(update_fields=["state", "result", "attempts", "applied_at"])
        return event
    except Exception as failure:
        _note(pk, failure)
        raise


@transaction.atomic
def retry(event: StripeEvent, *, by: User) -> StripeEvent:
    """Order the application of an event that has failed; raises NOT_RETRYABLE."""
    event = StripeEvent.objects.select_for_update().get(pk=event.pk)
    if event.state in OVER:
        raise errors.NOT_RETRYABLE()
    StripeEvent.objects.filter(pk=event.pk).update(state=State.RECEIVED)
    audit.record("stripe.event_retried", event, by=by)
    order(event)
    return event


def _look(event: StripeEvent) -> str:
    """Look at what the event speaks of; what was done, empty where nothing is to do."""
    account = connecting.account()
    if account is None:
        raise errors.NOT_CONNECTED()
    told = event.payload["data"]["object"]
    if reason := _stranger(event, account):
        return receiving.park_told(told, reason) or reason
    return look(keep_open(account.secret_key), account, told)


def look(client: Client, account: StripeAccount, told: dict[str, Any]) -> str:
    """Ask Stripe how this object stands and book what is not booked."""
    kind, number = told.get("object"), told.get("id", "")
    intent = told.get("payment_intent") or ""
    if kind == "checkout.session":
        return checkout.look(client, account, number)
    if kind == "payment_intent":
        return receiving.look(client, account, number)
    if kind == "charge" and intent:
        done = receiving.look(client, account, intent)
        if told.get("amount_refunded"):
            done += " " + returning.look_at_refunds(client, account, intent)
        return done.strip()
    if kind == "refund" and intent:
        return returning.look_at_refund(client, account, number, intent)
    if kind == "dispute" and intent:
        return returning.look_at_dispute(client, account, number, intent)
    if kind == "payout":
        return payouts.look(client, account, number)
    return ""


def _stranger(event: StripeEvent, account: StripeAccount) -> str:
    """Why this event is none of our account and mode, where it is not."""
    if event.livemode != account.livemode:
        modes = {True: "dem echten Betrieb", False: "dem Testmodus"}
        return (
            f"Das Ereignis stammt aus {modes[event.livemode]}, "
            f"eingerichtet sind Schlüssel aus {modes[account.livemode]}."
        )
    if event.account_id and event.account_id != account.account_id:
        return f"Das Ereignis gehört zum fremden Konto {event.account_id}."
    return ""


def _note(pk: int, failure: Exception) -> None:
    """Keep what went wrong where a person sees it."""
    if isinstance(failure, Problem):
        text = f"{failure.message} {failure.advice}"
    else:
        logger.error("stripe event failed", extra={"event_pk": pk}, exc_info=failure)
        text = f"Der Fehler liegt bei uns ({type(failure).__name__})."
    StripeEvent.objects.filter(pk=pk).exclude(state__in=OVER).update(
        state=State.FAILED, result=logs.redact(text), attempts=F("attempts") + 1
    )
