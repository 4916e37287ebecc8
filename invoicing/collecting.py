"""Collecting issued documents into one ZIP: their files as archived, and tables beside them.

For whoever needs many at once: the tax adviser, an auditor (§ 147 (6) AO), another system. Every
file is checked against its SHA-256 while it is read. Drafts are never part of it.
"""

import datetime
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction

from invoicing import archiving, errors
from invoicing.models import Invoice
from workmate import audit, documents, exports
from workmate.models import Company, Document, User

LIMIT = 2000  # documents of one file
CHUNK = 100
FILES = ("pdf", "xml", "report")
HEADER = (
    "Nummer",
    "Art",
    "Rechnungsdatum",
    "Fällig",
    "Kundennummer",
    "Kunde",
    "Netto",
    "Umsatzsteuer",
    "Brutto",
    "Währung",
    "Storniert",
    "Datei",
    "SHA-256",
)
LINES = (
    "Nummer",
    "Position",
    "Bezeichnung",
    "Menge",
    "Einheit",
    "Einzelpreis",
    "Rabatt %",
    "Netto",
    "Steuerfall",
)
README = """Belege von {company}, zusammengestellt am {day:%d.%m.%Y}

belege.csv      eine Zeile je archivierter Datei, mit Beträgen und SHA-256
positionen.csv  die Positionen der Belege
dokumente/      PDF, E-Rechnung (XML) und Prüfbericht, wie sie archiviert sind

Die Tabellen sind UTF-8, mit Semikolon getrennt. Die Prüfsummen belegen, dass die Dateien
unverändert sind (§ 146 Abs. 4 AO, GoBD Rz. 119).
"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which documents: by their ids, or by the days of issue, both included."""

    ids: Sequence[int] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        if self.start and self.end:
            return f"Belege {self.start:%Y-%m-%d} bis {self.end:%Y-%m-%d}"
        return "Belege"

    def rows(self) -> Any:
        """The issued documents, in the order of their days."""
        rows = Invoice.objects.issued().defer("snapshot")
        if self.ids:
            rows = rows.filter(pk__in=self.ids)
        if self.start:
            rows = rows.filter(issue_date__gte=self.start)
        if self.end:
            rows = rows.filter(issue_date__lte=self.end)
        return rows.select_related("customer", *FILES).order_by("issue_date", "pk")


def collect(wanted: Wanted, *, by: User, on: datetime.date) -> IO[bytes]:
    """The ZIP as an open temporary file.

    Raises NOTHING_TO_COLLECT and TOO_MANY_TO_COLLECT, and DOCUMENT_DAMAGED for a file that is not
    what it was.
    """
    rows = wanted.rows()
    count = rows.order_by().count()
    if not count:
        raise errors.NOTHING_TO_COLLECT()
    if count > LIMIT:
        raise errors.TOO_MANY_TO_COLLECT(count=count, limit=LIMIT)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    try:
        _fill(file, rows, by, on)
    except BaseException:
        file.close()
        raise
    with transaction.atomic():
        span = {"start": wanted.start, "end": wanted.end, "documents": count}
        audit.record("invoices.collected", Company.get(), by=by, payload=span)
    file.seek(0)
    return file


def _fill(file: IO[bytes], rows: Any, by: User, on: datetime.date) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        listed = list(_pack(archive, rows, by))
        _table(archive, "belege.csv", HEADER, listed)
        _table(archive, "positionen.csv", LINES, _lines(rows))
        archive.writestr("liesmich.txt", README.format(company=Company.get().name, day=on))


def _pack(archive: zipfile.ZipFile, rows: Any, by: User) -> Iterator[tuple[Any, ...]]:
    """Write the files; gives back the rows of their table."""
    for invoice in rows.iterator(chunk_size=CHUNK):
        for stored in _files(invoice, by):
            year = f"{invoice.issue_date:%Y}"
            place = f"dokumente/{year}/{documents.safe_filename(stored.filename)}"
            archive.writestr(place, documents.read(stored))
            yield (*_facts(invoice), place, stored.sha256)


def _files(invoice: Invoice, by: User) -> Iterator[Document]:
    """What is archived of a document; a PDF that a crash left out is printed now."""
    yield invoice.pdf or archiving.archive_pdf(invoice, by=by)
    for name in FILES[1:]:
        if stored := getattr(invoice, name):
            yield stored


def _facts(invoice: Invoice) -> tuple[Any, ...]:
    return (
        invoice.number,
        invoice.get_kind_display(),
        invoice.issue_date,
        invoice.due_date,
        invoice.customer.number if invoice.customer else "",
        invoice.customer.name if invoice.customer else "",
        invoice.net_total,
        invoice.vat_total,
        invoice.gross_total,
        invoice.currency,
        invoice.is_cancelled,
    )


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    for invoice in rows.prefetch_related("lines__tax_case").iterator(chunk_size=CHUNK):
        for line in invoice.lines.all():
            if line.is_item:
                yield (
                    invoice.number,
                    line.position,
                    line.name,
                    line.quantity,
                    line.unit,
                    line.unit_price,
                    line.discount_percent,
                    line.net_amount,
                    line.tax_case.code if line.tax_case else "",
                )


def _table(
    archive: zipfile.ZipFile, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    with archive.open(name, "w") as target:
        for line in exports.csv_lines(header, rows):
            target.write(line.encode())
