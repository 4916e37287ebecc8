"""Mapping: a CSV file that no known format fits is read by columns that a person has chosen.

A mapping is kept by the header it was made for. From then on a file with that header is known like
those of the banks: exactly, never by likeness.
"""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.encoding import decode
from banking.csv_formats.reading import read_with
from banking.csv_formats.table import DELIMITERS, HEADER_WITHIN, CsvFormat
from banking.models import CsvMapping
from banking.statement import ParsedStatement
from workmate import audit
from workmate.models import User

SHOWN = 10  # rows of the file
BEGINNING = 400_000  # characters in which the table begins
# What columns are called, the most telling first; compared in small letters, as whole or as part.
SYNONYMS = {
    "booked_on": ("buchungstag", "buchungsdatum", "booking date", "date", "datum", "buchung"),
    "value_on": ("valutadatum", "wertstellung", "valuta", "value date"),
    "amount": ("betrag", "umsatz", "amount", "net"),
    "sign": ("soll/haben", "s/h", "sollhaben", "debit/credit"),
    "debit": ("soll", "ausgang", "debit", "belastung", "paid out"),
    "credit": ("haben", "eingang", "credit", "gutschrift", "paid in"),
    "name": ("empfänger", "auftraggeber", "name", "begünstigter", "counterparty", "payee"),
    "iban": ("gegenkonto", "iban", "kontonummer"),
    "purpose": (
        "verwendungszweck",
        "buchungstext",
        "details",
        "zweck",
        "text",
        "beschreibung",
        "description",
        "reference",
    ),
    "bank_reference": ("transaktions-id", "transaction id", "umsatz-id"),
    "balance": ("saldo", "kontostand", "balance"),
    "currency": ("währung", "currency", "waehrung"),
}
_SIGNS = dict.fromkeys(("s", "soll", "d", "dr", "debit", "-", "out"), -1) | dict.fromkeys(
    ("h", "haben", "c", "cr", "credit", "+", "in"), 1
)
_AMOUNTS = {
    CsvMapping.Amounts.GERMAN: values.amount,
    CsvMapping.Amounts.ENGLISH: values.point_amount,
    CsvMapping.Amounts.CENTS: values.cents,
}


@dataclass(frozen=True)
class Sample:
    """The header of an unknown file and the first rows below it."""

    delimiter: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def sample(data: bytes) -> Sample:
    """Find the table in the file; raises NO_TABLE where there is none that can be mapped."""
    text, _ = decode(data)
    lines = text[:BEGINNING].splitlines()[: HEADER_WITHIN + SHOWN]
    best: Sample | None = None
    for delimiter in DELIMITERS:
        cut = [_cut(line, delimiter) for line in lines]
        for at, cells in enumerate(cut[:HEADER_WITHIN]):
            if _is_header(cells, cut[at + 1 : at + 2]):
                found = Sample(delimiter, tuple(cells), cut[at + 1 : at + 1 + SHOWN])
                if best is None or len(found.header) > len(best.header):
                    best = found
                break
    if best is None:
        raise errors.NO_TABLE()
    return best


def guessed(found: Sample) -> dict[str, str]:
    """Role → column, as far as the names of the columns tell, and how amounts and days look."""
    roles: dict[str, str] = {}
    free = list(found.header)
    for role, names in SYNONYMS.items():
        hit = next((c for name in names for c in free if c.casefold() == name), None)
        hit = hit or next((c for name in names for c in free if name in c.casefold()), None)
        if hit:
            roles[role] = hit
            free.remove(hit)
    if "amount" in roles:
        roles.pop("debit", None)
        roles.pop("credit", None)
    told = [text for role in ("amount", "debit", "credit") for text in _texts(found, roles, role)]
    reads = (kind for kind, read in _AMOUNTS.items() if _all_readable(read, told))
    days = _texts(found, roles, "booked_on")
    american = not _all_readable(values.any_day, days) and _all_readable(_month_first, days)
    return roles | {
        "amounts": next(reads, CsvMapping.Amounts.GERMAN),
        "days": CsvMapping.Days.MONTH_FIRST if american else CsvMapping.Days.DAY_FIRST,
    }


def proposed(found: Sample) -> CsvMapping:
    """The guess as a mapping, not saved; raises NO_TABLE where it lacks the day or the amount."""
    columns = guessed(found)
    amounts, days = columns.pop("amounts"), columns.pop("days")
    if "booked_on" not in columns or not {"amount", "debit", "credit"} & columns.keys():
        raise errors.NO_TABLE()
    return CsvMapping(
        name="Vorschlag",
        delimiter=found.delimiter,
        header=list(found.header),
        columns=columns,
        amounts=amounts,
        days=days,
    )


def _texts(found: Sample, roles: dict[str, str], role: str) -> list[str]:
    """The filled cells of the column that has this role."""
    if role not in roles:
        return []
    at = found.header.index(roles[role])
    return [row[at] for row in found.rows if len(row) > at and row[at]]


def _all_readable(read: Callable[[str], object], texts: list[str]) -> bool:
    return bool(texts) and all(read(text) is not None for text in texts)


def format_of(mapping: CsvMapping) -> CsvFormat:
    """The mapping as a format, known by its exact header."""
    roles = dict(mapping.columns)
    purpose = tuple(filter(None, (roles.pop("purpose", ""), roles.pop("purpose2", ""))))
    is_american = mapping.days == CsvMapping.Days.MONTH_FIRST
    columns = Columns(
        **{role: column for role, column in roles.items() if column},
        purpose=purpose,
        signs=_SIGNS,
        read_day=_month_first if is_american else values.any_day,
        read_amount=_AMOUNTS[CsvMapping.Amounts(mapping.amounts)],
    )
    return CsvFormat(
        key=f"mapping-{mapping.digest[:12]}",
        title=mapping.name,
        required=tuple(mapping.header),
        read_head=no_head,
        read_row=columns.read_row,
        delimiter=mapping.delimiter,
    )


def mapped() -> tuple[CsvFormat, ...]:
    """The formats that people have mapped."""
    return tuple(format_of(mapping) for mapping in CsvMapping.objects.all())


def tried(mapping: CsvMapping, data: bytes) -> ParsedStatement:
    """What the mapping makes of the file; raises what reading raises."""
    return read_with((format_of(mapping),), data)


@transaction.atomic
def keep(mapping: CsvMapping, *, by: User) -> CsvMapping:
    """Save a mapping, in place of an older one for the same header."""
    mapping.digest = digest_of(mapping.delimiter, mapping.header)
    mapping.created_by = by
    older = CsvMapping.objects.select_for_update().filter(digest=mapping.digest).first()
    if older:
        mapping.pk = older.pk
    mapping.save()
    payload = {"columns": mapping.columns, "amounts": mapping.amounts, "days": mapping.days}
    audit.record("csv_mapping.kept", mapping, by=by, payload=payload)
    return mapping


@transaction.atomic
def drop(mapping: CsvMapping, *, by: User) -> None:
    """Forget a mapping; files with its header are unknown again, what they brought stays."""
    audit.record("csv_mapping.dropped", mapping, by=by, payload={"columns": mapping.columns})
    mapping.delete()


def digest_of(delimiter: str, header: Sequence[str]) -> str:
    """Stands for a header; two mappings never share one."""
    return hashlib.sha256(delimiter.join(["", *header]).encode()).hexdigest()


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_header(cells: list[str], following: list[list[str]]) -> bool:
    """At least three different names, none of them an amount or a day, and a row below."""
    if len(cells) < 3 or len(set(cells)) < len(cells) or not all(cells):
        return False
    if any(values.amount(cell) is not None or values.any_day(cell) for cell in cells):
        return False
    return bool(following) and 3 <= len(following[0]) <= len(cells)


def _month_first(text: str) -> date | None:
    """`11/25/2026`, the American way."""
    parts = text.strip().replace("/", "-").split("-")
    if len(parts) != 3:
        return None
    month, day, year = parts
    return values.any_day(f"{day:0>2}-{month:0>2}-{year}")
