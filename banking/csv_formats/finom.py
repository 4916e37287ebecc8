"""Finom: `N/A` means empty, each booking has an id of its own."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import Cells, CsvFormat
from banking.statement import Row

_COLUMNS = Columns(
    booked_on="Buchungsdatum",
    amount="Zahlungsbetrag",
    currency="Zahlungswährung",
    name="Auftraggeber/Empfänger",
    iban="Counterparty IBAN",
    bic="Counterparty BIC",
    purpose=("Verwendungszweck",),
    booking_text="Transaktionsart",
    bank_reference="Transaktions-ID",
    balance="Wallet-Saldo nach Transaktion",
    account="Wallet-IBAN",
    original=("Ursprungsbetrag", "Ursprungswährung"),
    status="Status",
    pending=frozenset({"pending", "ausstehend"}),
    dropped=frozenset({"declined", "rejected", "abgelehnt", "canceled", "cancelled"}),
    read_day=values.any_day,
    read_amount=values.point_amount,
)


def _read_row(cells: Cells) -> Row:
    known = ["" if value.strip() == "N/A" else value for value in cells.values]
    return _COLUMNS.read_row(Cells(cells.columns, known, cells.line))


FINOM = CsvFormat(
    key="finom",
    title="Finom",
    delimiter=",",
    required=(
        "Buchungsdatum",
        "Time completed",
        "Status",
        "Transaktionsart",
        "Auftraggeber/Empfänger",
        "Zahlungsbetrag",
        "Wallet-Saldo nach Transaktion",
        "Transaktions-ID",
    ),
    others=True,
    read_head=no_head,
    read_row=_read_row,
)
