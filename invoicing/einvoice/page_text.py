"""Whether the page of a hybrid invoice says what its XML says: number, date, total, VAT.

The XML prevails (BMF letter of 15 October 2024, III C 2 - S 7287-a/23/10001:007), but people read
the page. What is looked for is written in many ways, so that this only ever warns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.report import Finding, FindingClass, Level
from workmate.money import format_date
from workmate.templatetags.workmate import money

RULE = "PDF-XML"
MAX_PAGES = 20
_LEAST_TEXT = 40  # characters; less is a scan with a stray word
_ADVICE = (
    "Klären Sie mit dem Rechnungssteller, welche Angabe stimmt. Verbindlich ist das XML; weist die "
    "Seite eine andere Umsatzsteuer aus, kann sie als weitere Rechnung gelten (§ 14c UStG)."
)
_MONTHS = (
    ("januar", "january", "jan"),
    ("februar", "february", "feb"),
    ("märz", "march", "mar", "mär", "mrz"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("dezember", "december", "dez", "dec"),
)
# What a text layer of strange make can do to a reader; none of it is our mistake.
_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One detail: what the XML says and whether the page says it too."""

    label: str  # as the subject of a sentence: "Das Rechnungsdatum"
    value: str
    found: bool

    @property
    def name(self) -> str:
        """The label alone, for the head of a row."""
        return self.label.split(maxsplit=1)[1]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The details of the XML beside the page; without text there is nothing to compare."""

    rows: tuple[Compared, ...] = ()

    @property
    def readable(self) -> bool:
        return bool(self.rows)

    @property
    def missing(self) -> tuple[Compared, ...]:
        return tuple(row for row in self.rows if not row.found)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A warning for each detail that the page does not say."""
        return tuple(
            Finding(
                rule=RULE,
                class_=FindingClass.CONTENT,
                level=Level.WARNING,
                text=f"{row.label} weicht ab: Im XML steht {row.value}, auf der Seite der "
                "PDF-Datei steht das nicht.",
                advice=_ADVICE,
            )
            for row in self.missing
        )


def compare(pdf: bytes, einvoice: EInvoice) -> Comparison:
    """The details of the e-invoice, looked for in the text of the PDF."""
    text = text_of(pdf)
    if len("".join(text.split())) < _LEAST_TEXT:
        return Comparison()
    return Comparison(rows=tuple(_rows(text, einvoice)))


def text_of(pdf: bytes) -> str:
    """The text of the first pages; empty where there is none that can be read."""
    try:
        pages = PdfReader(BytesIO(pdf)).pages
        return "\n".join(page.extract_text() for page in pages[:MAX_PAGES])
    except _BROKEN:
        return ""


def _rows(text: str, einvoice: EInvoice) -> Iterator[Compared]:
    packed = "".join(text.split()).casefold()
    number = "".join(einvoice.number.split()).casefold()
    day, totals, currency = einvoice.issue_date, einvoice.totals, einvoice.currency
    yield Compared(label="Die Rechnungsnummer", value=einvoice.number, found=number in packed)
    yield Compared(
        label="Das Rechnungsdatum",
        value=format_date(day),
        found=any(one in packed for one in _written(day)),
    )
    if totals.tax_total:
        yield Compared(
            label="Die Umsatzsteuer",
            value=money(totals.tax_total, currency),
            found=_says_tax(text, einvoice),
        )
    yield Compared(
        label="Der Gesamtbetrag",
        value=money(totals.tax_inclusive, currency),
        found=_says(text, totals.tax_inclusive),
    )


def _written(day: date) -> Iterator[str]:
    """How people write a date, without blanks and in small letters."""
    for year in (f"{day:%Y}", f"{day:%y}"):
        for separator in ".-/":
            for left, right in ((day.day, day.month), (day.month, day.day)):
                yield f"{left:02}{separator}{right:02}{separator}{year}"
                yield f"{left}{separator}{right}{separator}{year}"
    yield from (f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y.%m.%d}", f"{day:%Y%m%d}")
    for month in _MONTHS[day.month - 1]:
        for number in (f"{day.day:02}", f"{day.day}"):
            for dot in (".", "", "-"):
                for after in ("", ".", "-"):
                    yield f"{number}{dot}{month}{after}{day.year}"
            yield f"{month}{number},{day.year}"
            yield f"{month}{number}{day.year}"


def _says_tax(text: str, einvoice: EInvoice) -> bool:
    """Whether the VAT stands there: in one sum, or rate by rate."""
    by_rate = [vat.tax_amount for vat in einvoice.vat_breakdown if vat.tax_amount]
    return _says(text, einvoice.totals.tax_total) or (
        bool(by_rate) and all(_says(text, one) for one in by_rate)
    )


def _says(text: str, amount: Decimal) -> bool:
    """Whether the amount stands in the text, with whatever separators."""
    whole, cents = f"{abs(amount):.2f}".split(".")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)][::-1]
    number = r"[.,'’\s]?".join(groups)
    pattern = rf"(?<![\d.,]){number}\s?[.,]\s?{cents}(?!\d)"
    return re.search(pattern, text) is not None
