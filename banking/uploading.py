"""Uploading files: small ones are read at once, large ones by a job; a bad one stops no other."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from banking import errors
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
    """What became of a file: a statement, a job that reads it, or why not."""

    filename: str
    statement: int | None = None
    job: int | None = None
    problem: str = ""

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


def keep_unknown(file: UploadedFile, *, by: User) -> Document:
    """Keep a file that no format fits while a person maps its columns; raises NO_TABLE."""
    file.seek(0)
    data = file.read()
    sample(data)
    return _kept(data, file.name or "", by)


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
        return Outcome(name, problem=f"{problem.message} {problem.advice} ({problem.code})")
    if isinstance(made, JobRun):
        return Outcome(name, job=made.pk)
    return Outcome(name, statement=made.pk)
