"""CSV exports of banks: the registry of formats, and reading a file with the one it has."""

from banking.csv_formats.bunq import BUNQ
from banking.csv_formats.comdirect import COMDIRECT
from banking.csv_formats.commerzbank import COMMERZBANK, COMMERZBANK_OLD
from banking.csv_formats.consorsbank import CONSORSBANK
from banking.csv_formats.deutsche_bank import (
    DEUTSCHE_BANK,
    DEUTSCHE_BANK_2010,
    DEUTSCHE_BANK_OLD,
)
from banking.csv_formats.direkt1822 import DIREKT_1822
from banking.csv_formats.dkb import DKB, DKB_OLD
from banking.csv_formats.finom import FINOM
from banking.csv_formats.ing import ING
from banking.csv_formats.kontist import KONTIST
from banking.csv_formats.lexware import LEXWARE
from banking.csv_formats.n26 import N26, N26_OLD
from banking.csv_formats.paypal import PAYPAL
from banking.csv_formats.postbank import POSTBANK_OLD
from banking.csv_formats.qonto import QONTO
from banking.csv_formats.reading import read_with
from banking.csv_formats.revolut import REVOLUT, REVOLUT_BUSINESS
from banking.csv_formats.sparkasse import SPARKASSE_CAMT, SPARKASSE_CARD, SPARKASSE_MT940
from banking.csv_formats.stripe import STRIPE
from banking.csv_formats.sumup import SUMUP
from banking.csv_formats.table import CsvFormat
from banking.csv_formats.targobank import TARGOBANK
from banking.csv_formats.volksbank import VOLKSBANK, VOLKSBANK_OLD
from banking.csv_formats.wise import WISE, WISE_HISTORY
from banking.statement import ParsedStatement

# A new bank is a new module and a line here.
FORMATS: tuple[CsvFormat, ...] = (
    ING,
    SPARKASSE_CAMT,
    SPARKASSE_MT940,
    SPARKASSE_CARD,
    VOLKSBANK,
    VOLKSBANK_OLD,
    DKB,
    DKB_OLD,
    COMMERZBANK,
    COMMERZBANK_OLD,
    DEUTSCHE_BANK,
    DEUTSCHE_BANK_OLD,
    DEUTSCHE_BANK_2010,
    POSTBANK_OLD,
    COMDIRECT,
    DIREKT_1822,
    TARGOBANK,
    CONSORSBANK,
    N26,
    *N26_OLD,
    KONTIST,
    FINOM,
    *QONTO,
    BUNQ,
    *REVOLUT,
    REVOLUT_BUSINESS,
    WISE,
    *WISE_HISTORY,
    *PAYPAL,
    *STRIPE,
    *SUMUP,
    LEXWARE,
)

__all__ = ["FORMATS", "CsvFormat", "read_statement"]


def read_statement(data: bytes, mapped: tuple[CsvFormat, ...] = ()) -> ParsedStatement:
    """Read an export of a known bank, or one that fits a format of `mapped`.

    Raises `STATEMENT_TOO_LARGE`, `STATEMENT_EMPTY`, `NOT_A_TEXT_FILE`, `UNKNOWN_FORMAT` and
    `UNREADABLE_STATEMENT` of `banking.errors`.
    """
    return read_with((*FORMATS, *mapped), data)
