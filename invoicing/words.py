"""Words and figures of a document in the language of whoever reads it.

The German text is the key: `words("Nettobetrag")` is "Net amount" on an English document. What
German law wants in German stands there beside its English reading.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from invoicing import english
from invoicing.einvoice import codes
from invoicing.einvoice.model import Period, VatBreakdown
from workmate.money import format_date, format_decimal
from workmate.templatetags.workmate import NBSP, money

# Units whose sign everybody reads, in any language; the others are written out.
SIGNS = {
    "GRM": "g",
    "KGM": "kg",
    "TNE": "t",
    "MLT": "ml",
    "LTR": "l",
    "HLT": "hl",
    "MMT": "mm",
    "CMT": "cm",
    "MTR": "m",
    "KMT": "km",
    "MTK": "m²",
    "MTQ": "m³",
    "KWH": "kWh",
    "MWH": "MWh",
    "E34": "GB",
    "P1": "%",
}
_TO_ENGLISH = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Words:
    """German words and figures."""

    code: str = "de"

    def __call__(self, german: str, **values: object) -> str:
        """A text of ours, its placeholders filled."""
        return german.format(**values)

    def heading(self, german: str) -> str:
        """The name of a kind of document."""
        return german

    def number(self, value: Decimal, places: int = 2, most: int | None = None) -> str:
        """A number with `places` decimals, up to `most` where they are not zero."""
        return format_decimal(value, places, most=most)

    def amount(self, value: Decimal) -> str:
        """An amount without its currency: 1.190,00."""
        return self.number(value)

    def money(self, value: Decimal, currency: str) -> str:
        """An amount with its currency, never torn apart: 1.190,00 €."""
        return money(value, currency)

    def symbol(self, currency: str) -> str:
        """The currency at the head of a column."""
        return "€" if currency == "EUR" else currency

    def percent(self, value: Decimal) -> str:
        """A rate: 19 %."""
        return f"{self.number(value, 0, most=2)}{NBSP}%"

    def date(self, day: datetime.date) -> str:
        """A date: 22.11.2026."""
        return format_date(day)

    def span(self, period: Period) -> str:
        """A period in few characters: "01.–30.11.2026", "15.11.–14.12.2026"."""
        start, end = period.start, period.end
        if start is None or end is None:
            if day := start or end:
                return self("ab {day}" if start else "bis {day}", day=self.date(day))
            return ""
        if start == end:
            return self.date(end)
        return self._between(start, end)

    def unit(self, code: str, quantity: Decimal) -> str:
        """The sign or word of a unit (BT-130) beside this quantity."""
        return SIGNS.get(code) or codes.unit_label(code, quantity)

    def exemption(self, vat: VatBreakdown) -> str:
        """Why a part bears no VAT (§ 14 (4) no. 8 UStG)."""
        return vat.reason or codes.VAT_CATEGORIES.get(vat.category, "")

    def _between(self, start: datetime.date, end: datetime.date) -> str:
        if start.year != end.year:
            return f"{format_date(start)}–{format_date(end)}"
        first = f"{start:%d.}" if start.month == end.month else f"{start:%d.%m.}"
        return f"{first}–{format_date(end)}"


class EnglishWords(Words):
    """English words and figures; the exemptions keep their German wording beside it."""

    def __call__(self, german: str, **values: object) -> str:
        return english.TEXTS[german].format(**values)

    def heading(self, german: str) -> str:
        return english.HEADINGS.get(german, german)

    def number(self, value: Decimal, places: int = 2, most: int | None = None) -> str:
        return super().number(value, places, most).translate(_TO_ENGLISH)

    def money(self, value: Decimal, currency: str) -> str:
        return f"{self.amount(value)}{NBSP}{currency}"

    def symbol(self, currency: str) -> str:
        return currency

    def percent(self, value: Decimal) -> str:
        return f"{self.number(value, 0, most=2)}%"

    def date(self, day: datetime.date) -> str:
        return f"{day.day}{NBSP}{english.MONTHS[day.month - 1]}{NBSP}{day.year}"

    def unit(self, code: str, quantity: Decimal) -> str:
        one, many = english.UNITS.get(code, (SIGNS.get(code, code),) * 2)
        return one if abs(quantity) == 1 else many

    def exemption(self, vat: VatBreakdown) -> str:
        german = super().exemption(vat)
        reading = english.SMALL_BUSINESS if "§ 19" in german else english.EXEMPTIONS[vat.category]
        return f"{german} – {reading}"

    def _between(self, start: datetime.date, end: datetime.date) -> str:
        if start.year != end.year:
            return f"{self.date(start)} – {self.date(end)}"
        if start.month == end.month:
            return f"{start.day}–{self.date(end)}"
        return f"{start.day}{NBSP}{english.MONTHS[start.month - 1]} – {self.date(end)}"


GERMAN = Words()
_SPOKEN = {"de": GERMAN, "en": EnglishWords("en")}


def of(language: str) -> Words:
    """The words of a language; German for one that we do not speak."""
    return _SPOKEN.get(language, GERMAN)
