"""Work in the background: printing what a crash left out; what a process loads at its start."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from django.utils import timezone
from django.utils.timezone import localdate

from invoicing import (
    archiving,
    bulk_discarding,
    bulk_issuing,
    bulk_running,
    bulk_sending,
    collecting,
    pdf,
    restoring,
    sending,
)
from invoicing.einvoice import validate
from invoicing.models import Invoice
from workmate import jobs
from workmate.models import JobRun, User

logger = logging.getLogger(__name__)


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Compile rules and load fonts, so that the first invoice is as fast as the next."""
    validate.warm_up()
    pdf.warm_up()


@jobs.job("invoicing.archive_pdfs", title="Fehlende PDF erzeugen")
def archive_pdfs(run: JobRun) -> dict[str, int]:
    """Print every issued document that has no PDF yet; one that fails does not stop the others."""
    documents = Invoice.objects.select_related("xml")
    missing = list(Invoice.objects.without_pdf().order_by("pk").values_list("pk", flat=True))
    failed = 0
    for done, pk in enumerate(missing, start=1):
        try:
            archiving.archive_pdf(documents.get(pk=pk), by=run.created_by)
        except Exception:
            failed += 1
            logger.exception("document without PDF", extra={"invoice": pk})
        run.progress(done, len(missing))
    return {"printed": len(missing) - failed, "failed": failed}


@jobs.job(
    sending.JOB,
    title="Rechnung versenden",
    key=lambda params: str(params["dispatch"]),
    retries=9,  # two hours: who greylists wants the second attempt after minutes, some after one
)
def deliver(run: JobRun, *, dispatch: int) -> dict[str, int]:
    """Hand a dispatch to the mail server."""
    return sending.deliver(dispatch, run)


@jobs.job(bulk_issuing.ISSUING.job, title="Rechnungen stellen", page="invoicing:bulk-run")
def issue_drafts(run: JobRun, **_: Any) -> dict[str, int]:
    """Issue the drafts of the run's rows that are left."""
    return bulk_running.lead(run)


@jobs.job(bulk_sending.SENDING.job, title="Rechnungen versenden", page="invoicing:bulk-run")
def send_documents(run: JobRun, **_: Any) -> dict[str, int]:
    """Queue the mails of the run's rows that are left."""
    return bulk_running.lead(run)


@jobs.job(bulk_discarding.DISCARDING.job, title="Entwürfe löschen", page="invoicing:bulk-run")
def discard_drafts(run: JobRun, **_: Any) -> dict[str, int]:
    """Delete the drafts of the run's rows that are left."""
    return bulk_running.lead(run)


@jobs.job(collecting.JOB, title="Belege zusammenstellen", page="invoicing:collection")
def collect(run: JobRun, **_: Any) -> dict[str, Any]:
    """Write documents and tables into one ZIP."""
    return collecting.collect(run, on=localdate())


@shared_task
def help_in_bulk(run_id: int) -> None:
    """Work beside the worker that runs this job."""
    bulk_running.help_with(run_id)


@shared_task
def sweep_pdfs() -> None:
    """Start the job when a PDF is missing."""
    if Invoice.objects.without_pdf().exists():
        jobs.enqueue("invoicing.archive_pdfs", by=User.objects.system())


@shared_task
def forget_collections() -> None:
    """Remove files that nobody may fetch any more."""
    collecting.forget(at=timezone.now())


@shared_task
def forget_drafts() -> None:
    """Forget drafts that were deleted long ago."""
    restoring.forget(at=timezone.now())
