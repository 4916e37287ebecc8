"""Amounts and dates as Germans write and round them.

Rounding happens here and nowhere else: commercially, half away from zero. Amounts are `Decimal`
in the unit of their currency (EUR), never float.
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

LIMIT = Decimal(10) ** 12  # what an amount stays below: the columns have 14 digits, 2 of them cents
CENT = Decimal("0.01")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
YEARS = range(1900, 2200)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.'’ ]\d{3})+(,\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_DATE = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.?\s*(\d{4}|\d{2})?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"([+-])\s*(\d{1,4})")
_WORDS = {"vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2}


def round_money(value: Decimal) -> Decimal:
    """Round to cents, half away from zero: 0.125 → 0.13, -0.125 → -0.13."""
    return value.quantize(CENT, ROUND_HALF_UP)


def round_to(value: Decimal, places: int) -> Decimal:
    """Round to so many places, half away from zero; for quantities, prices and rates."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def parse_decimal(text: str) -> Decimal:
    """Read `1.234,5`, `1234,5`, `1234.5`, `1 234,50 €`, `19 %`, `-0,5`; raises ValueError.

    Three digits after a dot are thousands (`1.234` is 1234) unless a zero leads (`0.125`).
    """
    cleaned = re.sub(r"[\s\u00a0\u202f\u2009]+", " ", text).strip()
    cleaned = re.sub(r"^(€|EUR)|(€|EUR|%)$", "", cleaned, flags=re.IGNORECASE).strip()
    cleaned = re.sub(r"^([+-]) ", r"\1", cleaned.replace("−", "-").replace("–", "-"))
    if _GROUPED.fullmatch(cleaned):
        separators = {character for character in cleaned if character in ".'’ "}
        if len(separators) > 1:
            raise ValueError(f"{text!r} mixes thousands separators")
        cleaned = re.sub(r"[.'’ ]", "", cleaned)
    elif not _PLAIN.fullmatch(cleaned) or not cleaned.isascii():
        raise ValueError(f"{text!r} is not a number")
    try:
        return Decimal(cleaned.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a number") from error


def format_decimal(value: Decimal, places: int = 2, *, most: int | None = None) -> str:
    """Write 1234.5 as `1.234,50`: `places` always, up to `most` where they are not zero."""
    most = places if most is None else most
    number = round_to(value, most)
    text = f"{number:,.{most}f}"
    for _ in range(most - places):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    if not number:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", ".,"))


def format_amount(value: Decimal) -> str:
    """Write an amount with cents and without currency: `1.190,00`."""
    return format_decimal(value)


def format_money(value: Decimal, currency: str = "EUR") -> str:
    """Write an amount with its currency, never torn apart: `1.190,00 €`, `1.190,00 CHF`."""
    return f"{format_amount(value)}\u00a0{_SYMBOLS.get(currency, currency)}"


def format_quantity(value: Decimal) -> str:
    """Write a quantity with up to four places, none of them zero: `1,5`."""
    return format_decimal(value, 0, most=4)


def format_date(day: datetime.date) -> str:
    """Write a date as `22.11.2026`."""
    return f"{day:%d.%m.%Y}"


def parse_date(text: str, *, today: datetime.date) -> datetime.date:
    """Read `22.11.2026`, `22.11.26`, `22.11.`, `2026-11-22`, `heute`, `+14`; raises ValueError.

    Without a year it is the year of `today`; a sign and a number count days from `today`. Years
    that no business is done in are typing errors.
    """
    day = _read_date(text, today=today)
    if day.year not in YEARS:
        raise ValueError(f"{text!r} is far away")
    return day


def _read_date(text: str, *, today: datetime.date) -> datetime.date:
    cleaned = text.strip().lower()
    if cleaned in _WORDS:
        return today + datetime.timedelta(days=_WORDS[cleaned])
    if match := _OFFSET.fullmatch(cleaned):
        days = int(match[2])
        return today + datetime.timedelta(days=-days if match[1] == "-" else days)
    if _ISO.fullmatch(cleaned):
        return datetime.date.fromisoformat(cleaned)
    if match := _DATE.fullmatch(cleaned):
        day, month, year = match.groups()
        full = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
        return datetime.date(full, int(month), int(day))
    raise ValueError(f"{text!r} is not a date")
