"""Collecting issued documents into one ZIP: their files as archived, and tables beside them.

For whoever needs many at once: the tax adviser, an auditor (§ 147 (6) AO), another system. For a
span of days it holds the books of those days too and is what GoBD calls data access Z3, described
in `index.xml`. Every file is checked against its SHA-256 while it is read. Drafts are never part.
"""

import datetime
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.db import transaction

from invoicing import archiving, errors
from invoicing.describing import DTD, Column, Supplier, Table, index
from invoicing.models import Invoice
from invoicing.tabling import CHUNK, NUMBER, TABLES, Wanted
from workmate import audit, documents, exports
from workmate.models import Company, Document, User

LIMIT = 2000  # documents of one file
KINDS = {"pdf": "PDF", "xml": "E-Rechnung", "report": "Prüfbericht"}
FILES = Table(
    file="dateien.csv",
    name="Dateien",
    about="Die archivierten Dateien der Belege mit ihren Prüfsummen.",
    columns=(NUMBER, Column("Datei", key=True), Column("Art"), Column("SHA-256")),
    rows=lambda _: (),  # written while the files are packed
    references=(("Nummer", "Belege"),),
)
README = """Belege von {company}, zusammengestellt am {day:%d.%m.%Y}{span}

{tables}
dokumente/         PDF, E-Rechnung (XML) und Prüfbericht, wie sie archiviert sind
index.xml          beschreibt die Tabellen nach dem Beschreibungsstandard für die
                   Datenträgerüberlassung ({dtd}; die DTD selbst liegt nicht bei)

Die Tabellen sind UTF-8, mit Semikolon getrennt. Texte, die eine Tabellenkalkulation als Formel
läse, beginnen mit einem Apostroph. Die Prüfsummen belegen, dass die Dateien unverändert sind
(§ 146 Abs. 4 AO, GoBD Rz. 119).
"""


def collect(wanted: Wanted, *, by: User, on: datetime.date) -> IO[bytes]:
    """The ZIP as an open temporary file.

    Raises NOTHING_TO_COLLECT and TOO_MANY_TO_COLLECT, and DOCUMENT_DAMAGED for a file that is not
    what it was.
    """
    count = wanted.rows().order_by().count()
    if not count:
        raise errors.NOTHING_TO_COLLECT()
    if count > LIMIT:
        raise errors.TOO_MANY_TO_COLLECT(count=count, limit=LIMIT)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    try:
        _fill(file, wanted, by, on)
    except BaseException:
        file.close()
        raise
    with transaction.atomic():
        span = {"start": wanted.start, "end": wanted.end, "documents": count}
        audit.record("invoices.collected", Company.get(), by=by, payload=span)
    file.seek(0)
    return file


def _fill(file: IO[bytes], wanted: Wanted, by: User, on: datetime.date) -> None:
    tables = [one for one in TABLES if wanted.is_span or not one.of_books]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _write(archive, FILES, list(_pack(archive, wanted, by)))
        for table in tables:
            _write(archive, table, table.rows(wanted))
        described = [*tables, FILES]
        company = Company.get()
        supplier = Supplier(
            name=company.name,
            location=f"{company.post_code} {company.city}",
            comment=f"Datenträgerüberlassung nach § 147 Abs. 6 AO, erstellt am {on:%d.%m.%Y}",
        )
        about = index(described, supplier, name=wanted.name, start=wanted.start, end=wanted.end)
        archive.writestr("index.xml", about)
        archive.writestr("liesmich.txt", _readme(company.name, described, wanted, on))


def _readme(company: str, tables: Sequence[Table], wanted: Wanted, on: datetime.date) -> str:
    span = f", Zeitraum {wanted.start:%d.%m.%Y} bis {wanted.end:%d.%m.%Y}" if wanted.is_span else ""
    listed = "\n".join(f"{table.file:<19}{table.about}" for table in tables)
    return README.format(company=company, day=on, span=span, tables=listed, dtd=DTD)


def _pack(archive: zipfile.ZipFile, wanted: Wanted, by: User) -> Iterator[tuple[Any, ...]]:
    """Write the files; gives back the rows of their table."""
    for invoice in wanted.rows().select_related(*KINDS).iterator(chunk_size=CHUNK):
        for name, stored in _files(invoice, by):
            year = f"{invoice.issue_date:%Y}"
            place = f"dokumente/{year}/{documents.safe_filename(stored.filename)}"
            archive.writestr(place, documents.read(stored))
            yield (invoice.number, place, KINDS[name], stored.sha256)


def _files(invoice: Invoice, by: User) -> Iterator[tuple[str, Document]]:
    """What is archived of a document; a PDF that a crash left out is printed now."""
    yield "pdf", invoice.pdf or archiving.archive_pdf(invoice, by=by)
    for name in ("xml", "report"):
        if stored := getattr(invoice, name):
            yield name, stored


def _write(archive: zipfile.ZipFile, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    with archive.open(table.file, "w") as target:
        for line in exports.csv_lines(table.header, rows):
            target.write(line.encode())
