"""Doing one thing to many documents as one job, on as many workers as are free.

Every document is a row of the run. Whoever works takes a row that nobody holds (`SKIP LOCKED`),
does the act and writes the outcome in one transaction: a crash leaves both undone, so that
nothing is done twice and nothing is lost. The run leads; the other workers get a message to
help. A helper that never comes costs time only, and one that dies gives its row back.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from celery import current_app
from django.db import OperationalError, transaction
from django.utils.timezone import localdate
from kombu.exceptions import OperationalError as BrokerError

from invoicing import errors
from invoicing.models import BulkRow, Invoice
from workmate import audit, jobs, money
from workmate.errors import INTERNAL, Problem
from workmate.logs import request_id
from workmate.models import JobRun, User
from workmate.outside import TemporaryFailure

logger = logging.getLogger(__name__)

LIMIT = 1000  # documents of one run
HELPERS = 3  # workers beside the leading one
TURN = 20  # documents that a helper does before it lets other jobs go first


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """An act that is done to many: by which job, with which right, to which documents."""

    job: str
    permission: str
    done: BulkRow.State
    fitting: Callable[[Sequence[int]], Any]  # the documents among these ids that it is for
    act: Callable[[Invoice, BulkRow, User, date], object]


BULKS: dict[str, Bulk] = {}


def register(bulk: Bulk) -> Bulk:
    """Make the act known to the runs of its job."""
    BULKS[bulk.job] = bulk
    return bulk


@transaction.atomic
def order(bulk: Bulk, wanted: Mapping[int, int | None], *, by: User, **params: Any) -> JobRun:
    """Have it done in the background; `wanted` maps each id to the version that was seen.

    None stands for the version of this moment. Raises NOTHING_TO_DO and TOO_MANY_AT_ONCE.
    """
    if len(wanted) > LIMIT:
        raise errors.TOO_MANY_AT_ONCE(limit=LIMIT)
    documents = list(bulk.fitting(list(wanted)))
    if not documents:
        raise errors.NOTHING_TO_DO()
    ids = [document.pk for document in documents]
    run = jobs.enqueue(bulk.job, by=by, params={"documents": ids, **params})
    BulkRow.objects.bulk_create(
        BulkRow(
            run=run,
            invoice=document,
            document_number=document.pk,
            version=wanted[document.pk] or document.version,
            label=_label(document),
        )
        for document in documents
    )
    payload = {"job": bulk.job, "count": len(documents)}
    audit.record("invoice.bulk_ordered", run, by=by, payload=payload)
    return run


def lead(run: JobRun) -> dict[str, int]:
    """Do what still waits, with the help of other workers, until every row is decided."""
    total = run.bulk_rows.count()
    waiting = run.bulk_rows.filter(state=BulkRow.State.WAITING)
    _ask_for_help(run.pk, min(HELPERS, waiting.count() - 1))
    while waiting.exists():
        run.progress(total - waiting.count(), total)
        # What is left may all be held by helpers: then wait for one, which ends or dies.
        if not act_on_next(run, on=localdate()):
            act_on_next(run, on=localdate(), wait=True)
    run.progress(total, total)
    outcomes = (BULKS[run.name].done, BulkRow.State.REFUSED)
    return {state.label: run.bulk_rows.filter(state=state).count() for state in outcomes}


def help_with(run_id: int) -> None:
    """Do some rows of a run that goes on, then queue up again behind other work."""
    going = JobRun.objects.filter(
        pk=run_id, state=JobRun.State.RUNNING, cancel_requested=False
    ).select_related("created_by")
    for _ in range(TURN):
        run = going.first()
        try:
            if run is None or not act_on_next(run, on=localdate()):
                return
        except Problem:
            return  # The leading worker meets it too and ends the run with it.
    _ask_for_help(run_id, 1)


@transaction.atomic
def act_on_next(run: JobRun, *, on: date, wait: bool = False) -> bool:
    """Do one waiting row of the run and write down what came of it; False without one.

    Raises RIGHT_WITHDRAWN when who ordered the run may not do it any more.
    """
    bulk = BULKS[run.name]
    rows = run.bulk_rows.filter(state=BulkRow.State.WAITING)
    row = rows.select_for_update(skip_locked=not wait).order_by("pk").first()
    if row is None:
        return False
    row.code, row.findings = _refusal(bulk, row, by=_actor(bulk, run), on=on)
    row.state = BulkRow.State.REFUSED if row.findings else bulk.done
    row.save(update_fields=["state", "code", "findings"])
    return True


def _actor(bulk: Bulk, run: JobRun) -> User:
    """Who ordered the run, read again for each row: a right may be taken while it goes on."""
    user = User.objects.get(pk=run.created_by_id)
    if not user.has_perm(bulk.permission):
        raise errors.RIGHT_WITHDRAWN(name=user.name)
    return user


def _refusal(bulk: Bulk, row: BulkRow, *, by: User, on: date) -> tuple[str, list[str]]:
    """Do the act; why not, as a code and in German, where it cannot be done."""
    try:
        if row.invoice is None:
            raise errors.DOCUMENT_GONE()
        with transaction.atomic():
            bulk.act(row.invoice, row, by, on)
    except (TemporaryFailure, OperationalError):
        raise  # the run is tried again, this row with it
    except Problem as problem:
        at_fields = [text for texts in problem.fields.values() for text in texts]
        return problem.code, at_fields or [f"{problem.message} {problem.advice}"]
    except Exception:
        logger.exception("bulk act failed", extra={"job": row.run_id, "invoice": row.invoice_id})
        bug = INTERNAL(reference=request_id.get())
        return bug.code, [f"{bug.message} {bug.advice}"]
    return "", []


def _label(document: Invoice) -> str:
    name = document.customer.name if document.customer else "ohne Kunden"
    text = f"{name}, {money.format_amount(document.gross_total)} {document.currency}"
    return f"{document.number}, {text}" if document.number else text


def _ask_for_help(run_id: int, helpers: int) -> None:
    try:
        for _ in range(helpers):
            current_app.send_task("invoicing.tasks.help_in_bulk", args=[run_id])
    except BrokerError:
        logger.warning("nobody helps: broker not reachable", extra={"job": run_id})
