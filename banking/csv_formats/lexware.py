"""The import template of Lexware, which some write their statements in."""

from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

LEXWARE = CsvFormat(
    key="lexware",
    title="Lexware-Vorlage",
    required=(
        "Buchungstag",
        "Valuta",
        "Auftraggeber/Zahlungsempfänger",
        "Empfänger/Zahlungspflichtiger",
        "Vorgang/Verwendungszweck",
        "Betrag",
    ),
    optional=("Zusatzinfo (optional)",),
    read_head=no_head,
    read_row=Columns(
        booked_on="Buchungstag",
        value_on="Valuta",
        amount="Betrag",
        name="Empfänger/Zahlungspflichtiger",
        purpose=("Vorgang/Verwendungszweck", "Zusatzinfo (optional)"),
    ).read_row,
)
