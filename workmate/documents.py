"""The write-once archive: files named by their SHA-256, and rows that nobody can change.

A file is on the disk, fsynced, before its row commits: a crash leaves a file without a row
(harmless), never a row without a file. A backup takes the database first, then the files.
Source of the rule: GoBD Rz. 119 (unalterability), § 147 (2) AO.
"""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from workmate import audit, errors
from workmate.errors import Problem
from workmate.models import Document, Erasure, User

# Who may read which kind; `register` adds to it. Kinds not listed need `workmate.view_document`.
PERMISSIONS: dict[str, str] = {}

INDEX = """
    INSERT INTO workmate_document
           (created_by_id, key, kind, filename, media_type, size, sha256, created_at)
    SELECT %s, file.*
      FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[],
                  %s::timestamptz[]) AS file
        ON CONFLICT (key) DO NOTHING
 RETURNING id, key
"""


def register(kind: str, *, permission: str) -> None:
    """Say which permission lets a user download documents of this kind."""
    if PERMISSIONS.setdefault(kind, permission) != permission:
        raise ValueError(f"documents of kind {kind!r} already need {PERMISSIONS[kind]}")


def permission_for(document: Document) -> str:
    """The permission that lets a user download this document."""
    return PERMISSIONS.get(document.kind, "workmate.view_document")


@dataclass(frozen=True, kw_only=True)
class File:
    """Bytes on their way into the archive, with the key that says what they are for."""

    key: str
    data: bytes
    filename: str
    media_type: str
    kind: str

    @cached_property
    def digest(self) -> str:
        return digest_of(self.data)


def store(
    key: str, data: bytes, *, filename: str, media_type: str, kind: str, by: User
) -> Document:
    """Archive the bytes under a key for ever; the same key and bytes again give the same row.

    Raises DOCUMENT_EXISTS when other bytes lie under the key.
    """
    file = File(key=key, data=data, filename=filename, media_type=media_type, kind=kind)
    return store_all([file], by=by)[0]


def store_all(files: Sequence[File], *, by: User) -> list[Document]:
    """Archive files that belong together as `store` does, with one wait for the disk."""
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        _write({path_of(file.digest): file for file in files})
        new = {document.key: document for document in _index(files, by)}
        missing = {file.key for file in files} - set(new)
        known = Document.objects.in_bulk(missing, field_name="key") if missing else {}
        for file in files:
            if file.key in known and known[file.key].sha256 != file.digest:
                raise errors.DOCUMENT_EXISTS(key=file.key)
        audit.record_all(
            "document.archived",
            [(one, {"key": one.key, "sha256": one.sha256}) for one in new.values()],
            by=by,
        )
        return [new.get(file.key) or known[file.key] for file in files]


def read(document: Document) -> bytes:
    """The archived bytes, checked against their SHA-256.

    Raises DOCUMENT_ERASED after the legal time, DOCUMENT_NOT_FOUND, DOCUMENT_DAMAGED.
    """
    try:
        return read_digest(document.sha256, filename=document.filename)
    except Problem:
        # Asked only now: a file that is there needs no question.
        if erasure := Erasure.objects.filter(document=document).first():
            day = f"{localtime(erasure.erased_at):%d.%m.%Y}"
            raise errors.DOCUMENT_ERASED(filename=document.filename, date=day) from None
        raise


def read_digest(digest: str, *, filename: str = "") -> bytes:
    """The archived bytes with this SHA-256; DOCUMENT_NOT_FOUND, DOCUMENT_DAMAGED."""
    try:
        data = path_of(digest).read_bytes()
    except FileNotFoundError as error:
        raise errors.DOCUMENT_NOT_FOUND(filename=filename or digest) from error
    if digest_of(data) != digest:
        raise errors.DOCUMENT_DAMAGED(filename=filename or digest)
    return data


def digest_of(data: bytes) -> str:
    """The SHA-256 that names the bytes."""
    return hashlib.sha256(data).hexdigest()


def path_of(digest: str) -> Path:
    """Where the file with this SHA-256 lies."""
    return Path(settings.ARCHIVE_DIR) / digest[:2] / digest[2:4] / digest


def safe_filename(name: str) -> str:
    """A file name without folders, control or reserved characters, at most 150 long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    name = re.sub(r'[<>:"|?*]', "-", name)
    name = re.sub(r" +", " ", name).strip(" .") or "dokument"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:150]
    return f"{stem[: 149 - len(ending)]}.{ending}"


def _index(files: Sequence[File], by: User) -> list[Document]:
    """Insert the rows of all keys that are not taken; also decides between two sessions."""
    rows = [
        Document(
            key=file.key,
            kind=file.kind,
            filename=safe_filename(file.filename),
            media_type=file.media_type,
            size=len(file.data),
            sha256=file.digest,
            created_at=timezone.now(),
            created_by=by,
        )
        for file in files
    ]
    columns = [
        [getattr(row, name) for row in rows]
        for name in ("key", "kind", "filename", "media_type", "size", "sha256", "created_at")
    ]
    with connection.cursor() as cursor:
        cursor.execute(INDEX, [by.pk, *columns])
        ids = {key: pk for pk, key in cursor.fetchall()}
    for row in rows:
        row.pk, row._state.adding, row._state.db = ids.get(row.key), False, connection.alias
    return [row for row in rows if row.pk]


def _write(files: dict[Path, File]) -> None:
    """Put the files in place, each whole or not at all; make bytes and names durable.

    All are there before the first is waited for: the disk then takes them in one go.
    """
    folders = set()
    for path, file in files.items():
        folders |= {path.parent, *_make_folders(path.parent)}
        if not path.exists() or digest_of(path.read_bytes()) != file.digest:
            _put(path, file.data)
    for path in (*files, *folders):
        _sync(path)


def _put(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _make_folders(folder: Path) -> list[Path]:
    """Make the folder; gives back the folders that have a new name in them."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o755, exist_ok=True)
    return [each.parent for each in missing]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
