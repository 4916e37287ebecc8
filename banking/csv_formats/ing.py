"""ING: `Umsatzanzeige` with a head of 12 to 15 lines, since 2019 in six sets of columns.

Nothing is quoted, so a purpose may hold a semicolon; and a booking without its text key has one
cell too few. Both ends of a row are firm (days on the left, amounts on the right): the cells
between them are names and purpose. There is no IBAN of the other side. Pending bookings are not
exported.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from banking.csv_formats import values
from banking.csv_formats.purpose import take_apart
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Head, Row

_CREATED = re.compile(r"erstellt am:?\s*(\d{1,2}\.\d{1,2}\.\d{4})")
_DAYS = 2
_NAME = "Auftraggeber/Empfänger"
_PURPOSE = "Verwendungszweck"


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    facts = {cells[0]: cells[1] for cells in lines if len(cells) > 1 and cells[0]}
    first, _, last = facts.get("Zeitraum", "").partition(" - ")
    start, end = values.day(first), values.day(last)
    created_match = _CREATED.search(facts.get("Umsatzanzeige", ""))
    created = values.day(created_match[1]) if created_match else None
    head = Head(
        iban=values.iban(facts.get("IBAN", "")),
        period=(start, end) if start and end else None,
        closing_balance=values.amount(facts.get("Saldo", "")),
    )
    # The head shows the balance of the day of export, whatever period was asked for.
    if head.closing_balance is not None and created and end and end >= created:
        head = replace(head, closing_on=created)
    return head


def _read_row(cells: Cells) -> Row:
    booked_on = values.day(cells["Buchung"])
    if booked_on is None:
        raise NotABookingError(f"kein Buchungstag: „{cells['Buchung'][:40]}“")
    amount = values.amount(cells["Betrag"])
    if amount is None:
        raise NotABookingError(f"Betrag nicht lesbar: „{cells['Betrag'][:40]}“")
    purpose = take_apart(cells[_PURPOSE])
    return Row(
        line=cells.line,
        booked_on=booked_on,
        value_on=values.day(cells.get("Wertstellungsdatum", "Valuta", "Wertstellung")),
        amount=amount,
        currency=cells.get("Betrag Währung", "Währung").upper(),
        counterparty_name=values.squeeze(cells[_NAME]),
        purpose=purpose.text,
        mandate=purpose.mandate,
        creditor_id=purpose.creditor_id,
        end_to_end_id=purpose.end_to_end_id,
        booking_text=values.squeeze(cells.get("Buchungstext")),
        balance_after=values.amount(cells.get("Saldo")),
        raw=tuple(cells.values),
    )


def _fit(names: Sequence[str], cells: Sequence[str]) -> list[str] | None:
    """Put name first, purpose last and text key between, however many cells there are."""
    numbers = min(names.index(name) for name in ("Saldo", "Betrag") if name in names)
    tail = len(names) - numbers
    texts = list(cells[_DAYS : len(cells) - tail])
    if not texts:
        return None
    wanted = numbers - _DAYS
    if len(texts) > wanted:
        texts = [*texts[: wanted - 1], ";".join(texts[wanted - 1 :])]
    else:
        purpose = texts[1:][-1:] or [""]
        texts = [
            *(texts[:-1] or texts),
            *[""] * (wanted - max(len(texts), 2)),
            *purpose,
        ]
    return [*cells[:_DAYS], *texts, *cells[len(cells) - tail :]]


ING = CsvFormat(
    key="ing",
    title="ING Umsatzanzeige",
    required=("Buchung", _NAME, _PURPOSE, "Betrag", "Währung"),
    optional=(
        "Wertstellungsdatum",
        "Wertstellung",
        "Valuta",
        "Buchungstext",
        "Kategorie",
        "Notiz",
        "Saldo",
    ),
    repeated=("Währung",),
    quotes=False,
    read_head=_read_head,
    read_row=_read_row,
    fit=_fit,
)
