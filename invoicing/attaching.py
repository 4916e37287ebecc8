"""Attaching puts supporting documents into a draft; they travel inside its e-invoice (BG-24).

Only the media types that EN 16931 allows (BR-CL-24), told by what a file contains and not by what
it is called.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from invoicing import errors
from invoicing.drafting import locked_draft
from invoicing.models import Attachment, Invoice
from workmate import audit, documents
from workmate.models import User

MAX_FILE = 5 * 1024 * 1024  # bytes
MAX_ALL = 12 * 1024 * 1024  # bytes of all files of one document
MOST = 10

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/csv": (".csv",),
    _XLSX: (".xlsx",),
    _ODS: (".ods",),
}


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file on its way into a draft."""

    filename: str
    data: bytes


@transaction.atomic
def attach(invoice: Invoice, uploads: Sequence[Upload], *, by: User) -> list[Attachment]:
    """Put files into a draft; the same file twice is there once.

    Raises NOT_A_DRAFT, ATTACHMENT_TYPE, ATTACHMENT_TOO_LARGE, ATTACHMENT_NAME_TWICE,
    TOO_MANY_ATTACHMENTS; then none is attached.
    """
    draft = locked_draft(invoice)
    files = [_archived(draft, upload) for upload in uploads]
    stored = documents.store_all(files, by=by) if files else []
    known = {one.file_id: one for one in draft.attachments.select_related("file")}
    fresh = [one for one in dict.fromkeys(stored) if one.pk not in known]
    _check([*(one.file for one in known.values()), *fresh])
    made = Attachment.objects.bulk_create(Attachment(invoice=draft, file=one) for one in fresh)
    for one in made:
        audit.record(
            "invoice.attached",
            draft,
            by=by,
            payload={"filename": one.file.filename, "sha256": one.file.sha256},
        )
    return made


@transaction.atomic
def detach(invoice: Invoice, attachment: Attachment, *, by: User) -> None:
    """Take a file out of a draft again; raises NOT_A_DRAFT."""
    draft = locked_draft(invoice)
    audit.record("invoice.detached", draft, by=by, payload={"filename": attachment.file.filename})
    draft.attachments.filter(pk=attachment.pk).delete()


def media_type_of(filename: str, data: bytes) -> str:
    """The media type by content; empty where EN 16931 does not allow it (BR-CL-24)."""
    for beginning, media_type in _BEGINNINGS:
        if data.startswith(beginning):
            return media_type
    if data.startswith(b"PK\x03\x04"):
        return _spreadsheet(data)
    if filename.lower().endswith(".csv") and _is_text(data):
        return "text/csv"
    return ""


def _spreadsheet(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return ""
    if "xl/workbook.xml" in names:
        return _XLSX
    # The first entry of an OpenDocument file is its media type, not compressed.
    return _ODS if _ODS.encode() in data[:200] else ""


def _is_text(data: bytes) -> bool:
    return bool(data.strip()) and not any(byte < 32 and byte not in b"\t\r\n" for byte in data)


def _archived(draft: Invoice, upload: Upload) -> documents.File:
    name = documents.safe_filename(upload.filename)
    if len(upload.data) > MAX_FILE:
        raise errors.ATTACHMENT_TOO_LARGE(filename=name, limit=MAX_FILE // 1024 // 1024)
    media_type = media_type_of(name, upload.data)
    if not media_type:
        raise errors.ATTACHMENT_TYPE(filename=name)
    if not name.lower().endswith(ENDINGS[media_type]):
        name += ENDINGS[media_type][0]
    digest = documents.digest_of(upload.data)
    return documents.File(
        key=f"invoice/{draft.pk}/attachment/{digest}",
        data=upload.data,
        filename=name,
        media_type=media_type,
        kind="attachment",
    )


def _check(files: Sequence[documents.Document]) -> None:
    names = [one.filename.lower() for one in files]
    for one in files:
        if names.count(one.filename.lower()) > 1:  # BR-DE-22
            raise errors.ATTACHMENT_NAME_TWICE(filename=one.filename)
    if len(files) > MOST:
        raise errors.TOO_MANY_ATTACHMENTS(limit=MOST)
    if sum(one.size for one in files) > MAX_ALL:
        raise errors.ATTACHMENTS_TOO_LARGE(limit=MAX_ALL // 1024 // 1024)
