"""Taking over old open items from a CSV file, all of them or none.

The file may be loaded again: what is already there is skipped. The file itself is archived,
because it is the document for these entries (GoBD Rz. 61 ff.).
"""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from invoicing.models import Customer
from workmate import audit, documents
from workmate.ledger import errors
from workmate.ledger.models import Entry, Partner
from workmate.ledger.opening import OldItem, take_over_item
from workmate.ledger.tables import Column, TableRow, read_table
from workmate.models import User
from workmate.money import LIMIT, parse_date, parse_decimal

COLUMNS = (
    Column(
        "number",
        ("Kundennummer", "Kunde Nr", "Debitor", "Debitorennummer", "Personenkonto", "Konto"),
    ),
    Column("name", ("Name", "Kunde", "Kundenname", "Firma")),
    Column(
        "document",
        ("Rechnungsnummer", "Rechnung", "Belegnummer", "Beleg", "Belegfeld 1", "Rechnungsnr"),
        required=True,
    ),
    Column("date", ("Datum", "Rechnungsdatum", "Belegdatum"), required=True),
    Column("due", ("Fällig", "Fällig am", "Fälligkeit", "Fälligkeitsdatum")),
    Column("amount", ("Betrag", "Offen", "Offener Betrag", "Saldo", "Restbetrag"), required=True),
    Column("currency", ("Währung", "WKZ")),
)

documents.register("open_items", permission="workmate.view_openitem")


@dataclass(frozen=True)
class ItemRow:
    """A line of the file, and what becomes of it: `new`, `known` or `wrong`."""

    line: int
    cells: TableRow
    item: OldItem | None = None
    state: str = "new"
    message: str = ""


@dataclass(frozen=True)
class Report:
    """What a file holds; nothing of it is written while a row is wrong."""

    rows: list[ItemRow]

    def of(self, state: str) -> list[ItemRow]:
        """The rows in that state."""
        return [row for row in self.rows if row.state == state]

    @property
    def total(self) -> Decimal:
        """What the new rows add to the open items (EUR)."""
        return sum((row.item.amount for row in self.of("new") if row.item), Decimal(0))


def check(data: bytes, *, booked_on: datetime.date) -> Report:
    """Read and judge every row without writing anything; raises FILE_UNREADABLE."""
    find = _Customers()
    taken = _taken()
    seen: set[str] = set()
    rows = []
    for cells in read_table(data, COLUMNS):
        row = _judge(cells, find, taken, seen, booked_on)
        if row.item:
            seen.add(row.item.source)
        rows.append(row)
    return Report(rows)


@transaction.atomic
def take_over(data: bytes, filename: str, *, booked_on: datetime.date, by: User) -> Report:
    """Post every new row as an open item; raises FILE_HAS_ERRORS if a row is wrong.

    `booked_on` is the first day of the books here; invoices keep their own dates.
    """
    report = check(data, booked_on=booked_on)
    if wrong := report.of("wrong"):
        fields = {f"line_{row.line}": [row.message] for row in wrong}
        raise errors.FILE_HAS_ERRORS(count=len(wrong), fields=fields)
    new = report.of("new")
    if not new:
        return report
    for row in new:
        if row.item:
            take_over_item(row.item, booked_on=booked_on, by=by)
    document = documents.store(
        f"open-items:{hashlib.sha256(data).hexdigest()}",
        data,
        filename=filename,
        media_type="text/csv",
        kind="open_items",
        by=by,
    )
    payload = {"count": len(new), "total": report.total, "booked_on": booked_on}
    audit.record("open_items.taken_over", document, by=by, payload=payload)
    return report


class _Customers:
    """Finds a customer by number, debtor number or exact name, one query for the whole file."""

    def __init__(self) -> None:
        self.by_number: dict[str, Partner] = {}
        self.by_name: dict[str, list[Partner]] = {}
        partners = Partner.objects.filter(kind=Partner.Kind.CUSTOMER).select_related("customer")
        for partner in partners:
            self.by_number[partner.number] = partner
            self.by_name.setdefault(partner.name.casefold(), []).append(partner)
            customer: Customer | None = getattr(partner, "customer", None)
            if customer:
                self.by_number.setdefault(customer.number.casefold(), partner)

    def __call__(self, number: str, name: str) -> tuple[Partner | None, str]:
        if number:
            found = self.by_number.get(number.casefold())
            return found, "" if found else f"Den Kunden {number} gibt es nicht."
        if not name:
            return None, "Kundennummer oder Name fehlt."
        several = self.by_name.get(name.casefold(), [])
        if len(several) == 1:
            return several[0], ""
        if several:
            return None, f"Es gibt mehrere Kunden „{name}“; geben Sie die Kundennummer an."
        return None, f"Den Kunden „{name}“ gibt es nicht."


def _judge(
    cells: TableRow,
    find: _Customers,
    taken: dict[str, Decimal],
    seen: Iterable[str],
    booked_on: datetime.date,
) -> ItemRow:
    partner, message = find(cells["number"], cells["name"])
    if partner is None:
        return ItemRow(cells.line, cells, state="wrong", message=message)
    try:
        item = _item(partner, cells, booked_on)
    except ValueError as error:
        return ItemRow(cells.line, cells, state="wrong", message=str(error))
    if item.source in seen:
        message = f"{item.document_number} kommt in der Datei zweimal vor."
        return ItemRow(cells.line, cells, item, "wrong", message)
    if item.source not in taken:
        return ItemRow(cells.line, cells, item)
    if taken[item.source] == item.amount:
        return ItemRow(cells.line, cells, item, "known", "Schon übernommen.")
    message = f"{item.document_number} ist schon mit einem anderen Betrag übernommen."
    return ItemRow(cells.line, cells, item, "wrong", message)


def _item(partner: Partner, cells: TableRow, booked_on: datetime.date) -> OldItem:
    """The row as an open item; raises ValueError with a German sentence."""
    document = cells["document"]
    if not document or len(document) > 60:
        raise ValueError("Die Rechnungsnummer fehlt oder ist länger als 60 Zeichen.")
    if (cells["currency"] or "EUR").upper() not in ("EUR", "€"):
        raise ValueError("Übernommen werden nur Posten in Euro.")
    date = _date(cells["date"], "Das Datum", booked_on)
    due = _date(cells["due"], "Die Fälligkeit", booked_on) if cells["due"] else date
    if date > booked_on:
        raise ValueError("Das Datum liegt nach dem Tag der Übernahme.")
    if due < date:
        raise ValueError("Die Fälligkeit liegt vor dem Datum.")
    return OldItem(partner, document, date, due, _amount(cells["amount"]))


def _date(text: str, label: str, today: datetime.date) -> datetime.date:
    try:
        return parse_date(text, today=today)
    except (ValueError, OverflowError):
        raise ValueError(f"{label} „{text}“ ist nicht lesbar.") from None


def _amount(text: str) -> Decimal:
    try:
        amount = parse_decimal(text)
    except ValueError:
        raise ValueError(f"Der Betrag „{text}“ ist nicht lesbar.") from None
    if abs(amount) >= LIMIT or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(f"Der Betrag „{text}“ hat zu viele Stellen.")
    if not amount:
        raise ValueError("Der Betrag ist null.")
    return amount


def _taken() -> dict[str, Decimal]:
    """What was taken over before: source and amount."""
    lines = Entry.objects.filter(act="opening.item", lines__open_item__isnull=False)
    return dict(lines.values_list("source", "lines__amount"))
