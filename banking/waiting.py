"""Waiting: a file of an unknown format is kept until a person maps its columns or discards it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from banking import errors
from banking.archive import is_archive, unpack
from banking.mapping import mapped
from banking.models import BankAccount, StatementImport, WaitingFile
from banking.reading import media_type, read_statement
from banking.sampling import sample
from workmate import audit, documents
from workmate.errors import Problem
from workmate.models import Document, User

Source = WaitingFile.Source


def archived(data: bytes, filename: str, *, by: User) -> Document:
    """The bytes as they came, once for all uploads of them."""
    return documents.store(
        f"banking.upload:{documents.digest_of(data)}",
        data,
        filename=filename,
        media_type=media_type(data),
        kind="statement",
        by=by,
    )


def can_be_mapped(data: bytes) -> bool:
    """Whether a table with days and amounts is in the file."""
    if is_archive(data):
        return False
    try:
        sample(data)
    except Problem:
        return False
    return True


def keep_refused(
    account: BankAccount | None,
    data: bytes,
    problem: Problem,
    *,
    filename: str,
    source: Source,
    by: User,
) -> list[WaitingFile]:
    """Let a refused file wait, or all that is in a ZIP; nothing where a person could not help."""
    if problem.code not in (errors.UNKNOWN_FORMAT.code, errors.ACCOUNT_NOT_NAMED.code):
        return []
    files = [(filename, data)]
    if is_archive(data):
        files, source = unpack(data), Source.ARCHIVE
    if not all(_needs_a_person(account, content) for _, content in files):
        return []
    return keep_all(account, files, source=source, by=by)


def _needs_a_person(account: BankAccount | None, data: bytes) -> bool:
    """Whether no bank's format fits, and a mapping only where its account has to be chosen."""
    if not can_be_mapped(data):
        return False
    try:
        read_statement(data, mapped(account) if account else ())
    except Problem as problem:
        return problem.code == errors.UNKNOWN_FORMAT.code
    return False


@transaction.atomic
def keep_all(
    account: BankAccount | None,
    files: Iterable[tuple[str, bytes]],
    *,
    source: Source,
    by: User,
) -> list[WaitingFile]:
    """The files as waiting ones, each once for its bytes; a decided one waits again."""
    return [_keep(account, name, data, source, by) for name, data in files]


def _keep(
    account: BankAccount | None, name: str, data: bytes, source: Source, by: User
) -> WaitingFile:
    document = archived(data, name, by=by)
    row, is_new = WaitingFile.objects.get_or_create(
        document=document, defaults={"account": account, "source": source, "received_by": by}
    )
    if not is_new:
        row = WaitingFile.objects.select_for_update().get(pk=row.pk)
        was_open = row.state == "waiting"
        if was_open and account in (None, row.account):
            return row
        row.account = account or row.account
        row.statement = row.discarded_at = row.discarded_by = None
        row.reason = ""
        row.save()
        if was_open:
            return row
    audit.record("waiting_file.received", row, by=by, payload={"source": source.value})
    return row


@transaction.atomic
def discard(row: WaitingFile, *, reason: str, by: User) -> WaitingFile:
    """Decide that the file is not read in; it stays archived. Raises NOT_WAITING."""
    row = WaitingFile.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != "waiting":
        raise errors.NOT_WAITING()
    row.discarded_at, row.discarded_by, row.reason = Now(), by, reason
    row.save(update_fields=["discarded_at", "discarded_by", "reason"])
    row.refresh_from_db(fields=["discarded_at"])
    audit.record("waiting_file.discarded", row, by=by, payload={"reason": reason})
    return row


def close(imported: StatementImport) -> None:
    """The file that was read in waits no more, whatever way it came."""
    WaitingFile.objects.filter(document__sha256=imported.document.sha256, statement=None).update(
        statement=imported,
        account=imported.account,
        discarded_at=None,
        discarded_by=None,
        reason="",
    )
