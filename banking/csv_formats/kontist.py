"""Kontist: amounts are whole cents."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

KONTIST = CsvFormat(
    key="kontist",
    title="Kontist",
    delimiter=",",
    required=(
        "booking_date",
        "valuta_date",
        "amount",
        "name",
        "purpose",
        "end_to_end_id",
        "booking_status",
    ),
    read_head=no_head,
    read_row=Columns(
        booked_on="booking_date",
        value_on="valuta_date",
        amount="amount",
        name="name",
        purpose=("purpose",),
        end_to_end_id="end_to_end_id",
        status="booking_status",
        pending=frozenset({"pending", "authorized"}),
        dropped=frozenset({"declined", "cancelled", "canceled"}),
        read_day=values.any_day,
        read_amount=values.cents,
    ).read_row,
)
