"""Bank statements of the demo, as the ING exports them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workmate.money import format_amount, format_date

HEAD = """Umsatzanzeige;Datei erstellt am: {created} 18:00

IBAN;{iban}
Kontoname;{name}
Bank;ING
Kunde;{holder}
Zeitraum;{start} - {end}
Saldo;{balance};EUR

Sortierung;Datum absteigend

In der CSV-Datei finden Sie alle bereits gebuchten Umsätze.

Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;\
Betrag;Währung
"""


@dataclass(frozen=True)
class Movement:
    """One booking on the account; received is positive, EUR."""

    day: datetime.date
    name: str
    text: str
    purpose: str
    amount: Decimal


def ing_statement(
    movements: Sequence[Movement],
    *,
    iban: str,
    holder: str,
    opening: Decimal,
    name: str = "Girokonto",
    start: datetime.date,
    end: datetime.date,
) -> bytes:
    """The file for these days, newest booking first, with running balance, in Windows-1252."""
    balance, rows = opening, []
    for movement in sorted(movements, key=lambda one: one.day):
        balance += movement.amount
        day = format_date(movement.day)
        cells = (
            day,
            day,
            movement.name,
            movement.text,
            movement.purpose,
            format_amount(balance),
            "EUR",
            format_amount(movement.amount),
            "EUR",
        )
        rows.append(";".join(cells))
    head = HEAD.format(
        created=format_date(end),
        iban=" ".join(iban[place : place + 4] for place in range(0, len(iban), 4)),
        holder=holder,
        name=name,
        start=format_date(start),
        end=format_date(end),
        balance=format_amount(balance),
    )
    return (head + "\n".join(reversed(rows)) + "\n").encode("cp1252", errors="replace")
