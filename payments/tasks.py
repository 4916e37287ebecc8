"""Work of payments in the background."""

from typing import Any

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from payments.stripe import catching_up, events
from workmate import jobs, logs
from workmate.errors import Problem
from workmate.models import JobRun
from workmate.outside import TemporaryFailure


@shared_task(bind=True, max_retries=6)
def apply_event(self: Any, event: int) -> None:
    """Book what an event of Stripe speaks of; what may pass by itself is tried again soon."""
    token = logs.request_id.set(f"stripe-{event}")
    try:
        events.apply(event)
    except (TemporaryFailure, OperationalError) as failure:
        raise self.retry(exc=failure, countdown=15 * 2**self.request.retries) from failure
    except Problem:
        return  # It stands with the event, where a person sees it.
    finally:
        logs.request_id.reset(token)


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
