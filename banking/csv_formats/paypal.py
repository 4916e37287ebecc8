"""PayPal: net is what moves the balance, which PayPal tells; a conversion comes in three rows.

The payment in the other currency and the two rows of its conversion become one booking in the
currency of the account; the rows of the conversion are left out with that reason.
"""

from dataclasses import replace
from datetime import date, timedelta, timezone
from decimal import Decimal

from banking.csv_formats import values
from banking.csv_formats.columns import no_head
from banking.csv_formats.purpose import reference
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Row, Skipped

# What PayPal calls the columns: day, time, zone, name, kind, state, currency, gross, fee, net,
# own id, id of the payment it belongs to, subject, note, invoice, balance, effect.
_LANGUAGES = {
    "de": (
        "Datum",
        "Uhrzeit",
        "Zeitzone",
        "Name",
        "Typ",
        "Status",
        "Währung",
        "Brutto",
        "Gebühr",
        "Netto",
        "Transaktionscode",
        "Zugehöriger Transaktionscode",
        "Betreff",
        "Hinweis",
        "Rechnungsnummer",
        "Guthaben",
        "Auswirkung auf Guthaben",
    ),
    "en": (
        "Date",
        "Time",
        "TimeZone",
        "Name",
        "Type",
        "Status",
        "Currency",
        "Gross",
        "Fee",
        "Net",
        "Transaction ID",
        "Reference Txn ID",
        "Subject",
        "Note",
        "Invoice Number",
        "Balance",
        "Balance Impact",
    ),
    "fr": (
        "Date",
        "Heure",
        "Fuseau horaire",
        "Nom",
        "Type",
        "État",
        "Devise",
        "Avant commission",
        "Commission",
        "Net",
        "Numéro de transaction",
        "Numéro de la transaction de référence",
        "Objet",
        "Remarque",
        "Numéro de facture",
        "Solde",
        "Impact sur le solde",
    ),
}
_ZONES = {
    "PST": timezone(timedelta(hours=-8)),
    "PDT": timezone(timedelta(hours=-7)),
    "EST": timezone(timedelta(hours=-5)),
    "EDT": timezone(timedelta(hours=-4)),
    "GMT": timezone(timedelta()),
    "UTC": timezone(timedelta()),
    "BST": timezone(timedelta(hours=1)),
}
_PENDING = frozenset({"ausstehend", "pending", "en attente"})
_DROPPED = frozenset(
    {"abgelehnt", "denied", "storniert", "canceled", "cancelled", "annulé", "refusé"}
)
_CONVERSION = ("währungsumrechnung", "currency conversion", "conversion de devise")
_REQUIRED = 11


def _amount(text: str) -> Decimal:
    """A German or an English amount: the last separator with two digits behind it decides."""
    english = text[-3:-2] == "."
    value = values.point_amount(text) if english else values.amount(text)
    if value is None:
        raise NotABookingError(f"Betrag nicht lesbar: „{text[:40]}“")
    return value


def _day(day: str, time: str, zone: str) -> date:
    found = values.any_day(day)
    if found is not None and zone in _ZONES:
        found = values.berlin_day(f"{found:%d.%m.%Y} {time}", _ZONES[zone])
    if found is None:
        raise NotABookingError(f"kein Buchungstag: „{day[:40]}“")
    return found


def _format(language: str, names: tuple[str, ...]) -> CsvFormat:
    def read_row(cells: Cells) -> Row:
        day, time, zone, name, kind, state, currency, _gross, fee, net, own, of_payment, *texts = (
            cells.get(column) for column in names
        )
        subject, note, invoice, balance, effect = texts
        if state.casefold() in _DROPPED:
            raise NotABookingError(f"nicht ausgeführt: „{state}“")
        if effect.casefold() == "memo":
            raise NotABookingError("ohne Wirkung auf das Guthaben")
        return Row(
            line=cells.line,
            booked_on=_day(day, time, zone),
            amount=_amount(net),
            currency=currency.upper(),
            counterparty_name=values.squeeze(name),
            purpose=values.squeeze(f"{subject} {note} {invoice}"),
            bank_reference=reference(own),
            end_to_end_id=reference(of_payment),
            booking_text=values.squeeze(kind),
            pending=state.casefold() in _PENDING,
            fee=-_amount(fee) if fee else Decimal(0),
            balance_after=_amount(balance) if balance else None,
            raw=tuple(cells.values),
        )

    return CsvFormat(
        key=f"paypal-{language}",
        title="PayPal",
        delimiter=",",
        required=names[:_REQUIRED],
        optional=names[_REQUIRED:],
        others=True,
        read_head=no_head,
        read_row=read_row,
        finish=join_conversions,
    )


def join_conversions(rows: list[Row], skipped: list[Skipped]) -> None:
    """Put each payment into the currency that its conversion took from or gave to the balance."""
    conversions: dict[str, list[Row]] = {}
    for row in rows:
        if any(word in row.booking_text.casefold() for word in _CONVERSION):
            conversions.setdefault(row.end_to_end_id, []).append(row)
    gone: set[int] = set()
    for index, row in enumerate(rows):
        pair = conversions.get(row.bank_reference, ())
        back = [one for one in pair if one.currency == row.currency]
        own = [one for one in pair if one.currency != row.currency]
        if len(back) == len(own) == 1 and back[0].amount == -row.amount:
            rows[index] = replace(
                row,
                amount=own[0].amount,
                currency=own[0].currency,
                original=(row.amount, row.currency),
                fee=Decimal(0),
                balance_after=own[0].balance_after,
            )
            gone |= {id(back[0]), id(own[0])}
            skipped += [
                Skipped(one.line, f"Währungsumrechnung, enthalten in Zeile {row.line}")
                for one in pair
            ]
    rows[:] = [row for row in rows if id(row) not in gone]
    booked = [row for row in rows if not row.pending]
    if len({row.currency for row in booked}) > 1 or None in [row.balance_after for row in booked]:
        rows[:] = [replace(row, balance_after=None) for row in rows]  # one balance per currency
    skipped.sort(key=lambda skip: skip.line)


PAYPAL = tuple(_format(language, names) for language, names in _LANGUAGES.items())
