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
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from workmate import audit, errors
from workmate.models import Document, User

# Who may read which kind; `register` adds to it. Kinds not listed need `workmate.view_document`.
PERMISSIONS: dict[str, str] = {}


def register(kind: str, *, permission: str) -> None:
    """Say which permission lets a user download documents of this kind."""
    if PERMISSIONS.setdefault(kind, permission) != permission:
        raise ValueError(f"documents of kind {kind!r} already need {PERMISSIONS[kind]}")


def permission_for(document: Document) -> str:
    """The permission that lets a user download this document."""
    return PERMISSIONS.get(document.kind, "workmate.view_document")


@transaction.atomic
def store(
    key: str, data: bytes, *, filename: str, media_type: str, kind: str, by: User
) -> Document:
    """Archive the bytes under a key for ever; the same key and bytes again give the same row.

    Raises DOCUMENT_EXISTS when other bytes lie under the key.
    """
    digest = digest_of(data)
    if document := Document.objects.filter(key=key).first():
        return _same(document, digest)
    _write(path_of(digest), data, digest)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                key=key,
                kind=kind,
                filename=safe_filename(filename),
                media_type=media_type,
                size=len(data),
                sha256=digest,
                created_by=by,
            )
    except IntegrityError:
        return _same(Document.objects.get(key=key), digest)
    audit.record("document.archived", document, by=by, payload={"key": key, "sha256": digest})
    return document


def read(document: Document) -> bytes:
    """The archived bytes, checked against their SHA-256; DOCUMENT_NOT_FOUND, DOCUMENT_DAMAGED."""
    try:
        data = path_of(document.sha256).read_bytes()
    except FileNotFoundError as error:
        raise errors.DOCUMENT_NOT_FOUND(filename=document.filename) from error
    if digest_of(data) != document.sha256:
        raise errors.DOCUMENT_DAMAGED(filename=document.filename)
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


def _same(document: Document, digest: str) -> Document:
    if document.sha256 != digest:
        raise errors.DOCUMENT_EXISTS(key=document.key)
    return document


def _write(path: Path, data: bytes, digest: str) -> None:
    """Put the file in place, whole or not at all, and make its bytes and its name durable."""
    if path.exists() and digest_of(path.read_bytes()) == digest:
        return
    _make_folders(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _make_folders(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o755, exist_ok=True)
        _sync_folder(each.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
