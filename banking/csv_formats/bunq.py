"""bunq: decimal commas in a file that commas separate."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

BUNQ = CsvFormat(
    key="bunq",
    title="bunq",
    delimiter=",",
    required=("Date", "Amount", "Account", "Counterparty", "Name", "Description"),
    optional=("Interest Date",),
    read_head=no_head,
    read_row=Columns(
        booked_on="Date",
        value_on="Interest Date",
        amount="Amount",
        name="Name",
        iban="Counterparty",
        purpose=("Description",),
        account="Account",
        read_day=values.any_day,
    ).read_row,
)
