"""Reading a file with the format whose header it has; what is odd about it becomes a warning."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.encoding import decode
from banking.csv_formats.table import (
    Balance,
    Cells,
    CsvFormat,
    NotABookingError,
    Table,
    find_table,
)
from banking.statement import Head, ParsedStatement, Row, Skipped, check_balance

MAX_SIZE = 50 * 1024 * 1024  # bytes
MAX_ROWS = 250_000
# U+FFFD itself, and its three bytes read as Latin-1.
_BROKEN = ("\ufffd", "ï¿½")
_EXCEL = re.compile(r"\b\d(?:,\d+)?E\+\d{2,3}\b")


def read_with(formats: Sequence[CsvFormat], data: bytes) -> ParsedStatement:
    text, encoding = _text(data)
    table = find_table(text, [known for known in formats if not known.encoding])
    if table is None:
        text, encoding, table = _told(formats, data)
    head, rows, skipped = _read_rows(table)
    return ParsedStatement(
        format=table.format.key,
        title=table.format.title,
        encoding=encoding,
        head=head,
        rows=tuple(rows),
        skipped=tuple(skipped),
        warnings=tuple(_warnings(table, text, head, rows)),
        balance_check=check_balance(head, rows),
    )


def _told(formats: Sequence[CsvFormat], data: bytes) -> tuple[str, str, Table]:
    """The table of a format whose encoding a person has told; raises UNKNOWN_FORMAT."""
    for encoding in dict.fromkeys(known.encoding for known in formats if known.encoding):
        told = data.decode(encoding, errors="replace").removeprefix("\ufeff")
        table = find_table(told, [known for known in formats if known.encoding == encoding])
        if table is not None:
            return told, encoding, table
    raise errors.UNKNOWN_FORMAT(formats=", ".join(titles(formats)))


def titles(formats: Sequence[CsvFormat]) -> list[str]:
    """What the formats are called, each name once."""
    return list(dict.fromkeys(known.title for known in formats))


def _text(data: bytes) -> tuple[str, str]:
    if len(data) > MAX_SIZE:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
    if not data.strip():
        raise errors.STATEMENT_EMPTY()
    text, encoding = decode(data)
    if "\0" in text:
        raise errors.NOT_A_TEXT_FILE()
    return text, encoding


def _read_rows(table: Table) -> tuple[Head, list[Row], list[Skipped]]:
    head = table.format.read_head(table.head)
    rows: list[Row] = []
    skipped: list[Skipped] = []
    columns, footer, read_row = table.columns, table.format.footer, table.format.read_row
    for line, record in table.records():
        if len(rows) >= MAX_ROWS:
            raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_ROWS:,} Buchungen".replace(",", "."))
        if footer and (balance := footer(record)):
            head = _with(head, balance)
            continue
        try:
            rows.append(read_row(Cells(columns, table.fitted(record), line)))
        except NotABookingError as reason:
            skipped.append(Skipped(line, str(reason)))
    table.format.finish(rows, skipped)
    return head, rows, skipped


def _with(head: Head, balance: Balance) -> Head:
    if balance.opening:
        return replace(head, opening_balance=balance.amount)
    return replace(head, closing_balance=balance.amount, closing_on=balance.day)


def _warnings(table: Table, text: str, head: Head, rows: Sequence[Row]) -> list[str]:
    warnings = []
    if table.damaged:
        warnings.append(f"Die Spaltenüberschriften sind beschädigt: „{';'.join(table.written)}“.")
    if broken := sum(map(text.count, _BROKEN)):
        warnings.append(
            f"{broken} Zeichen sind in der Datei zerstört (\ufffd). "
            "Laden Sie sie unverändert aus dem Online-Banking."
        )
    if "E+" in table.body and (found := _EXCEL.search(table.body)):  # the first is quicker
        warnings.append(
            f"Ein Tabellenprogramm hat Nummern verändert („{found[0]}“). "
            "Laden Sie die Datei unverändert aus dem Online-Banking."
        )
    currencies = Counter(row.currency for row in rows)
    for currency, count in currencies.items():
        if currency not in values.CURRENCIES:
            warnings.append(f"Unbekannte Währung „{currency}“ ({count} Buchungen).")
    if len(currencies) > 1:
        warnings.append(f"Mehrere Währungen in einer Datei: {', '.join(sorted(currencies))}.")
    accounts = {row.account for row in rows if row.account}
    if len(accounts) > 1:
        warnings.append(f"Mehrere Konten in einer Datei: {', '.join(sorted(accounts))}.")
    if not rows:
        warnings.append("Die Datei enthält keine Buchung.")
    return warnings
