"""Qonto: the template is the user's, with comma or semicolon; its times are UTC."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

_COLUMNS = Columns(
    booked_on="Settlement date (UTC)",
    amount="Total amount (incl. VAT)",
    currency="Currency",
    name="Counterparty name",
    purpose=("Reference",),
    booking_text="Payment method",
    bank_reference="Transaction ID",
    account="IBAN",
    status="Status",
    pending=frozenset({"pending", "processing"}),
    dropped=frozenset({"declined", "canceled", "cancelled", "reversed"}),
    read_day=values.berlin_day,
    read_amount=values.point_amount,
)

QONTO = tuple(
    CsvFormat(
        key=key,
        title="Qonto",
        delimiter=delimiter,
        required=(
            "Status",
            "Settlement date (UTC)",
            "Operation date (UTC)",
            "Total amount (incl. VAT)",
            "Currency",
            "Counterparty name",
        ),
        others=True,
        read_head=no_head,
        read_row=_COLUMNS.read_row,
    )
    for key, delimiter in (("qonto", ","), ("qonto-semikolon", ";"))
)
