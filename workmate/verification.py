"""Proof that nobody touched the books behind our back: chain, payloads, heads, archive."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from workmate import audit, documents, errors
from workmate.errors import Problem
from workmate.models import AuditEvent, Document


@dataclass(frozen=True)
class Break:
    """What is wrong, and where."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def breaks() -> Iterator[Break]:
    """The first broken link of the chain, then every exported head and file that is wrong."""
    if found := _chain():
        yield found
    yield from _heads()
    yield from _archive()


def _chain() -> Break | None:
    prev, seq = "", 0
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        place = (
            f"Ereignis {event.seq or '–'} (Zeile {event.pk}, {event.event}, {event.at:%d.%m.%Y})"
        )
        if event.seq is None:
            return Break(place, "wurde nie gesiegelt.")
        if event.seq != seq + 1:
            return Break(place, f"Ereignis {seq + 1} fehlt davor.")
        if event.prev != prev:
            return Break(place, "schließt nicht an das Siegel des vorigen Ereignisses an.")
        if event.payload_hash != audit.payload_hash(event.object_label, event.payload):
            return Break(place, "Bezeichnung oder Inhalt wurden geändert.")
        if event.hash != audit.seal_of(event, prev, event.seq):
            return Break(place, "Das Siegel passt nicht zur Zeile.")
        prev, seq = event.hash, event.seq
    return None


def _heads() -> Iterator[Break]:
    """Exported heads must still be in the chain: this finds a cut or rewritten tail."""
    path = Path(settings.AUDIT_HEADS)
    if not path.exists():
        return
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        place = f"{path.name}, Zeile {number}"
        try:
            head = json.loads(line)
            seq, expected = int(head["seq"]), head["hash"]
        except (ValueError, KeyError, TypeError):
            yield Break(place, "ist nicht lesbar.")
            continue
        known = AuditEvent.objects.filter(seq=seq).values_list("hash", flat=True).first()
        if known is None:
            yield Break(place, f"Ereignis {seq} fehlt im Prüfpfad.")
        elif known != expected:
            yield Break(place, f"Ereignis {seq} hat heute ein anderes Siegel.")


def _archive() -> Iterator[Break]:
    """Every document has its event with the same key and hash, its file has the same bytes."""
    archived = AuditEvent.objects.filter(event="document.archived")
    columns = archived.values_list("object_id", "payload__key", "payload__sha256")
    known = {pk: (key, sha256) for pk, key, sha256 in columns}
    for document in Document.objects.order_by("pk").iterator(chunk_size=500):
        place = f"Dokument {document.pk} ({document.filename})"
        if known.pop(str(document.pk), None) != (document.key, document.sha256):
            yield Break(place, "Der Prüfpfad nennt einen anderen Inhalt.")
            continue
        try:
            documents.read(document)
        except Problem as problem:
            if problem.code == errors.DOCUMENT_ERASED.code:
                continue
            yield Break(place, problem.message)
    for pk in known:
        yield Break(f"Dokument {pk}", "steht im Prüfpfad und fehlt im Verzeichnis des Archivs.")
