"""Claim: an export of 20,000 documents needs less than 100 MB that the process did not have.

Every document has a PDF, an XML and a report of its own in the archive, three lines, and what it
means in the books. `bare` reads the same files and writes them into a ZIP with the same
compression, without tables, progress and comparing of hashes. Memory is the peak of the whole
process while it exports, and how far that is above what it had before.
"""

import gc
import re
import sys
import time
import zipfile
from pathlib import Path

import ground  # first: it makes the database and sets Django up
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate
from ground import books
from psycopg import sql

from invoicing import archiving, collecting
from invoicing.models import Invoice, InvoiceLine
from invoicing.tabling import Wanted
from workmate import documents, jobs
from workmate.models import Document, JobRun, User

DOCUMENTS, TOGETHER = 20_000, 1_000
ENDINGS = {"pdf": "pdf", "xml": "xml", "report": "json"}


def give_files(owner: User) -> None:
    """Each document gets files and lines of its own, made from those of one that was issued."""
    model = Invoice.objects.order_by("pk").first()
    archiving.archive_pdf(model, by=owner)
    model = Invoice.objects.select_related(*ENDINGS).get(pk=model.pk)
    originals = {name: documents.read(getattr(model, name)) for name in ENDINGS}
    others = list(Invoice.objects.issued().exclude(pk=model.pk).values_list("pk", "number"))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers
        for at in range(0, len(others), TOGETHER):
            rows = [
                row
                for pk, number in others[at : at + TOGETHER]
                for row in _documents(pk, number, originals, model.pdf, owner)
            ]
            Document.objects.bulk_create(rows)
        for name in ENDINGS:
            cursor.execute(
                f"UPDATE invoicing_invoice SET {name}_id = file.id FROM workmate_document file "
                f"WHERE file.key = 'bench.{name}:' || invoicing_invoice.id"
            )
        names = [field.column for field in InvoiceLine._meta.local_concrete_fields]
        copied = [name for name in names if name not in ("id", "invoice_id")]
        columns = sql.SQL(", ").join(map(sql.Identifier, copied))
        copy = sql.SQL(
            "INSERT INTO {table} (invoice_id, {columns}) SELECT other.id, {own} FROM {table} line, "
            "invoicing_invoice other WHERE line.invoice_id = {model} AND other.id <> {model} "
            "AND other.status = 'issued'"
        ).format(
            table=sql.Identifier(InvoiceLine._meta.db_table),
            columns=columns,
            own=sql.SQL(", ").join(sql.Identifier("line", name) for name in copied),
            model=sql.Literal(model.pk),
        )
        cursor.execute(copy)
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE")


def _documents(
    pk: int, number: str, originals: dict[str, bytes], like: Document, owner: User
) -> list[Document]:
    found = []
    for name, ending in ENDINGS.items():
        data = originals[name] + f"\n%{pk}".encode()
        digest = documents.digest_of(data)
        path = documents.path_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        found.append(
            Document(
                key=f"bench.{name}:{pk}",
                kind=like.kind,
                filename=f"{number}.{ending}",
                media_type=like.media_type,
                size=len(data),
                sha256=digest,
                created_at=timezone.now(),
                created_by=owner,
            )
        )
    return found


def bare(target: Path) -> float:
    """Seconds to pack the same files and nothing else."""
    rows = Invoice.objects.issued().select_related(*ENDINGS).defer("snapshot")
    places = [
        (getattr(row, name).filename, documents.path_of(getattr(row, name).sha256))
        for row in rows
        for name in ENDINGS
        if getattr(row, name)
    ]
    start = time.perf_counter()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in places:
            kind = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
            archive.writestr(name, path.read_bytes(), compress_type=kind)
    return time.perf_counter() - start


def memory(name: str) -> float:
    """VmRSS or VmHWM, the peak since it was reset, in MB."""
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def export(owner: User) -> tuple[float, float, float, JobRun]:
    """Seconds, peak and growth in MB, and the run."""
    wanted = Wanted(start=localdate().replace(year=2000), end=localdate())
    run = collecting.order(wanted, by=owner)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before, start = memory("VmRSS"), time.perf_counter()
    jobs.execute(run.pk)
    taken = time.perf_counter() - start
    run.refresh_from_db()
    if run.state != JobRun.State.DONE:
        raise RuntimeError(run.error)
    return taken, memory("VmHWM"), memory("VmHWM") - before, run


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    owner = books.write(number, today=localdate())
    give_files(owner)
    taken, peak, growth, run = export(owner)
    limit = bare(Path(settings.EXPORTS_DIR) / "bare.zip")
    ground.report(
        "collect",
        growth_mb=round(growth),
        target="< 100",
        to_bare=round(taken / limit, 1),
        documents=run.result["documents"],
        seconds=round(taken, 1),
        bare_seconds=round(limit, 1),
        per_second=round(run.result["documents"] / taken),
        size_mb=round(run.result["size"] / 1024**2),
        peak_mb=round(peak),
    )


if __name__ == "__main__":
    main()
