"""The gate: an invoice of ours is written, judged by every rule, and issued only if it passes."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from invoicing.einvoice import cii, content
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.report import Report
from invoicing.einvoice.validate import validate


class Format(StrEnum):
    """What a customer gets."""

    XRECHNUNG = "xrechnung"  # XML; authorities and whoever asks for it
    ZUGFERD = "zugferd"  # PDF/A-3 with embedded XML, profile EN 16931

    @property
    def guideline(self) -> Guideline:
        return Guideline.XRECHNUNG if self is Format.XRECHNUNG else Guideline.EN16931


@dataclass(frozen=True)
class Checked:
    """The XML of an invoice and the verdict on it; nothing was stored or issued."""

    xml: bytes
    report: Report


def check(invoice: EInvoice, *, as_format: Format) -> Checked:
    """Write the invoice in the customer's format and judge it, § 14 UStG included."""
    xml = cii.write(invoice, guideline=as_format.guideline)
    report = validate(xml, as_zugferd=as_format is Format.ZUGFERD, with_content=False)
    findings = (*report.findings, *content.check(invoice))
    return Checked(xml, dataclasses.replace(report, findings=findings))
