"""Stripe: the list of what changed the balance; net is what reaches the balance."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat


def _stripe(suffix: str, created: str, available: str) -> CsvFormat:
    columns = Columns(
        booked_on=created,
        value_on=available,
        amount="gross",
        fee="fee",
        currency="currency",
        purpose=("description",),
        booking_text="reporting_category",
        bank_reference="balance_transaction_id",
        read_day=values.berlin_day,
        read_amount=values.point_amount,
    )

    return CsvFormat(
        key=f"stripe{suffix}",
        title="Stripe",
        delimiter=",",
        required=(
            "balance_transaction_id",
            created,
            available,
            "currency",
            "gross",
            "fee",
            "net",
            "reporting_category",
        ),
        others=True,
        read_head=no_head,
        read_row=columns.read_row,
    )


STRIPE = (
    _stripe("", "created_utc", "available_on_utc"),
    _stripe("-lokal", "created", "available_on"),
    _stripe("-neu", "created (UTC)", "available_on (UTC)"),
)
