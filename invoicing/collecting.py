"""Collecting issued documents into one ZIP: their files as archived, and tables beside them.

For whoever needs many at once: the tax adviser, an auditor (§ 147 (6) AO), another system. For a
span of days it holds the books of those days too and is what GoBD calls data access Z3, described
in `index.xml`. Every file is checked against its SHA-256 while it is read. Drafts are never part.

A job writes it into a folder that web and workers share; it lies there for seven days.
"""

import datetime
import hashlib
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from invoicing import errors
from invoicing.packing import KINDS, Packing, pack
from invoicing.tabling import Wanted
from workmate import audit, jobs
from workmate.models import Company, JobRun, User

JOB = "invoicing.collect"
KEPT = datetime.timedelta(days=7)
SPARE = 0.1  # of the free room that is left to others


@transaction.atomic
def order(wanted: Wanted, *, by: User) -> JobRun:
    """Have the ZIP written in the background; raises NOTHING_TO_COLLECT.

    Who asks for the same while it is written gets the same run.
    """
    if not wanted.rows().exists():
        raise errors.NOTHING_TO_COLLECT()
    params = wanted.to_params()
    going = JobRun.objects.filter(
        name=JOB,
        state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING],
        params=params,
        created_by=by,
        cancel_requested=False,
    )
    return going.first() or jobs.enqueue(JOB, by=by, params=params)


def collect(run: JobRun, *, on: datetime.date) -> dict[str, Any]:
    """Write the ZIP of the run, whole or not at all; gives what is to be known about it.

    Raises RIGHT_WITHDRAWN, NO_ROOM_TO_COLLECT and what `pack` raises.
    """
    wanted, by = wanted_by(run), User.objects.get(pk=run.created_by_id)
    if not may_have(run, by):
        raise errors.RIGHT_WITHDRAWN(name=by.name)
    count = wanted.rows().order_by().count()
    run.progress(0, count)
    place = _place(run)
    place.parent.mkdir(parents=True, exist_ok=True)
    _check_room(wanted, place.parent)
    part = place.with_suffix(".part")
    try:
        progress = partial(run.progress, total=count)
        pack(Packing(wanted=wanted, count=count, by=by, on=on, progress=progress), part)
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        done = {"documents": count, "size": part.stat().st_size, "sha256": digest}
        span = {"start": wanted.start, "end": wanted.end}
        with transaction.atomic():
            audit.record("invoices.collected", Company.get(), by=by, payload=span | done)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return done


def wanted_by(run: JobRun) -> Wanted:
    """What the run collects."""
    return Wanted.of(run.params)


def may_have(run: JobRun, user: User) -> bool:
    """Whether this person may see the run and its file."""
    needed = ["invoicing.view_invoice"]
    if wanted_by(run).is_span:
        needed.append("invoicing.export_invoice")
    return user.has_perms(needed)


def kept_until(run: JobRun) -> datetime.datetime | None:
    """When the file will be gone; None while it is not there."""
    return run.finished_at + KEPT if run.state == run.State.DONE and run.finished_at else None


def is_here(run: JobRun) -> bool:
    """Whether the file can be had now."""
    until = kept_until(run)
    return until is not None and until > timezone.now() and _place(run).exists()


@transaction.atomic
def hand_out(run: JobRun, *, by: User) -> Path:
    """The file, for somebody who takes it away; raises COLLECTION_NOT_READY, COLLECTION_GONE."""
    if run.state != run.State.DONE:
        raise errors.COLLECTION_NOT_READY()
    if not is_here(run):
        raise errors.COLLECTION_GONE()
    audit.record("collection.downloaded", run, by=by, payload={"sha256": run.result["sha256"]})
    return _place(run)


def latest(user: User) -> list[JobRun]:
    """The last spans that were asked for and are still kept, for whoever may have them."""
    since = timezone.now() - KEPT
    runs = JobRun.objects.filter(name=JOB, created_at__gte=since, params__ids=[])
    return [run for run in runs.order_by("-pk")[:5] if may_have(run, user)]


def forget(*, at: datetime.datetime) -> int:
    """Remove the files whose time is over, and what a crash left; gives their number."""
    gone = 0
    for path in Path(settings.EXPORTS_DIR).glob("*"):
        if path.stat().st_mtime < (at - KEPT).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _place(run: JobRun) -> Path:
    return Path(settings.EXPORTS_DIR) / f"{run.pk}.zip"


def _check_room(wanted: Wanted, folder: Path) -> None:
    """A full disk would stop the database as well."""
    sums = wanted.rows().order_by().aggregate(**{one: Sum(f"{one}__size") for one in KINDS})
    needed = sum(size or 0 for size in sums.values())
    free = shutil.disk_usage(folder).free
    if needed > free * (1 - SPARE):
        raise errors.NO_ROOM_TO_COLLECT(needed=needed // 1024**2, free=free // 1024**2)
