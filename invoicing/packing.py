"""Packing documents and tables into one ZIP, entry by entry; only its directory is in memory."""

import datetime
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from invoicing import archiving
from invoicing.describing import DTD, GRAMMAR, Column, Supplier, Table, index
from invoicing.models import Invoice
from invoicing.tabling import CHUNK, NUMBER, TABLES, Wanted
from workmate import documents, exports
from workmate.models import Company, Document, User

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

{listed}

Die Tabellen sind UTF-8, mit Semikolon getrennt. Texte, die eine Tabellenkalkulation als Formel
läse, beginnen mit einem Apostroph. Die Prüfsummen belegen, dass die Dateien unverändert sind
(§ 146 Abs. 4 AO, GoBD Rz. 119).
"""
OTHERS = {
    "dokumente/": "PDF, E-Rechnung (XML) und Prüfbericht, wie sie archiviert sind.",
    "index.xml": "Was in den Tabellen steht, nach dem Beschreibungsstandard des Datenzugriffs.",
    DTD: "Die Elemente, aus denen index.xml besteht; veröffentlicht sind unter diesem Namen mehr.",
}
REPORTED = 20  # documents between two reports of progress
ROWS = 5000  # rows of a table between two

Moment = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, kw_only=True)
class Packing:
    """What to pack, for whom; `progress` hears how many documents are in, and may end it."""

    wanted: Wanted
    count: int
    by: User
    on: datetime.date
    progress: Callable[[int], None]

    @property
    def moment(self) -> Moment:
        """The date of every entry; one object for millions of them."""
        return (self.on.year, self.on.month, self.on.day, 0, 0, 0)

    @property
    def tables(self) -> list[Table]:
        return [one for one in TABLES if self.wanted.is_span or not one.of_books]


def pack(packing: Packing, target: Path) -> None:
    """Write the ZIP; raises DOCUMENT_DAMAGED for a file that is not what it was."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with tempfile.TemporaryFile(dir=target.parent) as listed:
            for line in exports.csv_lines(FILES.header, _files(archive, packing)):
                listed.write(line.encode())
            listed.seek(0)
            with _entry(archive, FILES, packing) as entry:
                shutil.copyfileobj(listed, entry)
        for table in packing.tables:
            with _entry(archive, table, packing) as entry:
                lines = exports.csv_lines(table.header, table.rows(packing.wanted))
                for number, line in enumerate(lines, start=1):
                    entry.write(line.encode())
                    if number % ROWS == 0:
                        packing.progress(packing.count)
        _describe(archive, packing)


def _info(place: str, moment: Moment, kind: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(place, moment)
    info.external_attr = 0o644 << 16
    info.compress_type = kind
    return info


def _entry(archive: zipfile.ZipFile, table: Table, packing: Packing) -> IO[bytes]:
    return archive.open(_info(table.file, packing.moment), "w", force_zip64=True)


def _files(archive: zipfile.ZipFile, packing: Packing) -> Iterator[tuple[Any, ...]]:
    """Write the files; gives the rows of their table."""
    moment = packing.moment
    rows = packing.wanted.rows().select_related(*KINDS).iterator(chunk_size=CHUNK)
    done = 0
    for done, invoice in enumerate(rows, start=1):
        for name, stored in _of(invoice, packing.by):
            place = f"dokumente/{invoice.issue_date:%Y}/{documents.safe_filename(stored.filename)}"
            # A PDF is compressed already.
            kind = zipfile.ZIP_STORED if name == "pdf" else zipfile.ZIP_DEFLATED
            info = _info(place, moment, kind)
            archive.writestr(info, documents.read(stored), compresslevel=1)
            yield (invoice.number, place, KINDS[name], stored.sha256)
        if done % REPORTED == 0:
            packing.progress(done)
    packing.progress(done)


def _of(invoice: Invoice, by: User) -> Iterator[tuple[str, Document]]:
    """What is archived of a document; a PDF that a crash left out is printed now."""
    yield "pdf", invoice.pdf or archiving.archive_pdf(invoice, by=by)
    for name in ("xml", "report"):
        if stored := getattr(invoice, name):
            yield name, stored


def _describe(archive: zipfile.ZipFile, packing: Packing) -> None:
    tables, wanted, company = [*packing.tables, FILES], packing.wanted, Company.get()
    supplier = Supplier(
        name=company.name,
        location=f"{company.post_code} {company.city}",
        comment=f"Datenträgerüberlassung nach § 147 Abs. 6 AO, erstellt am {packing.on:%d.%m.%Y}",
    )
    about = index(tables, supplier, name=wanted.name, start=wanted.start, end=wanted.end)
    archive.writestr("index.xml", about)
    archive.writestr(DTD, GRAMMAR)
    archive.writestr("liesmich.txt", _readme(company.name, tables, packing))


def _readme(company: str, tables: Sequence[Table], packing: Packing) -> str:
    start, end = packing.wanted.start, packing.wanted.end
    span = f", Zeitraum {start:%d.%m.%Y} bis {end:%d.%m.%Y}" if packing.wanted.is_span else ""
    told = {table.file: table.about for table in tables} | OTHERS
    listed = "\n".join(f"{name:<24}{about}" for name, about in told.items())
    return README.format(company=company, day=packing.on, span=span, listed=listed)
