"""Jobs: work in the background that survives lost messages, dead workers and bad moments.

    @jobs.job("banking.match", title="Umsätze zuordnen")
    def match_all(run, *, account_id):
        ...
        return {"matched": 12}

    jobs.enqueue("banking.match", by=request.user, params={"account_id": 3})

The row is the queue of record; a message only says "look at this row". A job must be able to run
twice: it asks the database what is still to do.
"""

import hashlib
import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from workmate import audit, errors, logs
from workmate.models import JobRun, User
from workmate.models.job import Cancelled
from workmate.outside import TemporaryFailure

logger = logging.getLogger(__name__)

Function = Callable[..., dict[str, Any] | None]
RETRIES = 6
KEY_LENGTH = 100  # longer ones are known by their SHA-256
LATE = timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    """A registered job."""

    name: str
    title: str
    function: Function
    key: Callable[[dict[str, Any]], str] | None
    retries: int
    page: str


REGISTRY: dict[str, Job] = {}


def job(
    name: str,
    *,
    title: str,
    key: Callable[[dict[str, Any]], str] | None = None,
    retries: int = RETRIES,
    page: str = "",
) -> Callable[[Function], Function]:
    """Register a function `(run, **params) -> result` under a name.

    Runs with the same key wait for each other; without `key` that is the same name with the same
    parameters. TemporaryFailure is tried `retries` times more, from 15 seconds to 16 minutes apart.
    `page` names the URL that shows a run where the job has a page of its own.
    """

    def register(function: Function) -> Function:
        if name in REGISTRY:
            raise ValueError(f"job {name} is declared twice")
        REGISTRY[name] = Job(name, title, function, key, retries, page)
        return function

    return register


def title_of(name: str) -> str:
    """The German title of a job; its name when the job is gone."""
    return REGISTRY[name].title if name in REGISTRY else name


def is_last_attempt(run: JobRun) -> bool:
    """Whether a TemporaryFailure would end the run that is going on."""
    return run.attempts > REGISTRY[run.name].retries


def page_of(name: str) -> str:
    """The name of the URL that shows a run of this job."""
    return (REGISTRY[name].page if name in REGISTRY else "") or "job"


def enqueue(name: str, *, by: User, params: dict[str, Any] | None = None) -> JobRun:
    """Write down that the job shall run, and send it when the transaction commits."""
    chosen = REGISTRY[name]
    content = json.loads(json.dumps(params or {}, cls=DjangoJSONEncoder))
    own_key = chosen.key(content) if chosen.key else json.dumps(content, sort_keys=True)
    if len(own_key) > KEY_LENGTH:
        own_key = hashlib.sha256(own_key.encode()).hexdigest()
    run = JobRun.objects.create(name=name, params=content, key=f"{name}:{own_key}", created_by=by)
    _send_on_commit(run.pk)
    return run


def execute(run_id: int) -> None:
    """Run it, unless it is done, runs already, waits for its time, or its key is taken."""
    with _locked(f"run:{run_id}") as mine:
        run = JobRun.objects.filter(pk=run_id).first() if mine else None
        if run is None or run.is_over:
            return
        if run.not_before and run.not_before > timezone.now():
            return
        with _locked(f"key:{run.key}") as free:
            if free:
                _attempt(run)
            else:
                _postpone(run, 5)


@transaction.atomic
def restart(run: JobRun, *, by: User) -> JobRun:
    """Run a failed or cancelled job once more; NOT_RESTARTABLE otherwise."""
    run = JobRun.objects.select_for_update().get(pk=run.pk)
    if not run.can_restart:
        raise errors.NOT_RESTARTABLE(title=run.title)
    _set(
        run,
        state=JobRun.State.QUEUED,
        attempts=0,
        error="",
        error_code="",
        cancel_requested=False,
        not_before=None,
        finished_at=None,
    )
    audit.record("job.restarted", run, by=by)
    _send_on_commit(run.pk)
    return run


@transaction.atomic
def cancel(run: JobRun, *, by: User) -> JobRun:
    """Take a waiting job off the queue, or ask a running one to stop at its next step."""
    run = JobRun.objects.select_for_update().get(pk=run.pk)
    if run.state == JobRun.State.QUEUED:
        _set(run, state=JobRun.State.CANCELLED, finished_at=timezone.now())
    elif run.state == JobRun.State.RUNNING:
        _set(run, cancel_requested=True)
    else:
        return run
    audit.record("job.cancelled", run, by=by)
    return run


def sweep(*, at: datetime, limit: int = 200) -> int:
    """Send again what waits though its time has come, and what ran in a worker that died.

    Returns how many messages were sent; sending one too many is harmless.
    """
    late = at - LATE
    waiting = JobRun.objects.filter(state=JobRun.State.QUEUED).filter(
        Q(not_before=None, created_at__lte=late) | Q(not_before__lte=at)
    )
    found = list(waiting.order_by("created_at").values_list("pk", flat=True)[:limit])
    for run in JobRun.objects.filter(state=JobRun.State.RUNNING, started_at__lte=late)[:limit]:
        with _locked(f"run:{run.pk}") as free:
            if free:
                logger.warning("job's worker died", extra={"job": run.pk, "job_name": run.name})
                found.append(run.pk)
    for pk in found:
        _send(pk)
    return len(found)


def _attempt(run: JobRun) -> None:
    chosen = REGISTRY.get(run.name)
    if chosen is None:
        return _fail(run, "", f"Die Aufgabe {run.name} gibt es in dieser Version nicht mehr.")
    if run.attempts > chosen.retries + 3:
        return _fail(run, "", "Die Aufgabe hat ihren Prozess mehrmals beendet.")
    if run.cancel_requested:
        return _set(run, state=JobRun.State.CANCELLED, finished_at=timezone.now())
    started = {"attempts": run.attempts + 1, "started_at": timezone.now()}
    if not _move(run, state=JobRun.State.RUNNING, **started):
        return None
    token = logs.request_id.set(f"job-{run.pk}")
    try:
        result = chosen.function(run, **run.params)
    except Cancelled:
        _set(run, state=JobRun.State.CANCELLED, finished_at=timezone.now())
    except (TemporaryFailure, OperationalError) as failure:
        _retry(run, chosen, failure)
    except errors.Problem as problem:
        _fail(run, problem.code, f"{problem.message} {problem.advice}")
    except Exception:
        logger.exception("job failed", extra={"job": run.pk, "job_name": run.name})
        bug = errors.INTERNAL(reference=logs.request_id.get())
        _fail(run, bug.code, f"{bug.message} {bug.advice}")
    else:
        content = json.loads(json.dumps(result or {}, cls=DjangoJSONEncoder))
        _set(
            run,
            state=JobRun.State.DONE,
            result=content,
            error="",
            error_code="",
            finished_at=timezone.now(),
        )
    finally:
        logs.request_id.reset(token)
    return None


def _retry(run: JobRun, chosen: Job, failure: Exception) -> None:
    logger.warning("job will be tried again", extra={"job": run.pk, "reason": str(failure)})
    if isinstance(failure, TemporaryFailure):
        code, text = failure.code, f"{failure.message} {failure.advice}"
    else:
        code, text = "", "Die Datenbank war gerade nicht erreichbar."
    if run.attempts > chosen.retries:
        return _fail(run, code, text)
    _set(run, error=text, error_code=code)
    seconds = 15 * 2 ** (run.attempts - 1)
    return _postpone(run, seconds * random.uniform(0.75, 1.25))  # noqa: S311 — spreads, no secret


def _postpone(run: JobRun, seconds: float) -> None:
    at = timezone.now() + timedelta(seconds=seconds)
    if _move(run, state=JobRun.State.QUEUED, not_before=at):
        _send(run.pk, seconds)


def _fail(run: JobRun, code: str, text: str) -> None:
    logger.warning("job gave up", extra={"job": run.pk, "job_name": run.name, "code": code})
    _set(run, state=JobRun.State.FAILED, error_code=code, error=text, finished_at=timezone.now())


def _move(run: JobRun, **changes: Any) -> bool:
    """Change a run that waits or runs; a person may have cancelled it a moment ago."""
    alive = JobRun.objects.filter(pk=run.pk, state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING])
    if not alive.update(**changes):
        return False
    for name, value in changes.items():
        setattr(run, name, value)
    return True


def _set(run: JobRun, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(run, name, value)
    JobRun.objects.filter(pk=run.pk).update(**changes)


def _send_on_commit(run_id: int) -> None:
    transaction.on_commit(lambda: _send(run_id))


def _send(run_id: int, countdown: float = 0) -> None:
    """Tell a worker to look at the row; without a broker the sweep tells it later."""
    try:
        current_app.send_task("workmate.tasks.run_job", args=[run_id], countdown=countdown)
    except BrokerError:
        logger.warning("broker not reachable, the sweep will send", extra={"job": run_id})


@contextmanager
def _locked(name: str) -> Iterator[bool]:
    """Try a lock that ends with the block or, when the process dies, with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 4713))", [name])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 4713))", [name])
