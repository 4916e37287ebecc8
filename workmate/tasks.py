"""Celery's tasks: load by id, call the function, nothing else."""

from celery import shared_task
from django.utils import timezone

from workmate import audit, idempotency, jobs, login
from workmate.models import User


@shared_task
def run_job(run_id: int) -> None:
    """Run one job."""
    jobs.execute(run_id)


@shared_task
def enqueue_job(name: str) -> None:
    """Start a job of the timetable."""
    jobs.enqueue(name, by=User.objects.system())


@shared_task
def sweep_jobs() -> None:
    """Send lost messages again."""
    jobs.sweep(at=timezone.now())


@shared_task
def export_audit_head() -> None:
    """Write the audit trail's head where the database cannot reach it."""
    audit.export_head(at=timezone.now())


@shared_task
def forget_answers() -> None:
    """Remove answers that no repeated request may ask for any more."""
    idempotency.forget(at=timezone.now())


@shared_task
def forget_logins() -> None:
    """Remove sessions that have ended and what was noted about logins."""
    login.forget()
