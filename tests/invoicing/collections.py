"""Documents collected as the worker does it, and read as the receiver does."""

import csv
import io
import zipfile

from invoicing import collecting
from invoicing.tabling import Wanted
from workmate import jobs
from workmate.models import JobRun, User


def collected(owner: User, **wanted: object) -> JobRun:
    """A collection that has run; see what became of it."""
    run = collecting.order(Wanted(**wanted), by=owner)
    jobs.execute(run.pk)
    run.refresh_from_db()
    return run


def archive_of(run: JobRun, by: User) -> zipfile.ZipFile:
    """What lies in the file that somebody takes away."""
    return zipfile.ZipFile(io.BytesIO(collecting.hand_out(run, by=by).read_bytes()))


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
