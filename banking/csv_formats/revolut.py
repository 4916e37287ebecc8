"""Revolut: the fee is charged on top, so the balance moves by amount minus fee; times are UTC."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

_PENDING = frozenset({"pending", "ausstehend"})
_DROPPED = frozenset(
    {"reverted", "declined", "failed", "rückgängig gemacht", "abgelehnt", "fehlgeschlagen"}
)


def _personal(key: str, required: tuple[str, ...]) -> CsvFormat:
    kind, _, started, completed, text, amount, fee, currency, state, balance = required
    return CsvFormat(
        key=key,
        title="Revolut",
        delimiter=",",
        required=required,
        read_head=no_head,
        read_row=Columns(
            booked_on=completed,
            value_on=started,
            amount=amount,
            fee=fee,
            currency=currency,
            purpose=(text,),
            booking_text=kind,
            balance=balance,
            status=state,
            pending=_PENDING,
            dropped=_DROPPED,
            read_day=values.berlin_day,
            read_amount=values.point_amount,
        ).read_row,
    )


REVOLUT = (
    _personal(
        "revolut",
        (
            "Type",
            "Product",
            "Started Date",
            "Completed Date",
            "Description",
            "Amount",
            "Fee",
            "Currency",
            "State",
            "Balance",
        ),
    ),
    _personal(
        "revolut-de",
        (
            "Art",
            "Produkt",
            "Datum des Beginns",
            "Datum des Abschlusses",
            "Beschreibung",
            "Betrag",
            "Gebühr",
            "Währung",
            "Status",
            "Kontostand",
        ),
    ),
)
REVOLUT_BUSINESS = CsvFormat(
    key="revolut-business",
    title="Revolut Business",
    delimiter=",",
    required=(
        "Date started (UTC)",
        "Date completed (UTC)",
        "ID",
        "Type",
        "Amount",
        "Fee",
        "Balance",
    ),
    others=True,
    read_head=no_head,
    read_row=Columns(
        booked_on="Date completed (UTC)",
        value_on="Date started (UTC)",
        amount="Amount",
        fee="Fee",
        currency="Payment currency",
        name="Payer",
        iban="Beneficiary IBAN",
        bic="Beneficiary BIC",
        purpose=("Description", "Reference"),
        booking_text="Type",
        bank_reference="ID",
        balance="Balance",
        original=("Orig amount", "Orig currency"),
        status="State",
        pending=_PENDING,
        dropped=_DROPPED,
        read_day=values.berlin_day,
        read_amount=values.point_amount,
    ).read_row,
)
