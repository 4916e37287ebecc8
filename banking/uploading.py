"""Uploading files: small ones are read at once, large ones by a job; a bad one stops no other."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from banking import errors, waiting
from banking.csv_formats.reading import MAX_SIZE
from banking.importing import import_statement
from banking.mapping import keep
from banking.models import BankAccount, CsvMapping, StatementImport, WaitingFile
from workmate import jobs
from workmate.errors import Problem
from workmate.models import Document, JobRun, User

AT_ONCE = 2 * 1024 * 1024  # bytes; about 20,000 bookings


@dataclass(frozen=True)
class Outcome:
    """What became of a file: a statement, a job that reads it, or why not.

    `waiting` counts the files in it whose columns a person has to map, `unknown` is the only one.
    """

    filename: str
    statement: int | None = None
    job: int | None = None
    problem: str = ""
    waiting: int = 0
    unknown: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def upload(
    account: BankAccount | None,
    file: UploadedFile,
    *,
    by: User,
    mapping: CsvMapping | None = None,
) -> StatementImport | JobRun:
    """Read the file in, or hand it to a job; raises what `import_statement` raises."""
    name, size = file.name or "", file.size or 0
    if size > MAX_SIZE:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
    data = file.read()
    if size <= AT_ONCE:
        return import_statement(account, data, filename=name, by=by, mapping=mapping)
    return _ordered(account, waiting.archived(data, name, by=by), mapping, by=by)


@transaction.atomic
def read_mapped(
    chosen: CsvMapping, document: Document, data: bytes, *, by: User
) -> StatementImport | JobRun:
    """Keep the mapping of an account and read the file by it, a large one in a job.

    Raises what `import_statement` raises; then nothing is kept.
    """
    kept = keep(chosen, by=by)
    if len(data) <= AT_ONCE:
        return import_statement(kept.account, data, filename=document.filename, by=by)
    return _ordered(kept.account, document, kept, by=by)


def _ordered(
    account: BankAccount | None, document: Document, mapping: CsvMapping | None, *, by: User
) -> JobRun:
    """The job that reads an archived file in."""
    params = {
        "document_id": document.pk,
        "account_id": account.pk if account else None,
        "filename": document.filename,
    }
    if mapping is not None:
        params["mapping_id"] = mapping.pk
    return jobs.enqueue("banking.import", by=by, params=params)


def keep_waiting(
    account: BankAccount | None, problem: Problem, file: UploadedFile, *, by: User
) -> list[WaitingFile]:
    """A refused file, or those in it, kept while a person maps the columns; else nothing."""
    file.seek(0)
    return waiting.keep_refused(
        account,
        file.read(),
        problem,
        filename=file.name or "",
        source=WaitingFile.Source.UPLOAD,
        by=by,
    )


def upload_all(
    account: BankAccount | None, files: list[UploadedFile], *, by: User
) -> list[Outcome]:
    """Every file for itself, with its result or its problem."""
    return [_outcome(account, file, by) for file in files]


def _outcome(account: BankAccount | None, file: UploadedFile, by: User) -> Outcome:
    name = file.name or ""
    try:
        made = upload(account, file, by=by)
    except Problem as problem:
        if kept := keep_waiting(account, problem, file, by=by):
            return Outcome(name, waiting=len(kept), unknown=_only(kept))
        return Outcome(name, problem=f"{problem.message} {problem.advice} ({problem.code})")
    if isinstance(made, JobRun):
        return Outcome(name, job=made.pk)
    return Outcome(name, statement=made.pk)


def _only(kept: list[WaitingFile]) -> int | None:
    return kept[0].document_id if len(kept) == 1 else None
