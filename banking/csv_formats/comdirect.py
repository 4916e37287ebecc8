"""comdirect: pending rows say `offen` and `--`; the other side stands inside `Buchungstext`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from banking.csv_formats import values
from banking.csv_formats.columns import Columns
from banking.csv_formats.purpose import reference
from banking.csv_formats.table import Balance, Cells, CsvFormat
from banking.statement import Head, Row

_PERIOD = re.compile(r"Zeitraum: (\S+) - (\S+)")
_PARTS = re.compile(
    r"(Auftraggeber: |Empfänger: |Kto/IBAN: |BLZ/BIC: |Buchungstext: |\bRef\. |End-to-End-Ref\.: )"
)
_COLUMNS = Columns(
    booked_on="Buchungstag",
    value_on="Wertstellung (Valuta)",
    amount="Umsatz in EUR",
    booking_text="Vorgang",
)
_CARD_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}\b")


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    text = " ".join(cell for cells in lines for cell in cells)
    match = _PERIOD.search(text)
    start, end = (values.day(match[1]), values.day(match[2])) if match else (None, None)
    closing = None
    for cells in lines:
        if len(cells) > 1 and cells[0].startswith("Neuer Kontostand"):
            closing = values.amount(cells[1])
    return Head(period=(start, end) if start and end else None, closing_balance=closing)


def _footer(cells: Sequence[str]) -> Balance | None:
    if len(cells) < 2 or cells[0].strip() != "Alter Kontostand":
        return None
    amount = values.amount(cells[1])
    return None if amount is None else Balance(amount, opening=True)


def _pending_day(text: str) -> date | None:
    match = _CARD_DAY.search(text)
    return values.any_day(match[1]) if match else None


def _read_row(cells: Cells) -> Row:
    text = cells["Buchungstext"]
    pending = cells["Buchungstag"].casefold() in {"offen", "--"}
    if pending and (seen := _pending_day(text)):
        dated = list(cells.values)
        dated[cells.columns["Buchungstag"]] = f"{seen:%d.%m.%Y}"
        row = _COLUMNS.read_row(Cells(cells.columns, dated, cells.line))
    else:
        row = _COLUMNS.read_row(cells)
    pieces = _PARTS.split(text)
    parts = {name.strip(): part for name, part in zip(pieces[1::2], pieces[2::2], strict=True)}
    return replace(
        row,
        counterparty_name=values.squeeze(parts.get("Auftraggeber:") or parts.get("Empfänger:", "")),
        counterparty_iban=values.iban(parts.get("Kto/IBAN:", "")),
        counterparty_bic=values.bic(parts.get("BLZ/BIC:", "")),
        purpose=values.squeeze(parts.get("Buchungstext:", pieces[0])),
        bank_reference=reference(parts.get("Ref.", "")),
        end_to_end_id=reference(parts.get("End-to-End-Ref.:", "")),
        pending=pending,
        raw=tuple(cells.values),
    )


COMDIRECT = CsvFormat(
    key="comdirect",
    title="comdirect",
    required=(
        "Buchungstag",
        "Wertstellung (Valuta)",
        "Vorgang",
        "Buchungstext",
        "Umsatz in EUR",
    ),
    read_head=_read_head,
    read_row=_read_row,
    footer=_footer,
)
