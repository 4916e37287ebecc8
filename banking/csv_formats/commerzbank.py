"""Commerzbank: name, IBAN, references and purpose run together inside `Buchungstext`."""

import re
from dataclasses import replace

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.purpose import reference
from banking.csv_formats.table import Cells, CsvFormat
from banking.statement import Row

_END_TO_END = re.compile(r"End-to-End-Ref\.:\s*(\S+)")
_MANDATE = re.compile(r"Mandatsref:\s*(\S+)")
_CREDITOR = re.compile(r"Gläubiger-ID:\s*(\S+)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30})\b")


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return reference(match[1]) if match else ""


def _format(key: str, title: str, required: tuple[str, ...], account: str) -> CsvFormat:
    columns = Columns(
        booked_on="Buchungstag",
        value_on="Wertstellung",
        amount="Betrag",
        currency="Währung",
        purpose=("Buchungstext",),
        booking_text="Umsatzart",
        account=account,
    )

    def read_row(cells: Cells) -> Row:
        row = columns.read_row(cells)
        text = cells["Buchungstext"]
        own = values.iban(cells[account])
        named = (found for found in _IBAN.findall(text) if found != own)
        return replace(
            row,
            counterparty_iban=next(named, ""),
            end_to_end_id=_found(_END_TO_END, text),
            mandate=_found(_MANDATE, text),
            creditor_id=_found(_CREDITOR, text),
        )

    return CsvFormat(key=key, title=title, required=required, read_head=no_head, read_row=read_row)


_COMMON = ("Buchungstag", "Wertstellung", "Umsatzart", "Buchungstext", "Betrag", "Währung")
COMMERZBANK = _format(
    "commerzbank",
    "Commerzbank",
    (*_COMMON, "IBAN Kontoinhaber", "Kategorie"),
    "IBAN Kontoinhaber",
)
COMMERZBANK_OLD = _format(
    "commerzbank-alt",
    "Commerzbank (älter)",
    (*_COMMON, "Auftraggeberkonto", "Bankleitzahl Auftraggeberkonto", "IBAN Auftraggeberkonto"),
    "IBAN Auftraggeberkonto",
)
