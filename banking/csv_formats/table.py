"""The table inside a bank file: header row found by its exact names, rows below it, head above.

A format is data (names of its columns) and two functions (head, row). Names are compared
exactly; where that fails, without their umlauts, so that a file somebody saved in the wrong
encoding is still recognised, with a warning.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from banking import errors
from banking.statement import Head, Row, Skipped

HEADER_WITHIN = 60  # lines; the longest head seen has 24
DELIMITERS = (";", ",", "\t", "|")
MAX_FIELD = 20_000  # characters
_NON_ASCII = re.compile(r"[^\x20-\x7e]+|\?")
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class NotABookingError(Exception):
    """A row that cannot be read as a booking; its text says why, in German."""


@dataclass(frozen=True, slots=True)
class Balance:
    """A line below the bookings that states a balance and looks like a booking."""

    amount: Decimal
    day: date | None = None
    opening: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row by the names of their columns."""

    columns: Mapping[str, int]
    values: Sequence[str]
    line: int

    def __getitem__(self, name: str) -> str:
        return self.values[self.columns[name]].strip()

    def get(self, *names: str) -> str:
        """The cell of the first of these columns that the file has, else empty."""
        index = next((self.columns[name] for name in names if name in self.columns), None)
        if index is None or not names[0]:
            return ""
        return self.values[index].strip()


@dataclass(frozen=True)
class CsvFormat:
    """How one bank writes one kind of export.

    `fit` mends rows whose number of cells differs from the header's, or returns None; `quotes`
    is False where quotation marks are plain text. `others` lets the file have further columns,
    `footer` knows the lines that state a balance, `headerless` the first row of a file without
    a header, `skip` lines below its beginning, whose columns are then `required`; `finish` looks
    at all rows together and may change both lists. `labelled` is True where the columns have the
    names of `labelled` and their order counts. `encoding` is set where the file does not tell.
    """

    key: str
    title: str
    required: tuple[str, ...]
    read_head: Callable[[Sequence[Sequence[str]]], Head]
    read_row: Callable[[Cells], Row]
    optional: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    quotes: bool = True
    delimiter: str = ";"
    others: bool = False
    footer: Callable[[Sequence[str]], Balance | None] | None = None
    headerless: Callable[[Sequence[str]], bool] | None = None
    skip: int = 0
    labelled: bool = False
    encoding: str = ""
    finish: Callable[[list[Row], list[Skipped]], None] = field(default=lambda rows, skipped: None)
    fit: Callable[[Sequence[str], Sequence[str]], list[str] | None] = field(
        default=lambda names, values: None
    )

    def header_of(self, names: Sequence[str]) -> tuple[tuple[str, ...], bool] | None:
        """The names as this format spells them and whether they were damaged, None if not ours."""
        if self.labelled:
            padded = [*names, *[""] * (len(self.required) - len(names))]
            is_ours = not self.headerless and labelled(padded) == self.required
            return (self.required, False) if is_ours else None
        known = {*self.required, *self.optional}
        for damaged, spell in (
            (False, _same),
            (True, _without_umlauts),
            (True, _transliterated),
        ):
            by_spelling = {spell(name): name for name in known}
            found = tuple(
                by_spelling.get(spell(name)) or (name if self.others else "") for name in names
            )
            if (
                (self.others or all(found))
                and set(self.required) <= set(found)
                and self._once(found)
            ):
                return found, damaged
        return None

    def _once(self, names: Sequence[str]) -> bool:
        twice = {name for name in names if names.count(name) > 1}
        if self.others:
            twice &= set(self.required)
        return twice <= set(self.repeated)


def labelled(names: Sequence[str]) -> tuple[str, ...]:
    """A name of its own for every column, also where the file repeats one or leaves it out."""
    labels: list[str] = []
    for number, name in enumerate(names, start=1):
        label = once = _same(name) or f"Spalte {number}"
        count = 1
        while label in labels:
            count += 1
            label = f"{once} ({count})"
        labels.append(label)
    return tuple(labels)


def cut(cells: Sequence[str]) -> list[str]:
    """The cells without the empty ones at the end."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _without_umlauts(name: str) -> str:
    return _NON_ASCII.sub("", _same(name)).casefold()


def _transliterated(name: str) -> str:
    return _same(name).casefold().translate(_TRANSLITERATION)


@dataclass(frozen=True)
class Table:
    format: CsvFormat
    names: tuple[str, ...]
    written: tuple[str, ...]
    damaged: bool
    head: Sequence[Sequence[str]]
    body: str
    body_line: int

    @property
    def columns(self) -> dict[str, int]:
        """Index by name; a repeated name is prefixed by the column before it."""
        index: dict[str, int] = {}
        for position, name in enumerate(self.names):
            index[name if name not in index else f"{self.names[position - 1]} {name}"] = position
        return index

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of every row below the header that holds anything."""
        lines = io.StringIO(self.body, newline="")
        if self.format.quotes:
            reader = csv.reader(lines, delimiter=self.format.delimiter)
        else:
            reader = csv.reader(lines, delimiter=self.format.delimiter, quoting=csv.QUOTE_NONE)
        line = self.body_line
        try:
            for values in reader:
                if any(value and not value.isspace() for value in values):
                    self._refuse_swallowed_lines(line, values)
                    yield line, values
                line = self.body_line + reader.line_num
        except csv.Error as error:
            raise errors.UNREADABLE_STATEMENT(line=line) from error

    def _refuse_swallowed_lines(self, line: int, values: Sequence[str]) -> None:
        """A quotation mark that is never closed would take the bookings after it along."""
        wanted = len(self.names)
        broken = [value for value in values if "\n" in value]
        if broken and (
            len(values) > wanted + 1
            or any(value.count(self.format.delimiter) >= wanted - 1 for value in broken)
        ):
            raise errors.UNREADABLE_STATEMENT(line=line)

    def fitted(self, values: list[str]) -> list[str]:
        """As many cells as the header has; raises `NotABookingError`."""
        wanted = len(self.names)
        if len(values) > wanted and not any(value.strip() for value in values[wanted:]):
            values = values[:wanted]
        if len(values) != wanted:
            mended = self.format.fit(self.names, values)
            if mended is None:
                raise NotABookingError(f"{len(values)} statt {wanted} Spalten")
            values = mended
        if any(len(value) > MAX_FIELD for value in values):
            raise NotABookingError(f"Feld mit mehr als {MAX_FIELD} Zeichen")
        return values


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        read = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        read = line.split(delimiter)
    return cut([cell.strip().strip('"').strip() for cell in read])


def find_table(text: str, formats: Sequence[CsvFormat]) -> Table | None:
    """The first row that is the header of a known format, with what stands above and below."""
    position = 0
    head: list[list[str]] = []
    for number in range(HEADER_WITHIN):
        if position >= len(text):
            break
        end = text.find("\n", position)
        end = len(text) if end < 0 else end + 1
        line = text[position:end]
        for delimiter in DELIMITERS:
            cells = _cells(line[:MAX_FIELD], delimiter)
            own = [known for known in formats if known.delimiter == delimiter]
            if len(cells) > 1 and (table := _table(cells, own, head, text[end:], number + 2)):
                return table
        head.append(_cells(line[:MAX_FIELD], ";"))
        position = end
    return _without_header(text, formats)


def _without_header(text: str, formats: Sequence[CsvFormat]) -> Table | None:
    for candidate in formats:
        if candidate.headerless is None:
            continue
        body = text.split("\n", candidate.skip)[-1]
        first = _cells(body.partition("\n")[0][:MAX_FIELD], candidate.delimiter)
        if candidate.headerless(first):
            names = candidate.required
            return Table(candidate, names, names, False, (), body, candidate.skip + 1)
    return None


def _table(
    cells: list[str],
    formats: Sequence[CsvFormat],
    head: list[list[str]],
    body: str,
    body_line: int,
) -> Table | None:
    for candidate in formats:
        if header := candidate.header_of(cells):
            names, damaged = header
            return Table(candidate, names, tuple(cells), damaged, head, body, body_line)
    return None
