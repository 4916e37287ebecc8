"""Work in the background: printing what a crash left out; what a process loads at its start."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from django.utils import timezone

from invoicing import archiving, bulk_issuing, pdf, restoring, sending
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


@jobs.job(bulk_issuing.JOB, title="Rechnungen stellen", page="invoicing:bulk-issue")
def issue_drafts(run: JobRun, *, drafts: list[int]) -> dict[str, int]:
    """Issue these drafts; their rows say which are left."""
    return bulk_issuing.lead(run, len(drafts))


@shared_task
def help_issuing(run_id: int) -> None:
    """Work beside the worker that runs this job."""
    bulk_issuing.help_with(run_id)


@shared_task
def sweep_pdfs() -> None:
    """Start the job when a PDF is missing."""
    if Invoice.objects.without_pdf().exists():
        jobs.enqueue("invoicing.archive_pdfs", by=User.objects.system())


@shared_task
def forget_drafts() -> None:
    """Forget drafts that were deleted long ago."""
    restoring.forget(at=timezone.now())
