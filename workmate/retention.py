"""How long the law wants which records, and erasing files whose time is over.

Each app registers its kinds of records (`retention.py` beside its models). The time begins with
the end of the calendar year; an invoice of 15 March 2026 is kept until 31 December 2034.
Entries, numbers and sums are never erased here: journal and trail are books. Of an erased file
its row stays with name, SHA-256 and date; afterwards erasure is a duty (Art. 17 GDPR).
Source: § 147 (3) and (4) AO, § 257 (4) and (5) HGB, § 14b UStG, each since 1 January 2025.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from workmate import audit, documents, errors
from workmate.locks import Lock, hold
from workmate.models import AuditEvent, Document, Entry, Erasure, RetentionHold, User

REASON = 200  # characters
BOOKS, VOUCHERS, LETTERS = 10, 8, 6  # years
BATCH = 2000  # files of one run


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Records with the same time to keep.

    `years_of` counts them by calendar year. `files` are the archived files of those of a year that
    nothing holds back; a kind without it is never erased.
    """

    name: str
    title: str
    years: int
    basis: str
    years_of: Callable[[], Iterable[tuple[int, int]]]
    files: Callable[[int], QuerySet[Document]] | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """The records of one kind and calendar year."""

    kind: Kind
    year: int
    count: int
    until: datetime.date
    hold: str  # why it is kept longer; empty without a hold
    over: bool  # the legal time is over

    @property
    def erasable(self) -> bool:
        return self.over and not self.hold and self.kind.files is not None


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that may be erased."""

    document: Document
    row: Row


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What may be erased today. `seal` names exactly these files; only they are erased with it."""

    files: list[File]
    more: bool  # beyond the first thousands

    @property
    def seal(self) -> str:
        names = ",".join(f"{file.document.pk}:{file.document.sha256}" for file in self.files)
        return hashlib.sha256(names.encode()).hexdigest() if self.files else ""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.document.size for file in self.files)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of records known to the report."""
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"records {kind.name!r} are declared twice")


def kept_until(year: int, years: int) -> datetime.date:
    """The last day on which records of that calendar year are kept."""
    return datetime.date(year + years, 12, 31)


def report(*, on: datetime.date) -> list[Row]:
    """All kinds by calendar year, the longest kept first, the oldest year first."""
    holds = dict(RetentionHold.objects.filter(released_at=None).values_list("year", "reason"))
    rows = []
    for kind in sorted(KINDS.values(), key=lambda kind: (-kind.years, kind.title)):
        for year, count in sorted(kind.years_of()):
            until = kept_until(year, kind.years)
            held, over = holds.get(year, ""), on > until
            rows.append(Row(kind=kind, year=year, count=count, until=until, hold=held, over=over))
    return rows


def propose(*, on: datetime.date) -> Proposal:
    """The files that may go today. Nothing is done."""
    found: dict[int, File] = {}
    for row in report(on=on):
        if not row.erasable or row.kind.files is None:
            continue
        rest = BATCH + 1 - len(found)
        rows = row.kind.files(row.year).filter(erasure=None).order_by("pk")[:rest]
        for document in rows:
            found.setdefault(document.pk, File(document=document, row=row))
    files = list(found.values())
    return Proposal(files=files[:BATCH], more=len(files) > BATCH)


@transaction.atomic
def erase(seal: str, *, by: User, on: datetime.date) -> Proposal:
    """Erase what `propose` showed under this seal, each file with its protocol.

    Raises NOTHING_TO_ERASE, and ERASURE_CHANGED where today other files may go. The bytes go after
    the commit, unless another document that is kept has the same.
    """
    hold(Lock.RETENTION)  # Nobody sets a hold, and nobody else erases, until this is through.
    proposal = propose(on=on)
    if not proposal.files:
        raise errors.NOTHING_TO_ERASE()
    if proposal.seal != seal:
        raise errors.ERASURE_CHANGED()
    Erasure.objects.bulk_create(
        Erasure(
            document=file.document,
            basis=file.row.kind.basis,
            kept_until=file.row.until,
            erased_by=by,
        )
        for file in proposal.files
    )
    audit.record_all(
        "document.erased",
        [(file.document, _protocol(file)) for file in proposal.files],
        by=by,
    )
    digests = {file.document.sha256 for file in proposal.files}
    transaction.on_commit(partial(_remove, digests))
    return proposal


@transaction.atomic
def hold_year(year: int, *, reason: str, by: User) -> RetentionHold:
    """Keep the records of a year beyond their time, for an audit or a lawsuit.

    Raises HOLD_INVALID.
    """
    hold(Lock.RETENTION)
    reason = reason.strip()
    found: dict[str, list[str]] = {}
    if not 2000 <= year <= 2999:
        found["year"] = ["Geben Sie ein Kalenderjahr an, zum Beispiel 2026."]
    if not reason or len(reason) > REASON:
        found["reason"] = [f"Nennen Sie den Grund in höchstens {REASON} Zeichen."]
    if RetentionHold.objects.filter(year=year, released_at=None).exists():
        found["year"] = [f"Das Jahr {year} ist schon gesperrt."]
    if found:
        raise errors.HOLD_INVALID(fields=found)
    made = RetentionHold.objects.create(year=year, reason=reason, held_by=by)
    audit.record("retention.held", made, by=by, payload={"year": year, "reason": reason})
    return made


@transaction.atomic
def release(held: RetentionHold, *, by: User) -> RetentionHold:
    """Let the legal time of that year count again."""
    held = RetentionHold.objects.select_for_update().get(pk=held.pk)
    if held.released_at is None:
        held.released_at, held.released_by = timezone.now(), by
        held.save(update_fields=["released_at", "released_by"])
        audit.record("retention.released", held, by=by, payload={"year": held.year})
    return held


def _protocol(file: File) -> dict[str, object]:
    return {
        "key": file.document.key,
        "filename": file.document.filename,
        "sha256": file.document.sha256,
        "basis": file.row.kind.basis,
        "kept_until": file.row.until,
    }


def _remove(digests: set[str]) -> None:
    """Take the bytes off the disk, unless a document that is kept has the same."""
    kept = Document.objects.filter(sha256__in=digests, erasure=None)
    for digest in digests - set(kept.values_list("sha256", flat=True)):
        documents.path_of(digest).unlink(missing_ok=True)


def by_year(rows: QuerySet[Any], field: str) -> Iterable[tuple[int, int]]:
    """Calendar years with how many rows have their date in it."""
    dated = rows.order_by().annotate(_year=ExtractYear(field))
    return dated.values_list("_year").annotate(Count("pk"))


register(
    Kind(
        name="journal",
        title="Journal (Buchungen)",
        years=BOOKS,
        basis="§ 147 Abs. 3 Satz 1 AO, § 257 Abs. 4 HGB",
        years_of=lambda: by_year(Entry.objects.all(), "booked_on"),
    )
)
register(
    Kind(
        name="trail",
        title="Prüfpfad",
        years=BOOKS,
        basis="§ 147 Abs. 3 Satz 1 AO (Teil der Verfahrensdokumentation)",
        years_of=lambda: by_year(AuditEvent.objects.all(), "at"),
    )
)
