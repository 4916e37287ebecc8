"""N26: the export since 2024, and the one before in English and in German."""

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import CsvFormat

N26 = CsvFormat(
    key="n26",
    title="N26 (seit 2024)",
    delimiter=",",
    required=(
        "Booking Date",
        "Value Date",
        "Partner Name",
        "Partner Iban",
        "Type",
        "Payment Reference",
        "Account Name",
        "Amount (EUR)",
        "Original Amount",
        "Original Currency",
        "Exchange Rate",
    ),
    read_head=no_head,
    read_row=Columns(
        booked_on="Booking Date",
        value_on="Value Date",
        amount="Amount (EUR)",
        name="Partner Name",
        iban="Partner Iban",
        purpose=("Payment Reference",),
        booking_text="Type",
        original=("Original Amount", "Original Currency"),
        read_day=values.any_day,
        read_amount=values.point_amount,
    ).read_row,
)

_ENGLISH = (
    "Date",
    "Payee",
    "Account number",
    "Transaction type",
    "Payment reference",
    "Amount (EUR)",
    "Amount (Foreign Currency)",
    "Type Foreign Currency",
    "Exchange Rate",
)
_GERMAN = (
    "Datum",
    "Empfänger",
    "Kontonummer",
    "Transaktionstyp",
    "Verwendungszweck",
    "Betrag (EUR)",
    "Betrag (Fremdwährung)",
    "Fremdwährung",
    "Wechselkurs",
)


def _old(key: str, title: str, names: tuple[str, ...], category: str, delimiter: str) -> CsvFormat:
    day, payee, account, kind, reference, amount, foreign, currency, _ = names
    return CsvFormat(
        key=key,
        title=title,
        delimiter=delimiter,
        required=names[:6],
        optional=(*names[6:], category),
        others=True,
        read_head=no_head,
        read_row=Columns(
            booked_on=day,
            amount=amount,
            name=payee,
            iban=account,
            purpose=(reference,),
            booking_text=kind,
            original=(foreign, currency),
            read_day=values.any_day,
            read_amount=values.point_amount,
        ).read_row,
    )


N26_OLD = tuple(
    _old(f"n26-alt-{language}{suffix}", f"N26 bis 2023 ({language})", names, category, delimiter)
    for language, names, category in (
        ("en", _ENGLISH, "Category"),
        ("de", _GERMAN, "Kategorie"),
    )
    for suffix, delimiter in (("", ","), ("-excel", ";"))
)
