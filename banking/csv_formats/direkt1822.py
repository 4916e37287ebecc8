"""1822direkt: the signed amount stands in a column called `Soll/Haben`."""

from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

DIREKT_1822 = CsvFormat(
    key="1822direkt",
    title="1822direkt",
    required=(
        "Kontonummer",
        "Datum/Zeit",
        "Buchungstag",
        "Wertstellung",
        "Soll/Haben",
        "Buchungsschlüssel",
        "Buchungsart",
        "Empfänger/Auftraggeber Name",
        "Empfänger/Auftraggeber IBAN",
    ),
    others=True,
    read_head=no_head,
    read_row=Columns(
        booked_on="Buchungstag",
        value_on="Wertstellung",
        amount="Soll/Haben",
        name="Empfänger/Auftraggeber Name",
        iban="Empfänger/Auftraggeber IBAN",
        bic="Empfänger/Auftraggeber BIC",
        purpose=tuple(f"Vwz.{number}" for number in range(18)),
        booking_text="Buchungsart",
        creditor_id="Glaeubiger-ID",
        mandate="Mandatsreferenz",
        end_to_end_id="End-to-End-Identifikation",
        account="Kontonummer",
    ).read_row,
)
