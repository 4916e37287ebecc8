"""Sampling: where the table of an unknown CSV file begins and how it is cut into cells.

The bookings are found first, by a day and an amount in one row; what stands above them are the
names of the columns, or there are none. A person may say it all otherwise.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.encoding import decode
from banking.csv_formats.table import DELIMITERS, HEADER_WITHIN, cut, labelled

BEGINNING = 400_000  # characters in which the table begins
SHOWN = 10  # rows of the file
WIDE = 24  # characters of a cell in a choice
_LOOKED_AT = HEADER_WITHIN + 200  # rows
_BERLIN = ZoneInfo("Europe/Berlin")

Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Layout:
    """What a person says about the file; empty and zero where it is to be found."""

    delimiter: str = ""
    encoding: str = ""
    starts: int = 0
    has_header: bool | None = None


@dataclass(frozen=True)
class Sample:
    """The table of an unknown file: its columns and the first rows below them.

    `starts` is the line of the names of the columns or, without these, of the first booking;
    `encoding` is empty where the file says it itself.
    """

    delimiter: str
    encoding: str
    starts: int
    has_header: bool
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def shown(self, name: str) -> str:
        """A column as a person finds it: its name, or its letter, and what stands in it."""
        at = self.header.index(name)
        title = f"Spalte {_letters(at)}" if name == f"Spalte {at + 1}" else name
        texts = [text if len(text) <= WIDE else f"{text[:WIDE]}…" for text in self.column(name)]
        return f"{title}: {' · '.join(dict.fromkeys(texts[:2]))}" if texts else title

    def column(self, name: str) -> list[str]:
        """The filled cells of a column."""
        at = self.header.index(name)
        return [row[at] for row in self.rows if len(row) > at and row[at]]


def sample(data: bytes, layout: Layout | None = None) -> Sample:
    """Find the table in the file; raises NO_TABLE where no row has a day and an amount."""
    layout = layout or Layout()
    text = beginning(data, layout.encoding)
    best: tuple[int, int, Sample] | None = None
    for delimiter in (layout.delimiter,) if layout.delimiter else DELIMITERS:
        records = list(islice(_records(text, delimiter, layout.starts), _LOOKED_AT))
        widths = Counter(len(cells) for _, cells in records if is_booking(cells))
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if best is None or (count, width) > best[:2]:
            best = (count, width, _sample(records, width, delimiter, layout))
    if best is None:
        raise errors.NO_TABLE()
    return best[2]


def beginning(data: bytes, encoding: str = "") -> str:
    """The first part of the file as text."""
    text = data.decode(encoding, errors="replace") if encoding else decode(data)[0]
    return text[:BEGINNING].removeprefix("\ufeff")


def any_day(text: str) -> date | None:
    """A day, the day before the month, with or without a time, also `20261125`."""
    text = text.strip()
    if len(text) == 8 and text.isascii() and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return values.berlin_day(text, zone=_BERLIN)


def month_first(text: str) -> date | None:
    """`11/25/2026`, the American way, with or without a time."""
    parts = text.strip().partition(" ")[0].replace("/", "-").split("-")
    if len(parts) != 3:
        return None
    month, day, year = parts
    return values.any_day(f"{day:0>2}-{month:0>2}-{year}")


def is_booking(cells: Sequence[str]) -> bool:
    """Whether one of the cells is a day and another one an amount."""
    days = [cell for cell in cells if any_day(cell) or month_first(cell)]
    return bool(days) and any(_is_amount(cell) for cell in cells if cell not in days)


def _letters(at: int) -> str:
    """A for the first column, AA for the 27th, as spreadsheets name them."""
    letters = ""
    while at >= 0:
        letters = chr(ord("A") + at % 26) + letters
        at = at // 26 - 1
    return letters


def _is_amount(text: str) -> bool:
    return values.amount(text) is not None or values.point_amount(text) is not None


def _records(text: str, delimiter: str, starts: int) -> Iterator[Record]:
    """Line number and cells of the rows that hold anything, from a line on."""
    lines = io.StringIO(text, newline="")
    skipped = max(starts - 1, 0)
    for _ in range(skipped):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter)
    line = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = skipped + reader.line_num + 1
    except csv.Error:  # what was read until here may be enough
        return


def _sample(records: list[Record], width: int, delimiter: str, layout: Layout) -> Sample:
    first = next(
        at for at, (_, cells) in enumerate(records) if len(cells) == width and is_booking(cells)
    )
    if layout.starts:
        above = 0 if layout.has_header or not is_booking(records[0][1]) else -1
    else:
        above = first - 1
    has_header = layout.has_header
    if has_header is None:
        has_header = above >= 0 and _is_header(records[above][1], records[first][1])
    above = max(above, 0)
    told = layout.starts and (has_header or is_booking(records[0][1]))
    begin = above if has_header or told else first
    names = records[above][1] if has_header else []
    rows = [cells for _, cells in records[begin + has_header :]]
    filled = max((len(cut(cells)) for cells in rows if is_booking(cells)), default=width)
    size = max(len(cut(names)), filled)
    return Sample(
        delimiter=delimiter,
        encoding=layout.encoding,
        starts=records[begin][0],
        has_header=has_header,
        header=labelled([*cut(names), *[""] * size][:size]),
        rows=[row[:size] for row in rows[: SHOWN * 20]],
    )


def _is_header(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Names and nothing else, for all columns that the booking below it fills but one."""
    names = [cell for cell in cells if cell]
    if len(names) < 2 or len(cells) < len(cut(below)) - 1:
        return False
    return not any(any_day(cell) or _is_amount(cell) for cell in names)
