"""CSV exports of banks: the registry of formats, and reading a file with the one it has."""

from banking.csv_formats.dkb import DKB, DKB_OLD
from banking.csv_formats.ing import ING
from banking.csv_formats.reading import read_with
from banking.csv_formats.sparkasse import SPARKASSE_CAMT, SPARKASSE_MT940
from banking.csv_formats.table import CsvFormat
from banking.statement import ParsedStatement

# A new bank is a new module and a line here.
FORMATS: tuple[CsvFormat, ...] = (ING, SPARKASSE_CAMT, SPARKASSE_MT940, DKB, DKB_OLD)

__all__ = ["FORMATS", "CsvFormat", "read_statement"]


def read_statement(data: bytes) -> ParsedStatement:
    """Read an export of a known bank.

    Raises `STATEMENT_TOO_LARGE`, `STATEMENT_EMPTY`, `NOT_A_TEXT_FILE`, `UNKNOWN_FORMAT` and
    `UNREADABLE_STATEMENT` of `banking.errors`.
    """
    return read_with(FORMATS, data)
