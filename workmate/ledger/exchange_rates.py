"""The monthly rates of exchange: entering them, and finding the one of a day.

A rate that nobody has entered is missing; it is never taken from another month (§ 16 (6) UStG).
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from workmate import audit, errors
from workmate.ledger.models import ExchangeRate
from workmate.ledger.models.exchange_rate import CURRENCIES
from workmate.models.user import User
from workmate.money import parse_decimal

_MONTH = re.compile(r"(?:(?P<y>20\d\d)-(?P<m>\d\d?)|(?P<m2>\d\d?)[./](?P<y2>20\d\d))")


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many units of `currency` are 1 EUR in the month that begins on `month`."""

    currency: str
    month: datetime.date
    rate: Decimal


def find(currency: str, day: datetime.date) -> ExchangeRate | None:
    """The rate of the day's month; None where nobody has entered it."""
    month = day.replace(day=1)
    return ExchangeRate.objects.filter(currency=currency, month=month).first()


@transaction.atomic
def enter(rates: Sequence[Rate], *, source: str, by: User) -> list[ExchangeRate]:
    """Enter rates, or correct those of the same currency and month; raises INVALID."""
    found = []
    for one in rates:
        row = ExchangeRate.objects.filter(currency=one.currency, month=one.month).first()
        before = row.rate if row else None
        row = row or ExchangeRate(currency=one.currency, month=one.month)
        row.rate, row.source, row.created_by = one.rate, source.strip(), by
        try:
            row.full_clean()
        except ValidationError as error:
            raise errors.from_validation(error) from error
        row.save()
        payload = {"rate": row.rate, "before": before, "source": row.source}
        audit.record("exchange_rate.entered", row, by=by, payload=payload)
        found.append(row)
    return found


def read(text: str) -> Iterator[Rate]:
    """Rates from lines such as `05.2026;USD;1,1234`; raises ValueError with a German reason."""
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"[;\t]", line)]
        if not any(cells):
            continue
        if len(cells) != 3:
            raise ValueError(f"Zeile {number}: Erwartet sind Monat, Währung und Kurs.")
        yield Rate(
            month=_month(cells[0], number),
            currency=_currency(cells[1], number),
            rate=_rate(cells[2], number),
        )


def parse_month(text: str) -> datetime.date:
    """The first day of `05.2026`, `5/2026` or `2026-05`; raises ValueError."""
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a month")
    year, month = match["y"] or match["y2"], match["m"] or match["m2"]
    return datetime.date(int(year), int(month), 1)


def _month(text: str, number: int) -> datetime.date:
    try:
        return parse_month(text)
    except ValueError as error:
        raise ValueError(f"Zeile {number}: „{text}“ ist kein Monat wie 05.2026.") from error


def _currency(text: str, number: int) -> str:
    if text.upper() not in CURRENCIES:
        raise ValueError(f"Zeile {number}: Die Währung „{text}“ wird nicht geführt.")
    return text.upper()


def _rate(text: str, number: int) -> Decimal:
    try:
        found = parse_decimal(text)
    except ValueError as error:
        raise ValueError(f"Zeile {number}: „{text}“ ist kein Kurs wie 1,1234.") from error
    if found <= 0:
        raise ValueError(f"Zeile {number}: Der Kurs muss über null liegen.")
    return found
