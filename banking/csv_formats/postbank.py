"""Postbank until 2023; since then it writes what Deutsche Bank writes."""

from collections.abc import Sequence

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, facts_of
from banking.csv_formats.table import Cells, CsvFormat
from banking.statement import Head, Row

_INCOMING = Columns(
    booked_on="Buchungstag",
    value_on="Wertstellung",
    amount="Betrag (€)",
    balance="Saldo (€)",
    purpose=("Buchungsdetails",),
    booking_text="Umsatzart",
    name="Auftraggeber",
)
_OUTGOING = Columns(
    booked_on="Buchungstag",
    value_on="Wertstellung",
    amount="Betrag (€)",
    balance="Saldo (€)",
    purpose=("Buchungsdetails",),
    booking_text="Umsatzart",
    name="Empfänger",
)


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    return Head(iban=values.iban(facts_of(lines).get("IBAN", "")))


def _read_row(cells: Cells) -> Row:
    outgoing = cells["Betrag (€)"].startswith("-")
    return (_OUTGOING if outgoing else _INCOMING).read_row(cells)


POSTBANK_OLD = CsvFormat(
    key="postbank-alt",
    title="Postbank (bis 2023)",
    required=(
        "Buchungstag",
        "Wertstellung",
        "Umsatzart",
        "Buchungsdetails",
        "Auftraggeber",
        "Empfänger",
        "Betrag (€)",
        "Saldo (€)",
    ),
    read_head=_read_head,
    read_row=_read_row,
)
