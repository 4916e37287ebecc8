"""Consorsbank, known from one public snippet of 2018."""

from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

CONSORSBANK = CsvFormat(
    key="consorsbank",
    title="Consorsbank",
    required=(
        "Buchung",
        "Valuta",
        "Sender / Empfänger",
        "IBAN / Konto-Nr.",
        "BIC / BLZ",
        "Buchungstext",
        "Verwendungszweck",
        "Betrag in EUR",
    ),
    optional=("Kategorie", "Stichwörter", "Umsatz geteilt"),
    read_head=no_head,
    read_row=Columns(
        booked_on="Buchung",
        value_on="Valuta",
        amount="Betrag in EUR",
        name="Sender / Empfänger",
        iban="IBAN / Konto-Nr.",
        bic="BIC / BLZ",
        purpose=("Verwendungszweck",),
        booking_text="Buchungstext",
    ).read_row,
)
