"""Tables of issued documents and of the books, for whoever audits them; see `collecting`.

Everything is as it was frozen at issue: customers and VAT come from the snapshot, not from
today's master data. Upper layers add their own tables with `register`.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime

from invoicing.describing import Column, Table
from invoicing.models import Invoice
from workmate.ledger.models import Line

CHUNK = 500
DAYS = ("start", "end")
SNAPSHOT = "snapshot__einvoice__"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which documents: by their ids, or by the days of issue, both included."""

    ids: Sequence[int] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None

    @classmethod
    def of(cls, params: dict[str, Any]) -> "Wanted":
        """What `to_params` has written down."""
        start, end = (params[name] and datetime.date.fromisoformat(params[name]) for name in DAYS)
        return cls(ids=params["ids"], start=start, end=end)

    def to_params(self) -> dict[str, Any]:
        """Itself as JSON, for a job."""
        days = (day and day.isoformat() for day in (self.start, self.end))
        return {"ids": list(self.ids), **dict(zip(DAYS, days, strict=True))}

    @property
    def is_span(self) -> bool:
        """Whether it asks for days: then the books of those days are part of it."""
        return not self.ids and self.start is not None and self.end is not None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        if self.is_span:
            return f"GoBD-Export {self.start:%Y-%m-%d} bis {self.end:%Y-%m-%d}"
        return "Belege"

    @property
    def title(self) -> str:
        """What it is called on pages."""
        if self.is_span:
            return f"GoBD-Export {self.start:%d.%m.%Y} bis {self.end:%d.%m.%Y}"
        return "Belege"

    def rows(self) -> Any:
        """The issued documents, in the order of their days."""
        rows = Invoice.objects.issued().defer("snapshot")
        if self.ids:
            rows = rows.filter(pk__in=self.ids)
        return self.within(rows, "issue_date").order_by("issue_date", "pk")

    def within(self, rows: Any, field: str) -> Any:
        """The rows whose day lies between the first and the last."""
        if self.start:
            rows = rows.filter(**{f"{field}__gte": self.start})
        if self.end:
            rows = rows.filter(**{f"{field}__lte": self.end})
        return rows


TABLES: list[Table] = []


def register(table: Table) -> Table:
    """Make the table part of every collection."""
    TABLES.append(table)
    return table


def _documents(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    rows = wanted.rows().select_related("customer__partner", "cancels", "corrects")
    for invoice in rows.iterator(chunk_size=CHUNK):
        answered = invoice.cancels or invoice.corrects
        yield (
            invoice.number,
            invoice.get_kind_display(),
            invoice.issue_date,
            invoice.due_date,
            invoice.supply_date or invoice.supply_end,
            invoice.net_total,
            invoice.vat_total,
            invoice.gross_total,
            invoice.currency,
            invoice.is_cancelled,
            answered.number if answered else "",
            localtime(invoice.issued_at) if invoice.issued_at else None,
        )


def _lines(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    for invoice in wanted.rows().prefetch_related("lines__tax_case").iterator(chunk_size=CHUNK):
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
                    line.discount_amount,
                    line.net_amount,
                    line.tax_case.code if line.tax_case else "",
                    line.tax_case.rate if line.tax_case else None,
                )


def _vat(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """The VAT of each document; a correction says it positive and takes it back."""
    found = wanted.rows().values_list("number", "kind", "currency", f"{SNAPSHOT}vat_breakdown")
    for number, kind, currency, groups in found.iterator(chunk_size=CHUNK):
        sign = -1 if kind == Invoice.Kind.CORRECTION else 1
        for group in groups or []:
            yield (
                number,
                group["category"],
                Decimal(group["rate"] or 0),
                sign * Decimal(group["taxable_amount"]),
                sign * Decimal(group["tax_amount"]),
                currency,
                group["reason"],
            )


def _customers(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    found = wanted.rows().values_list("number", "snapshot__debtor", f"{SNAPSHOT}buyer")
    for number, debtor, buyer in found.iterator(chunk_size=CHUNK):
        place = buyer["address"]
        yield (
            number,
            (buyer["identifier"] or {}).get("value", ""),
            debtor,
            buyer["name"],
            place["street"],
            place["additional"],
            place["post_code"],
            place["city"],
            place["country"],
            buyer["vat_id"],
        )


def _entries(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    rows = wanted.within(Line.objects.all(), "booked_on").select_related(
        "entry__actor", "account", "tax_case", "open_item__partner"
    )
    for line in rows.order_by("booked_on", "entry_id", "position").iterator(chunk_size=2000):
        entry, item = line.entry, line.open_item
        yield (
            entry.pk,
            line.position,
            entry.booked_on,
            entry.document_number,
            entry.text,
            entry.act,
            entry.reverses_id,
            line.account.number,
            line.account.name,
            item.partner.number if item else "",
            line.amount,
            line.currency_amount,
            line.currency,
            line.tax_case.code if line.tax_case else "",
            line.tax_base,
            localtime(entry.recorded_at),
            str(entry.actor),
        )


NUMBER = Column("Nummer", key=True)
DOCUMENTS = register(
    Table(
        file="belege.csv",
        name="Belege",
        about="Ausgestellte Belege; was einen anderen zurücknimmt, hat negative Beträge.",
        columns=(
            NUMBER,
            Column("Art"),
            Column("Rechnungsdatum", "day"),
            Column("Fällig", "day"),
            Column("Leistungsdatum", "day"),
            Column("Netto", "number"),
            Column("Umsatzsteuer", "number"),
            Column("Brutto", "number"),
            Column("Währung"),
            Column("Storniert"),
            Column("Nimmt zurück"),
            Column("Gestellt am"),
        ),
        rows=_documents,
    )
)
LINES = register(
    Table(
        file="positionen.csv",
        name="Positionen",
        about="Positionen der Belege.",
        columns=(
            NUMBER,
            Column("Position", "number", 0, key=True),
            Column("Bezeichnung"),
            Column("Menge", "number", 4),
            Column("Einheit"),
            Column("Einzelpreis", "number", 8),
            Column("Rabatt %", "number"),
            Column("Rabatt", "number"),
            Column("Netto", "number"),
            Column("Steuerfall"),
            Column("Steuersatz", "number"),
        ),
        rows=_lines,
        references=(("Nummer", "Belege"),),
    )
)
VAT = register(
    Table(
        file="umsatzsteuer.csv",
        name="Umsatzsteuer",
        about="Bemessungsgrundlage und Steuer der Belege nach Kategorie (EN 16931) und Satz.",
        columns=(
            NUMBER,
            Column("Kategorie", key=True),
            Column("Steuersatz", "number", key=True),
            Column("Bemessungsgrundlage", "number"),
            Column("Steuer", "number"),
            Column("Währung"),
            Column("Grund"),
        ),
        rows=_vat,
        references=(("Nummer", "Belege"),),
    )
)
CUSTOMERS = register(
    Table(
        file="kunden.csv",
        name="Kunden",
        about="Die Kunden, wie sie auf dem Beleg stehen.",
        columns=(
            NUMBER,
            Column("Kundennummer"),
            Column("Debitor"),
            Column("Name"),
            Column("Straße"),
            Column("Adresszusatz"),
            Column("Postleitzahl"),
            Column("Ort"),
            Column("Land"),
            Column("USt-IdNr."),
        ),
        rows=_customers,
        references=(("Nummer", "Belege"),),
    )
)
ENTRIES = register(
    Table(
        file="buchungen.csv",
        name="Buchungen",
        about="Alle Buchungszeilen des Zeitraums; Soll positiv, Haben negativ, in EUR.",
        columns=(
            Column("Buchung", "number", 0, key=True),
            Column("Zeile", "number", 0, key=True),
            Column("Buchungstag", "day"),
            Column("Beleg"),
            Column("Buchungstext"),
            Column("Vorgang"),
            Column("Hebt auf", "number", 0),
            Column("Konto"),
            Column("Kontobezeichnung"),
            Column("Personenkonto"),
            Column("Betrag", "number"),
            Column("Betrag in Belegwährung", "number"),
            Column("Belegwährung"),
            Column("Steuerfall"),
            Column("Bemessungsgrundlage", "number"),
            Column("Erfasst am"),
            Column("Erfasst von"),
        ),
        rows=_entries,
        of_books=True,
    )
)
