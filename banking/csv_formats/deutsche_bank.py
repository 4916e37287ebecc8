"""Deutsche Bank, Postbank since 2023 and norisbank: one layout; and two of Deutsche Bank before.

`Betrag` is empty in the older ones; `Soll` is already negative. The balance before stands in the
head, the one after in a last line that looks like a booking.
"""

from collections.abc import Sequence

from banking.csv_formats import values
from banking.csv_formats.columns import Columns
from banking.csv_formats.table import Balance, CsvFormat
from banking.statement import Head


def _balance_in(cells: Sequence[str]) -> Balance | None:
    """`Kontostand;1.4.2025;;;2.110,9;EUR`; the word may be the account instead."""
    if len(cells) < 6 or values.day(cells[0]) or any(cells[2:4]) or any(cells[6:]):
        return None
    amount = values.amount(cells[4])
    return None if amount is None else Balance(amount, values.day(cells[1]))


def _footer(cells: Sequence[str]) -> Balance | None:
    balance = _balance_in(cells)
    return balance if balance and balance.day else None


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    iban, opening, period = "", None, None
    for before, cells in zip(([""], *lines), lines, strict=False):
        if "IBAN" in before and len(cells) > before.index("IBAN"):
            iban = values.iban(cells[before.index("IBAN")])
        if balance := _balance_in(cells):
            opening = balance.amount
        first, _, last = cells[0].partition(" - ") if cells else ("", "", "")
        start, end = values.day(first), values.day(last)
        if start and end:
            period = (start, end)
    return Head(iban=iban, period=period, opening_balance=opening)


def _format(key: str, title: str, required: tuple[str, ...], **names: str) -> CsvFormat:
    return CsvFormat(
        key=key,
        title=title,
        required=required,
        read_head=_read_head,
        read_row=Columns(
            booked_on="Buchungstag",
            value_on="Wert",
            amount="Betrag",
            debit="Soll",
            credit="Haben",
            currency="Währung",
            purpose=("Verwendungszweck",),
            name="Begünstigter / Auftraggeber",
            bic="BIC",
            booking_text="Umsatzart",
            end_to_end_id="Kundenreferenz",
            mandate="Mandatsreferenz",
            creditor_id="Gläubiger ID",
            **names,  # type: ignore[arg-type]  # only names of columns
        ).read_row,
        footer=_footer,
    )


_FIRST = ("Buchungstag", "Wert", "Umsatzart", "Begünstigter / Auftraggeber", "Verwendungszweck")
_REFERENCES = ("BIC", "Kundenreferenz", "Mandatsreferenz", "Gläubiger ID", "Fremde Gebühren")
_LAST = ("Anzahl der Aufträge", "Anzahl der Schecks", "Soll", "Haben", "Währung")

DEUTSCHE_BANK = _format(
    "deutsche-bank",
    "Deutsche Bank, Postbank, norisbank",
    (*_FIRST, "IBAN / Kontonummer", *_REFERENCES, "Betrag", "Abweichender Empfänger", *_LAST),
    iban="IBAN / Kontonummer",
)
DEUTSCHE_BANK_OLD = _format(
    "deutsche-bank-alt",
    "Deutsche Bank (bis 2024)",
    (
        *_FIRST,
        "IBAN",
        *_REFERENCES,
        "Betrag",
        "Abweichender Empfänger",
        "Abweichender Auftraggeber",
        *_LAST,
    ),
    iban="IBAN",
)
DEUTSCHE_BANK_2010 = _format(
    "deutsche-bank-2010",
    "Deutsche Bank (2010)",
    ("Buchungstag", "Wert", "Verwendungszweck", "Soll", "Haben", "Währung"),
)
