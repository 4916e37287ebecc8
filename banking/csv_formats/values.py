"""Cells of German bank files as values: amounts, days, currencies, IBANs, cleaned text."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

# ISO 4217, circulating currencies of 2026 with those that left since 2015.
_ISO_4217 = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP
    BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"""
CURRENCIES = frozenset(_ISO_4217.split())
# At most twelve digits before the comma: what the books can hold.
_AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3}){1,3}|\d{1,12})(?:,(\d{1,2}))?(-?)", re.ASCII)
_POINT_AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3}){1,3}|\d{1,12})(?:\.(\d{1,2})0*)?", re.ASCII)
_CENTS = re.compile(r"[+-]?\d{1,14}", re.ASCII)
_MOMENT = re.compile(
    r"(.{8,10})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_ISO_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})", re.ASCII)
_DASHED_DAY = re.compile(r"(\d{2})[-/](\d{2})[-/](\d{4})", re.ASCII)
BERLIN = ZoneInfo("Europe/Berlin")
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", re.ASCII)
_BLANKS = re.compile(r"\s+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def amount(text: str) -> Decimal | None:
    """`-1.250,00`, `1.000` (a thousand), `-62,3`, `-10,22 €`, `100,00-`; None for anything else.

    The point is always a thousands separator, so that an English amount is refused instead of
    being a hundred times too large.
    """
    text = "".join(text.split()).replace("\u2212", "-").removesuffix("€").removesuffix("EUR")
    match = _AMOUNT.fullmatch(text)
    if match is None or (match[1] and match[4]):
        return None
    value = Decimal(match[2].replace(".", "") + "." + (match[3] or "0").ljust(2, "0"))
    return -value if "-" in (match[1], match[4]) else value


def point_amount(text: str) -> Decimal | None:
    """`-1,250.00` or `-3.0`, the English way; None for anything else, also for a decimal comma."""
    match = _POINT_AMOUNT.fullmatch(_BLANKS.sub("", text).replace("\u2212", "-"))
    if match is None:
        return None
    value = Decimal(match[2].replace(",", "") + "." + (match[3] or "0").ljust(2, "0"))
    return -value if match[1] == "-" else value


def cents(text: str) -> Decimal | None:
    """`-18000` as -180.00; None for anything that is no whole number."""
    compact = text.strip()
    return Decimal(compact).scaleb(-2) if _CENTS.fullmatch(compact) else None


def any_day(text: str) -> date | None:
    """`2026-03-04`, `04-03-2026` or `04/03/2026`, the day before the month, or a German day."""
    text = text.strip()
    try:
        if match := _ISO_DAY.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DASHED_DAY.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None
    return day(text)


def berlin_day(text: str, zone: tzinfo = UTC) -> date | None:
    """The day in Germany of a moment such as `2025-12-31 23:30:00`, UTC unless it says its zone.

    A day without a time of day stays as it is.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return any_day(text)
    local = any_day(match[1])
    if local is None:
        return None
    try:
        moment = datetime(
            local.year, local.month, local.day, int(match[2]), int(match[3]), tzinfo=zone
        )
        if match[5]:
            offset = match[5].replace("Z", "+00:00")
            moment = datetime.fromisoformat(moment.replace(tzinfo=None).isoformat() + offset)
    except ValueError:
        return None
    return moment.astimezone(BERLIN).date()


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """`03.04.2019`, `3.4.2019` or `03.04.19`; two digits are years after 2000."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match[3])
    try:
        return date(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    except ValueError:
        return None


def squeeze(text: str) -> str:
    """The text with single blanks, none at its ends."""
    return " ".join(text.split())


def iban(text: str) -> str:
    """The IBAN in the cell without blanks, empty where there is none (old account numbers)."""
    compact = _BLANKS.sub("", text).upper()
    return compact if _IBAN.fullmatch(compact) else ""


def bic(text: str) -> str:
    compact = _BLANKS.sub("", text).upper()
    return compact if _BIC.fullmatch(compact) else ""


def account(text: str) -> str:
    """The own account in a cell: an IBAN, or an old account number, without blanks."""
    compact = _BLANKS.sub("", text).strip("'").upper()
    return compact if _IBAN.fullmatch(compact) or compact.isdigit() else ""
