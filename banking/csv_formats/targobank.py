"""Targobank: no header; day, text, debit, credit, two empty cells, the IBAN in apostrophes."""

import re
from collections.abc import Sequence
from decimal import Decimal

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

_QUOTED_IBAN = re.compile(r"'[A-Z]{2}\d{2}[A-Z0-9]{11,30}'")


def _is_first_row(cells: Sequence[str]) -> bool:
    return (
        len(cells) == 7
        and values.day(cells[0]) is not None
        and bool(_QUOTED_IBAN.fullmatch(cells[6].strip()))
    )


def _amount(text: str) -> Decimal | None:
    """Both `-5,00` and `-5.00` occur."""
    german = values.amount(text)
    return values.point_amount(text) if german is None else german


TARGOBANK = CsvFormat(
    key="targobank",
    title="Targobank",
    required=("Datum", "Text", "Soll", "Haben", "Leer 1", "Leer 2", "IBAN"),
    read_head=no_head,
    headerless=_is_first_row,
    read_row=Columns(
        booked_on="Datum",
        debit="Soll",
        credit="Haben",
        purpose=("Text",),
        account="IBAN",
        read_amount=_amount,
    ).read_row,
)
