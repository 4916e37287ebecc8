"""Reading a small table that a person made with a spreadsheet: German CSV in any usual dress."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from workmate.ledger import errors

MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Column:
    """A column under any of its names; the first one is what the user is told."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class TableRow:
    """A line of the file (1 is the first) with its cells by column key, "" where there is none."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


def read_table(data: bytes, columns: Sequence[Column]) -> list[TableRow]:
    """The rows below the heading, empty ones left out; raises FILE_UNREADABLE.

    Takes UTF-8 with or without BOM and Windows-1252, separated by semicolon, comma or tab.
    """
    wanted = ", ".join(column.names[0] for column in columns if column.required)
    if len(data) > MOST_BYTES:
        raise errors.FILE_UNREADABLE(reason="Sie ist größer als 5 MB.", columns=wanted)
    text = _text(data)
    if "\0" in text or not text.strip():
        raise errors.FILE_UNREADABLE(reason="Sie enthält keinen Text.", columns=wanted)
    head, _, _ = text.lstrip().partition("\n")
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    places: dict[int, str] = {}
    rows = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not places:
                places = _places(cells, columns)
                continue
            found = {key: cells[at].strip() for at, key in places.items() if at < len(cells)}
            rows.append(TableRow(reader.line_num, found))
    except csv.Error as error:
        raise errors.FILE_UNREADABLE(reason=f"Zeile {reader.line_num}.", columns=wanted) from error
    missing = [c.names[0] for c in columns if c.required and c.key not in places.values()]
    if missing:
        reason = f"Es fehlt die Spalte {', '.join(missing)}."
        raise errors.FILE_UNREADABLE(reason=reason, columns=wanted)
    return rows


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _places(cells: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    names = {name.casefold(): column.key for column in columns for name in column.names}
    places: dict[int, str] = {}
    for at, cell in enumerate(cells):
        key = names.get(" ".join(cell.split()).casefold().rstrip(".:"))
        if key and key not in places.values():
            places[at] = key
    return places or {-1: ""}
