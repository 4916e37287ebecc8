"""Uploading files: small ones are read at once, large ones by a job; a bad one stops no other."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from banking import errors
from banking.archive import is_archive
from banking.csv_formats.reading import MAX_SIZE
from banking.importing import import_statement
from banking.models import BankAccount, StatementImport
from banking.reading import media_type
from banking.sampling import sample
from workmate import documents, jobs
from workmate.errors import Problem
from workmate.models import Document, JobRun, User

AT_ONCE = 2 * 1024 * 1024  # bytes; about 20,000 bookings


@dataclass(frozen=True)
class Outcome:
    """What became of a file: a statement, a job that reads it, or why not.

    `unknown` is the kept file whose columns a person can map.
    """

    filename: str
    statement: int | None = None
    job: int | None = None
    problem: str = ""
    unknown: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def upload(
    account: BankAccount | None, file: UploadedFile, *, by: User
) -> StatementImport | JobRun:
    """Read the file in, or hand it to a job; raises what `import_statement` raises."""
    name, size = file.name or "", file.size or 0
    if size > MAX_SIZE:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
    data = file.read()
    if size <= AT_ONCE:
        return import_statement(account, data, filename=name, by=by)
    document = _kept(data, name, by)
    params = {
        "document_id": document.pk,
        "account_id": account.pk if account else None,
        "filename": name,
    }
    return jobs.enqueue("banking.import", by=by, params=params)


def kept_unknown(problem: Problem, file: UploadedFile, *, by: User) -> Document | None:
    """The file, kept while a person maps its columns; None where it cannot be mapped."""
    if problem.code != errors.UNKNOWN_FORMAT.code:
        return None
    file.seek(0)
    data = file.read()
    return _kept(data, file.name or "", by) if can_be_mapped(data) else None


def can_be_mapped(data: bytes) -> bool:
    """Whether a table with days and amounts is in the file."""
    if is_archive(data):
        return False
    try:
        sample(data)
    except Problem:
        return False
    return True


def _kept(data: bytes, name: str, by: User) -> Document:
    return documents.store(
        f"banking.upload:{documents.digest_of(data)}",
        data,
        filename=name,
        media_type=media_type(data),
        kind="statement",
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
        if kept := kept_unknown(problem, file, by=by):
            return Outcome(name, unknown=kept.pk)
        return Outcome(name, problem=f"{problem.message} {problem.advice} ({problem.code})")
    if isinstance(made, JobRun):
        return Outcome(name, job=made.pk)
    return Outcome(name, statement=made.pk)
