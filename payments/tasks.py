"""Work of payments in the background."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from payments.stripe import catching_up, events, webhook
from workmate import jobs
from workmate.models import JobRun


@jobs.job(webhook.JOB, title="Stripe-Ereignis verarbeiten", key=lambda params: str(params["event"]))
def apply_event(run: JobRun, *, event: int) -> dict[str, Any]:
    """Book what an event of Stripe speaks of."""
    done = events.apply(event)
    return {"event": done.event_id, "result": done.result}


@jobs.job(catching_up.JOB, title="Stripe abgleichen", key=lambda params: "all")
def catch_up(run: JobRun) -> dict[str, Any]:
    """Fetch events that were never told, and look again at what is not done."""
    return catching_up.catch_up(at=timezone.now())


@shared_task
def sweep_stripe() -> None:
    """Close what nobody shall pay any more, and try failed events again."""
    catching_up.sweep(at=timezone.now())


@shared_task
def poll_stripe() -> None:
    """Start the job, if Stripe is connected."""
    catching_up.start()
