"""Catching up: what Stripe could not tell us is fetched, what failed is tried again.

Webhooks may be lost for days; Stripe keeps its events for thirty. So nothing depends on them but
speed.
"""

import logging
from datetime import datetime, timedelta

from payments.stripe import checkout, connecting, receiving, webhook
from payments.stripe.client import Client
from payments.stripe.models import StripeAccount, StripeCharge, StripeEvent, StripeRefund
from payments.stripe.returning import send_refund
from workmate import jobs
from workmate.errors import Problem
from workmate.models import User

logger = logging.getLogger(__name__)

JOB = "payments.stripe_catch_up"
KEPT = timedelta(days=29)  # how long Stripe's list of events goes back
OVERLAP = timedelta(minutes=10)  # events may appear in the list a little late
# After so many failures an event waits for a person; each pause is twice the one before.
MOST_ATTEMPTS = 20
PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=12)


def start() -> None:
    """Order the job where an account is connected."""
    if connecting.account():
        jobs.enqueue(JOB, by=User.objects.system())


def catch_up(*, at: datetime) -> dict[str, int]:
    """Fetch missed events, fees that were not known, and refunds whose answer was lost."""
    account = connecting.account()
    if account is None:
        return {}
    client = Client(account.secret_key)
    return {
        "fetched": poll(client, account, at=at),
        "fees": _fees(client, account, at=at),
        "refunds": _refunds(client, at=at),
    }


def poll(client: Client, account: StripeAccount, *, at: datetime) -> int:
    """Keep every event since the last look that the webhook did not bring; how many."""
    since = max((account.polled_until or at) - OVERLAP, at - KEPT)
    told = client.all(client.v1.events.list, created={"gte": int(since.timestamp())})
    rows = [row for row in told if row["type"] in connecting.EVENTS]
    found = [webhook.keep(row, source=StripeEvent.Source.POLL) for row in reversed(rows)]
    StripeAccount.objects.filter(pk=1).update(polled_until=at)
    return sum(1 for row in found if row)


def sweep(*, at: datetime) -> None:
    """Close ways to pay what is not owed any more; order failed events again."""
    _retry_failed(at=at)
    rows = list(checkout.stale(at=at)[:50])
    account = connecting.account() if rows else None
    if account is None:
        return
    client = Client(account.secret_key, read=10)
    for request in rows:
        try:
            checkout.close(request, client=client)
        except Problem as problem:
            extra = {"request": request.pk, "why": str(problem)}
            logger.warning("stripe request still open", extra=extra)


def _retry_failed(*, at: datetime) -> None:
    """Failed events whose pause is over, and those whose message got lost.

    One that is being applied just now is ordered in vain: it is done when its turn comes.
    """
    waiting = StripeEvent.objects.filter(
        state__in=[StripeEvent.State.FAILED, StripeEvent.State.RECEIVED],
        attempts__lt=MOST_ATTEMPTS,
        received_at__lt=at - PAUSE,
    )
    for event in waiting.order_by("pk")[:200]:
        if event.received_at + min(PAUSE * 2**event.attempts, LONGEST_PAUSE) < at:
            webhook.order(event)


def _fees(client: Client, account: StripeAccount, *, at: datetime) -> int:
    """Charges whose fee Stripe did not know when they were booked."""
    rows = StripeCharge.objects.filter(
        payment__isnull=False, fee_known=False, livemode=account.livemode, paid_at__gt=at - KEPT
    )
    for charge in rows:
        receiving.look(client, account, charge.payment_intent)
    return len(rows)


def _refunds(client: Client, *, at: datetime) -> int:
    """Refunds that were ordered and whose answer never came: the key makes saying it safe."""
    lost = StripeRefund.objects.filter(
        state=StripeRefund.State.CREATING,
        created_at__lt=at - PAUSE,
        created_at__gt=at - timedelta(hours=23),
    ).select_related("charge")
    for refund in lost:
        send_refund(refund, client=client)
    return len(lost)
