"""Issuing many drafts as one job, on as many workers as are free.

Every draft is a row of the run. Whoever works takes a row that nobody holds (`SKIP LOCKED`),
issues its draft and writes the outcome in one transaction: a crash leaves both undone, so that
nothing is issued twice and nothing is lost. The run leads; the other workers get a message to
help. A helper that never comes costs time only, and one that dies gives its row back.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from celery import current_app
from django.db import OperationalError, transaction
from django.utils.timezone import localdate
from kombu.exceptions import OperationalError as BrokerError

from invoicing import errors, gate
from invoicing.issuing import issue
from invoicing.models import BulkRow, Invoice
from invoicing.numbering import expected_number
from workmate import audit, jobs, money
from workmate.errors import INTERNAL, Problem
from workmate.logs import request_id
from workmate.models import JobRun, User
from workmate.outside import TemporaryFailure

logger = logging.getLogger(__name__)

JOB = "invoicing.issue_drafts"
PERMISSION = "invoicing.issue_invoice"
LIMIT = 1000  # drafts of one run
PREVIEWED = 100  # drafts that are judged before they are confirmed
HELPERS = 3  # workers beside the leading one
TURN = 20  # drafts that a helper issues before it lets other jobs go first


@dataclass(frozen=True, kw_only=True)
class Group:
    """The drafts of one kind and currency: how many, what they come to, the next number."""

    kind: str
    count: int
    gross: Decimal
    currency: str
    first_number: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would happen to the chosen drafts today."""

    ready: Sequence[Invoice]
    refused: Sequence[tuple[Invoice, list[str]]]
    unjudged: Sequence[Invoice]  # beyond the first hundred; the run judges them

    @property
    def going(self) -> list[Invoice]:
        return [*self.ready, *self.unjudged]

    def groups(self, *, on: date) -> list[Group]:
        """What would be issued, by kind and currency, kinds in the order of their choices."""
        sums: dict[tuple[str, str], list[Decimal]] = {}
        for draft in self.going:
            sums.setdefault((draft.kind, draft.currency), []).append(draft.gross_total)
        order = list(Invoice.Kind)
        return [
            Group(
                kind=Invoice.Kind(kind).label,
                count=len(amounts),
                gross=sum(amounts, Decimal(0)),
                currency=currency,
                first_number=expected_number(kind, on),
            )
            for (kind, currency), amounts in sorted(
                sums.items(), key=lambda item: (order.index(Invoice.Kind(item[0][0])), item[0][1])
            )
        ]


def preview(drafts: Sequence[int], *, on: date) -> Preview:
    """Judge the drafts as the gate would on that day; what is no draft any more is left out."""
    found = list(_drafts(drafts))
    ready, refused = [], []
    for draft in found[:PREVIEWED]:
        fields = gate.check(draft, on=on).fields()
        if fields:
            refused.append((draft, [text for texts in fields.values() for text in texts]))
        else:
            ready.append(draft)
    return Preview(ready=ready, refused=refused, unjudged=found[PREVIEWED:])


@transaction.atomic
def order(wanted: Mapping[int, int | None], *, by: User) -> JobRun:
    """Have the drafts issued in the background; `wanted` maps each to the version that was seen.

    None stands for the version of this moment. Raises NOTHING_TO_ISSUE and TOO_MANY_DRAFTS.
    """
    if len(wanted) > LIMIT:
        raise errors.TOO_MANY_DRAFTS(limit=LIMIT)
    drafts = list(_drafts(list(wanted)))
    if not drafts:
        raise errors.NOTHING_TO_ISSUE()
    run = jobs.enqueue(JOB, by=by, params={"drafts": [draft.pk for draft in drafts]})
    BulkRow.objects.bulk_create(
        BulkRow(
            run=run,
            invoice=draft,
            version=wanted[draft.pk] or draft.version,
            label=_label(draft),
        )
        for draft in drafts
    )
    audit.record("invoice.bulk_ordered", run, by=by, payload={"count": len(drafts)})
    return run


def lead(run: JobRun, total: int) -> dict[str, int]:
    """Issue what still waits, with the help of other workers, until every row is decided."""
    waiting = run.bulk_rows.filter(state=BulkRow.State.WAITING)
    _ask_for_help(run.pk, min(HELPERS, waiting.count() - 1))
    while waiting.exists():
        run.progress(total - waiting.count(), total)
        # What is left may all be held by helpers: then wait for one, which ends or dies.
        if not issue_next(run, on=localdate()):
            issue_next(run, on=localdate(), wait=True)
    run.progress(total, total)
    return {state.label: run.bulk_rows.filter(state=state).count() for state in OUTCOMES}


OUTCOMES = (BulkRow.State.ISSUED, BulkRow.State.REFUSED)


def help_with(run_id: int) -> None:
    """Issue some drafts of a run that goes on, then queue up again behind other work."""
    going = JobRun.objects.filter(
        pk=run_id, state=JobRun.State.RUNNING, cancel_requested=False
    ).select_related("created_by")
    for _ in range(TURN):
        run = going.first()
        try:
            if run is None or not issue_next(run, on=localdate()):
                return
        except Problem:
            return  # The leading worker meets it too and ends the run with it.
    _ask_for_help(run_id, 1)


@transaction.atomic
def issue_next(run: JobRun, *, on: date, wait: bool = False) -> bool:
    """Issue one waiting draft of the run and write down what came of it; False without one.

    Raises ISSUING_WITHDRAWN when who ordered the run may not issue any more.
    """
    rows = run.bulk_rows.filter(state=BulkRow.State.WAITING)
    row = rows.select_for_update(skip_locked=not wait).order_by("pk").first()
    if row is None:
        return False
    row.findings = _refusal(row, by=_issuer(run), on=on)
    row.state = BulkRow.State.REFUSED if row.findings else BulkRow.State.ISSUED
    row.save(update_fields=["state", "findings"])
    return True


def _issuer(run: JobRun) -> User:
    """Who ordered the run, read again for each draft: a right may be taken while it goes on."""
    user = User.objects.get(pk=run.created_by_id)
    if not user.has_perm(PERMISSION):
        raise errors.ISSUING_WITHDRAWN(name=user.name)
    return user


def _refusal(row: BulkRow, *, by: User, on: date) -> list[str]:
    """Issue the draft; why not, in German, where it cannot be."""
    if row.invoice is None:
        return ["Der Entwurf wurde inzwischen gelöscht."]
    try:
        with transaction.atomic():
            issue(row.invoice, by=by, on=on, version=row.version)
    except (TemporaryFailure, OperationalError):
        raise  # the run is tried again, this row with it
    except Problem as problem:
        if problem.kind == errors.GATE_REFUSED:
            return [text for texts in problem.fields.values() for text in texts]
        return [f"{problem.message} {problem.advice}"]
    except Exception:
        logger.exception("draft not issued", extra={"invoice": row.invoice_id})
        bug = INTERNAL(reference=request_id.get())
        return [f"{bug.message} {bug.advice}"]
    return []


def _drafts(wanted: Sequence[int]) -> Any:
    drafts = Invoice.objects.drafts().filter(pk__in=wanted)
    return drafts.select_related("customer__partner").order_by("pk")


def _label(draft: Invoice) -> str:
    name = draft.customer.name if draft.customer else "ohne Kunden"
    return f"{name}, {money.format_amount(draft.gross_total)} {draft.currency}"


def _ask_for_help(run_id: int, helpers: int) -> None:
    try:
        for _ in range(helpers):
            current_app.send_task("invoicing.tasks.help_issuing", args=[run_id])
    except BrokerError:
        logger.warning("nobody helps: broker not reachable", extra={"job": run_id})
