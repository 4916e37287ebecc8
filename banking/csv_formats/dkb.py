"""DKB: the export of the portal since 2023 and the one before.

Since 2023 zeros after the comma are left out, so that `1.000` is a thousand; payer and payee have
a column each, and `Umsatztyp` says which of them is the other side. Pending bookings have the
status `Vorgemerkt` and no value day.
"""

import re
from collections.abc import Sequence

from banking.csv_formats import values
from banking.csv_formats.purpose import reference, take_apart
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Head, Row

_BALANCE = re.compile(r"Kontostand vom (\d{1,2}\.\d{1,2}\.\d{4})")
_OWN_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}")


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    facts = {cells[0].rstrip(":"): cells[1] for cells in lines if len(cells) > 1}
    first_line = next((cells for cells in lines if len(cells) > 1), ["", ""])
    own = _OWN_IBAN.match(first_line[1])
    first, _, last = facts.get("Zeitraum", "").partition(" - ")
    start = values.day(first or facts.get("Von", ""))
    end = values.day(last or facts.get("Bis", ""))
    closing_on = closing = None
    for name, text in facts.items():
        if match := _BALANCE.match(name):
            closing_on, closing = values.day(match[1]), values.amount(text)
    return Head(
        iban=values.iban(own[0]) if own else "",
        period=(start, end) if start and end else None,
        closing_balance=closing,
        closing_on=closing_on,
    )


def _amount_and_day(cells: Cells, day: str, amount: str) -> Row:
    booked_on = values.day(cells[day])
    if booked_on is None:
        raise NotABookingError(f"kein Buchungstag: „{cells[day][:40]}“")
    value = values.amount(cells[amount])
    if value is None:
        raise NotABookingError(f"Betrag nicht lesbar: „{cells[amount][:40]}“")
    return Row(line=cells.line, booked_on=booked_on, amount=value, currency="EUR")


def _read_row(cells: Cells) -> Row:
    basis = _amount_and_day(cells, "Buchungsdatum", "Betrag (€)")
    incoming = cells["Umsatztyp"] == "Eingang" or (
        cells["Umsatztyp"] != "Ausgang" and basis.amount > 0
    )
    other = cells["Zahlungspflichtige*r"] if incoming else cells["Zahlungsempfänger*in"]
    purpose = take_apart(cells["Verwendungszweck"])
    return Row(
        line=cells.line,
        booked_on=basis.booked_on,
        value_on=values.day(cells["Wertstellung"]),
        amount=basis.amount,
        currency="EUR",
        counterparty_name=values.squeeze(other),
        counterparty_iban=values.iban(cells["IBAN"]),
        purpose=purpose.text,
        end_to_end_id=reference(cells["Kundenreferenz"]) or purpose.end_to_end_id,
        mandate=reference(cells["Mandatsreferenz"]) or purpose.mandate,
        creditor_id=reference(cells["Gläubiger-ID"]) or purpose.creditor_id,
        booking_text=values.squeeze(cells["Umsatztyp"]),
        pending=cells["Status"].casefold().startswith("vorgemerkt"),
        raw=tuple(cells.values),
    )


def _read_old_row(cells: Cells) -> Row:
    basis = _amount_and_day(cells, "Buchungstag", "Betrag (EUR)")
    purpose = take_apart(cells["Verwendungszweck"])
    return Row(
        line=cells.line,
        booked_on=basis.booked_on,
        value_on=values.day(cells["Wertstellung"]),
        amount=basis.amount,
        currency="EUR",
        counterparty_name=values.squeeze(cells["Auftraggeber / Begünstigter"]),
        counterparty_iban=values.iban(cells["Kontonummer"]),
        counterparty_bic=values.bic(cells["BLZ"]),
        purpose=purpose.text,
        end_to_end_id=reference(cells["Kundenreferenz"]) or purpose.end_to_end_id,
        mandate=reference(cells["Mandatsreferenz"]) or purpose.mandate,
        creditor_id=reference(cells["Gläubiger-ID"]) or purpose.creditor_id,
        booking_text=values.squeeze(cells["Buchungstext"]),
        raw=tuple(cells.values),
    )


DKB = CsvFormat(
    key="dkb",
    title="DKB (seit 2023)",
    required=(
        "Buchungsdatum",
        "Wertstellung",
        "Status",
        "Zahlungspflichtige*r",
        "Zahlungsempfänger*in",
        "Verwendungszweck",
        "Umsatztyp",
        "IBAN",
        "Betrag (€)",
        "Gläubiger-ID",
        "Mandatsreferenz",
        "Kundenreferenz",
    ),
    read_head=_read_head,
    read_row=_read_row,
)

DKB_OLD = CsvFormat(
    key="dkb-alt",
    title="DKB (bis 2023)",
    required=(
        "Buchungstag",
        "Wertstellung",
        "Buchungstext",
        "Auftraggeber / Begünstigter",
        "Verwendungszweck",
        "Kontonummer",
        "BLZ",
        "Betrag (EUR)",
        "Gläubiger-ID",
        "Mandatsreferenz",
        "Kundenreferenz",
    ),
    read_head=_read_head,
    read_row=_read_old_row,
)
