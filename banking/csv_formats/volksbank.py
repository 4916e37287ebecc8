"""Volksbanken, Raiffeisenbanken, GLS, Sparda, PSD: the export since 2020 and `Umsatzanzeige`.

The older one is unsigned with `S` or `H` in a column without a name; its `Anfangssaldo` and
`Endsaldo` stand below the bookings and look like them.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.table import Balance, CsvFormat
from banking.statement import Head

VOLKSBANK = CsvFormat(
    key="volksbank",
    title="Volksbank, GLS, Sparda, PSD",
    required=(
        "Bezeichnung Auftragskonto",
        "IBAN Auftragskonto",
        "BIC Auftragskonto",
        "Bankname Auftragskonto",
        "Buchungstag",
        "Valutadatum",
        "Name Zahlungsbeteiligter",
        "IBAN Zahlungsbeteiligter",
        "BIC (SWIFT-Code) Zahlungsbeteiligter",
        "Buchungstext",
        "Verwendungszweck",
        "Betrag",
        "Waehrung",
        "Saldo nach Buchung",
        "Bemerkung",
        "Glaeubiger ID",
        "Mandatsreferenz",
    ),
    optional=("Gekennzeichneter Umsatz", "Kategorie", "Steuerrelevant"),
    read_head=no_head,
    read_row=Columns(
        booked_on="Buchungstag",
        value_on="Valutadatum",
        amount="Betrag",
        currency="Waehrung",
        name="Name Zahlungsbeteiligter",
        iban="IBAN Zahlungsbeteiligter",
        bic="BIC (SWIFT-Code) Zahlungsbeteiligter",
        purpose=("Verwendungszweck",),
        booking_text="Buchungstext",
        mandate="Mandatsreferenz",
        creditor_id="Glaeubiger ID",
        balance="Saldo nach Buchung",
        account="IBAN Auftragskonto",
    ).read_row,
)


def _signed(text: str) -> Decimal | None:
    """`1.202,10 S` is money out, `H` money in."""
    number, _, side = text.rpartition(" ")
    value = values.amount(number)
    if value is None or side not in {"S", "H"}:
        return None
    return -value if side == "S" else value


def _fit(names: Sequence[str], cells: Sequence[str]) -> list[str] | None:
    if len(cells) != len(names) + 1:
        return None
    return [*cells[: len(names) - 1], f"{cells[-2].strip()} {cells[-1].strip()}"]


def _footer(cells: Sequence[str]) -> Balance | None:
    if len(cells) < 4 or cells[-4].strip() not in {"Anfangssaldo", "Endsaldo"}:
        return None
    amount = _signed(f"{cells[-2].strip()} {cells[-1].strip()}")
    if amount is None:
        return None
    return Balance(amount, values.day(cells[0]), opening=cells[-4].strip() == "Anfangssaldo")


def _period(lines: Sequence[Sequence[str]]) -> tuple[date, date] | None:
    for cells in lines:
        if cells and cells[0] == "Zeitraum:":
            days = [found for cell in cells if (found := values.day(cell))]
            return (days[0], days[1]) if len(days) > 1 else None
    return None


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    return Head(period=_period(lines))


VOLKSBANK_OLD = CsvFormat(
    key="volksbank-alt",
    title="Volksbank Umsatzanzeige",
    required=(
        "Buchungstag",
        "Valuta",
        "Auftraggeber/Zahlungsempfänger",
        "Empfänger/Zahlungspflichtiger",
        "Konto-Nr.",
        "IBAN",
        "BLZ",
        "BIC",
        "Vorgang/Verwendungszweck",
        "Kundenreferenz",
        "Währung",
        "Umsatz",
    ),
    read_head=_read_head,
    read_row=Columns(
        booked_on="Buchungstag",
        value_on="Valuta",
        amount="Umsatz",
        currency="Währung",
        name="Empfänger/Zahlungspflichtiger",
        iban="IBAN",
        bic="BIC",
        purpose=("Vorgang/Verwendungszweck",),
        end_to_end_id="Kundenreferenz",
        read_amount=_signed,
    ).read_row,
    footer=_footer,
    fit=_fit,
)
