"""Checking e-invoices that somebody brings: theirs or a supplier's, nothing of it is kept.

The findings come in the three classes of the BMF letter of 15 October 2025
(III C 2 - S 7287-a/00019/007/243), which decide what a broken invoice costs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from invoicing import enclosing
from invoicing.einvoice import page_text, validate, zugferd
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.page_text import Comparison
from invoicing.einvoice.parse import Unreadable
from invoicing.einvoice.read import read
from invoicing.einvoice.report import Finding, FindingClass, Report
from invoicing.enclosing import Enclosure
from invoicing.showing import Shown, show

MAX_FILE = 10 * 1024 * 1024  # bytes
MAX_FILES = 20
TOO_LARGE = f"Die Datei ist größer als {MAX_FILE // 1024 // 1024} MB und wird nicht geprüft."

_PROFILES = {
    Guideline.EN16931: "EN 16931",
    Guideline.XRECHNUNG: "XRechnung 3.0",
    Guideline.XRECHNUNG_EXTENSION: "XRechnung 3.0 mit Extension",
    Guideline.FACTURX_MINIMUM: "ZUGFeRD MINIMUM",
    Guideline.FACTURX_BASIC_WL: "ZUGFeRD BASIC WL",
    Guideline.FACTURX_BASIC: "ZUGFeRD BASIC",
    Guideline.FACTURX_EXTENDED: "ZUGFeRD EXTENDED",
}


@dataclass(frozen=True, kw_only=True)
class ErrorClass:
    """A class of findings, and what it means for the input VAT."""

    key: FindingClass
    name: str
    meaning: str


CLASSES = (
    ErrorClass(
        key=FindingClass.FORMAT,
        name="Formatfehler",
        meaning="Die Datei lässt sich nicht lesen oder hält ihr Schema nicht ein. Sie ist dann "
        "keine E-Rechnung, sondern eine sonstige Rechnung.",
    ),
    ErrorClass(
        key=FindingClass.BUSINESS_RULE,
        name="Geschäftsregelfehler",
        meaning="Eine Regel von EN 16931, XRechnung oder Factur-X ist verletzt. Das gefährdet den "
        "Vorsteuerabzug nur, wenn eine Pflichtangabe nach § 14 oder § 14a UStG betroffen ist.",
    ),
    ErrorClass(
        key=FindingClass.CONTENT,
        name="Inhaltsfehler",
        meaning="Eine Pflichtangabe nach § 14 oder § 14a UStG fehlt oder ist falsch. Die Rechnung "
        "ist dann nicht ordnungsgemäß; lassen Sie sie berichtigen.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A finding on a file that we may not have written, or on a document of our own.

    `href` and `link` lead to the field of our form that it concerns.
    """

    finding: Finding
    own: bool = False
    href: str = ""
    link: str = ""

    @property
    def advice(self) -> str:
        """What to do about it: in our forms, or for whoever receives a file of somebody else."""
        if self.own:
            return self.finding.advice
        if self.finding.class_ == FindingClass.CONTENT:
            return self.finding.advice
        if not self.finding.level.invalidates:
            return ""
        if self.finding.class_ == FindingClass.FORMAT:
            return "Bitten Sie den Rechnungssteller um eine lesbare E-Rechnung."
        if self.finding.concerns_vat_law:
            return "Lassen Sie die Rechnung berichtigen, bevor Sie Vorsteuer abziehen."
        return "Weisen Sie den Rechnungssteller auf den Fehler hin."


@dataclass(frozen=True, kw_only=True)
class Group:
    """The findings of one class on one file."""

    error_class: ErrorClass
    judged: Sequence[Judged]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file and what the rules say to it."""

    file_name: str
    report: Report
    einvoice: EInvoice | None = None  # what the XML says, where it can be read
    unread: str = ""  # why it cannot, in German
    enclosures: tuple[Enclosure, ...] = ()
    comparison: Comparison | None = None  # of a PDF: the page beside the XML
    way_to: Callable[[str], tuple[str, str]] | None = None  # from a field to its form; only ours

    @property
    def shown(self) -> Shown | None:
        """What the e-invoice says, for a person to read."""
        return show(self.einvoice) if self.einvoice else None

    @property
    def word(self) -> str:
        """The verdict; a file that some rule set did not judge is never called valid."""
        if self.report.errors:
            return "Nicht gültig"
        if not self.report.valid:
            return "Nicht vollständig geprüft"
        return "Gültig mit Hinweisen" if self.report.findings else "Gültig"

    @property
    def tone(self) -> str:
        if self.report.errors:
            return "negative"
        return "positive" if self.report.valid else "attention"

    @property
    def profile(self) -> str:
        """The name of the guideline (BT-24), or its address where we know none."""
        known = {str(guideline): name for guideline, name in _PROFILES.items()}
        return known.get(self.report.guideline, self.report.guideline)

    @property
    def groups(self) -> list[Group]:
        """The findings by class, classes without any left out."""
        return [
            Group(error_class=one, judged=found)
            for one in CLASSES
            if (found := [self._judged(f) for f in self.report.findings if f.class_ == one.key])
        ]

    def _judged(self, finding: Finding) -> Judged:
        if self.way_to is None:
            return Judged(finding=finding)
        href, link = self.way_to(finding.field)
        return Judged(finding=finding, own=True, href=href, link=link)


def check(file_name: str, data: bytes) -> Checked:
    """The verdict on a file (XML or PDF), whatever it holds, and what is to be read in it."""
    report = validate.validate(data)
    if not report.syntax:
        return Checked(file_name=file_name, report=report)
    is_pdf = zugferd.is_pdf(data)
    beside = tuple(enclosing.in_pdf(data)) if is_pdf else ()
    try:
        einvoice = read(zugferd.extract_xml(data)[1] if is_pdf else data)
    except Unreadable as error:
        return Checked(file_name=file_name, report=report, unread=error.message, enclosures=beside)
    comparison = page_text.compare(data, einvoice) if is_pdf else None
    if comparison:
        report = replace(report, findings=(*report.findings, *comparison.findings))
    return Checked(
        file_name=file_name,
        report=report,
        einvoice=einvoice,
        enclosures=(*enclosing.in_xml(einvoice), *beside),
        comparison=comparison,
    )


def refuse(file_name: str) -> Checked:
    """The verdict on a file above the limit, which is not even read."""
    error = Unreadable("FORMAT-SIZE", TOO_LARGE)
    return Checked(file_name=file_name, report=validate.unreadable(error))
