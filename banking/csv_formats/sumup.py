"""SumUp: the report of transactions, where each payment and its payout are a row; no balance.

A payment comes in less its fee. A payout leaves for the bank on its own day; planned ones have
not left yet. Kinds and states that are not known (refunds have no sign to go by) are skipped and
named. The report names no currency.
"""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Row

_PAID = frozenset({"zahlung", "umsatz"})
_PAID_OUT = "auszahlung"
_DONE = frozenset({"erfolgreich", "gezahlt"})
_PLANNED = frozenset({"geplant"})


def _sumup(suffix: str, day: str, code: str, amount: str, fee: str, payout: str) -> CsvFormat:
    columns = Columns(
        booked_on=day,
        amount=amount,
        fee=fee,
        purpose=("Beschreibung",),
        booking_text="Transaktionsart",
        bank_reference=code,
        status="Status",
        pending=_PLANNED,
        read_day=partial(values.berlin_day, zone=values.BERLIN),
        read_amount=values.point_amount,
    )
    return CsvFormat(
        key=f"sumup{suffix}",
        title="SumUp",
        delimiter=",",
        required=(
            *(day, code, "Transaktionsart", "Status", "Beschreibung", amount, fee, payout),
            *("Auszahlungsdatum", "Auszahlungs-ID"),
        ),
        others=True,
        read_head=no_head,
        read_row=partial(_read, columns),
    )


def _read(columns: Columns, cells: Cells) -> Row:
    kind, status = cells["Transaktionsart"].casefold(), cells["Status"].casefold()
    if status not in _DONE | _PLANNED:
        raise NotABookingError(f"nicht ausgeführt: „{cells['Status'][:40]}“")
    row = columns.read_row(cells)
    if kind in _PAID:
        return row
    if kind != _PAID_OUT:
        raise NotABookingError(f"Transaktionsart nicht bekannt: „{cells['Transaktionsart'][:40]}“")
    number = values.squeeze(cells["Auszahlungs-ID"])
    return replace(
        row,
        booked_on=columns.read_day(cells["Auszahlungsdatum"]) or row.booked_on,
        amount=-row.amount,
        fee=Decimal(0),
        purpose=f"Auszahlung {number}".strip(),
    )


SUMUP = (
    _sumup("", "Zeitstempel", "Transaktionscode", "Betrag", "Gebührenbetrag", "Auszahlungsbetrag"),
    _sumup("-alt", "Datum", "Transaktions-ID", "Betrag inkl. MwSt.", "Gebühr", "Auszahlung"),
)
