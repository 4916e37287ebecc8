"""Wise: the statement of a balance, and the history, whose sign is in `Direction`.

In the history an amount stands after fees; the fee of our side is paid on top of it.
"""

from decimal import Decimal

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.purpose import reference
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Row

WISE = CsvFormat(
    key="wise",
    title="Wise (Kontoauszug)",
    delimiter=",",
    required=(
        "TransferWise ID",
        "Date",
        "Amount",
        "Currency",
        "Description",
        "Payment Reference",
        "Running Balance",
    ),
    others=True,
    read_head=no_head,
    read_row=Columns(
        booked_on="Date",
        amount="Amount",
        currency="Currency",
        name="Payee Name",
        purpose=("Description", "Payment Reference"),
        bank_reference="TransferWise ID",
        balance="Running Balance",
        read_day=values.any_day,
        read_amount=values.point_amount,
    ).read_row,
)

_ENGLISH = (
    "ID",
    "Status",
    "Direction",
    "Created on",
    "Finished on",
    "Source fee amount",
    "Source fee currency",
    "Target fee amount",
    "Target fee currency",
    "Source name",
    "Source amount (after fees)",
    "Source currency",
    "Target name",
    "Target amount (after fees)",
    "Target currency",
    "Exchange rate",
    "Reference",
)
_GERMAN = (
    "ID",
    "Status",
    "Richtung",
    "Erstellt am",
    "Abgeschlossen am",
    "Betrag der Ausgangsgebühr",
    "Währung der Ausgangsgebühr",
    "Betrag der Zielgebühr",
    "Währung der Zielgebühr",
    "Quellenname",
    "Ausgangsbetrag (nach Gebühren)",
    "Ausgangswährung",
    "Name des Empfängers",
    "Zielbetrag (nach Gebühren)",
    "Zielwährung",
    "Wechselkurs",
    "Referenz",
)


def _history(key: str, names: tuple[str, ...]) -> CsvFormat:
    def read_row(cells: Cells) -> Row:
        return _read(cells, *(cells[name] for name in names))

    return CsvFormat(
        key=key,
        title="Wise (Verlauf)",
        delimiter=",",
        required=names,
        others=True,
        read_head=no_head,
        read_row=read_row,
    )


def _read(
    cells: Cells,
    identity: str,
    status: str,
    direction: str,
    created: str,
    finished: str,
    source_fee: str,
    source_fee_currency: str,
    target_fee: str,
    target_fee_currency: str,
    source: str,
    source_amount: str,
    source_currency: str,
    target: str,
    target_amount: str,
    target_currency: str,
    _rate: str,
    note: str,
) -> Row:
    if status.casefold() not in {"completed", "abgeschlossen"}:
        raise NotABookingError(f"nicht ausgeführt: „{status}“")
    booked_on = values.berlin_day(finished or created)
    if booked_on is None:
        raise NotABookingError(f"kein Buchungstag: „{finished or created}“")
    outgoing = direction.upper() != "IN"
    if direction.upper() not in {"IN", "OUT"}:
        raise NotABookingError(f"Tausch zwischen eigenen Guthaben: „{direction}“")
    own, own_currency = (
        (source_amount, source_currency) if outgoing else (target_amount, target_currency)
    )
    other, other_currency = (
        (target_amount, target_currency) if outgoing else (source_amount, source_currency)
    )
    amount = values.point_amount(own)
    if amount is None:
        raise NotABookingError(f"Betrag nicht lesbar: „{own}“")
    fee = Decimal(0)
    if outgoing and source_fee_currency == own_currency:
        fee = values.point_amount(source_fee) or Decimal(0)
    foreign = values.point_amount(other) if other_currency != own_currency else None
    sign = -1 if outgoing else 1
    return Row(
        line=cells.line,
        booked_on=booked_on,
        value_on=values.berlin_day(created),
        amount=sign * amount - fee,
        currency=own_currency.upper(),
        counterparty_name=values.squeeze(target if outgoing else source),
        purpose=values.squeeze(note),
        bank_reference=reference(identity),
        booking_text=identity.partition("-")[0].replace("_", " ").capitalize(),
        fee=fee,
        original=(sign * foreign, other_currency) if foreign is not None else None,
        raw=tuple(cells.values),
    )


WISE_HISTORY = (_history("wise-verlauf", _ENGLISH), _history("wise-verlauf-de", _GERMAN))
