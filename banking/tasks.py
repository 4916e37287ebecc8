"""Work of banking in the background."""

import time
from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings

from banking import arriving, errors, running, waiting
from banking.collecting import collect
from banking.importing import import_statement
from banking.models import BankAccount, CsvMapping, StatementImport, WaitingFile
from workmate import documents, jobs
from workmate.errors import Problem
from workmate.models import Document, JobRun, User


@jobs.job(
    running.MATCHING,
    title="Umsätze zuordnen",
    key=lambda params: "all",
    page="banking:run",
)
def match_job(run: JobRun, account_id: int | None = None) -> dict[str, Any]:
    """Match what leaves no doubt, in one account or in all."""
    account = BankAccount.objects.get(pk=account_id) if account_id else None
    return running.match_all(account, by=run.created_by, run=run)


@jobs.job(running.UNDOING, title="Zuordnungslauf aufheben")
def undo_job(run: JobRun, run_id: int) -> dict[str, Any]:
    """Take back what a run of the matcher has booked."""
    of = JobRun.objects.get(pk=run_id, name=running.MATCHING)
    return running.undo_run(of, by=run.created_by)


@jobs.job("banking.import", title="Kontoauszug einlesen", page="banking:import_run")
def import_job(
    run: JobRun,
    document_id: int,
    filename: str,
    account_id: int | None = None,
    mapping_id: int | None = None,
) -> dict[str, Any]:
    """Read an uploaded file in; a run that was cut off after storing finds what it made.

    Where no format fits, `waiting` counts the files whose columns a person has to map and
    `unknown` is the only one.
    """
    document = Document.objects.get(pk=document_id)
    mine = {"created_by": run.created_by, "created_at__gte": run.created_at}
    made = StatementImport.objects.filter(document__sha256=document.sha256, **mine)
    imported = made.order_by("pk").first()
    if imported is None:
        account = BankAccount.objects.get(pk=account_id) if account_id else None
        mapping = CsvMapping.objects.filter(pk=mapping_id).first()
        if mapping_id and mapping is None:
            raise errors.MAPPING_GONE()
        data = documents.read(document)
        try:
            imported = import_statement(
                account, data, filename=filename, by=run.created_by, mapping=mapping, run=run
            )
        except Problem as problem:
            kept = waiting.keep_refused(
                account,
                data,
                problem,
                filename=filename,
                source=WaitingFile.Source.UPLOAD,
                by=run.created_by,
            )
            if not kept:
                raise
            only = kept[0].document_id if len(kept) == 1 else None
            return {"waiting": len(kept), "unknown": only}
    return {"statement": imported.pk, "read": imported.read, "new": imported.new}


@shared_task
def collect_statements() -> None:
    """Read in what lies in the watched folder, if there is one."""
    folder = Path(settings.BANK_INBOX)
    if settings.BANK_INBOX and folder.is_dir():
        collect(folder, at=time.time(), by=User.objects.system())


@shared_task
def recall_arrivals() -> None:
    """Bring back the bookings of payouts that have failed."""
    arriving.recall_failed(by=User.objects.system())
