"""What a validation says: findings, the layers that ran, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as described
from decimal import Decimal
from enum import StrEnum
from typing import Any


class FindingClass(StrEnum):
    """The three kinds of error of the BMF letter of 15 October 2025 (III C 2 - S 7287-a)."""

    FORMAT = "format"  # not readable, or not as the schema demands: no e-invoice at all
    BUSINESS_RULE = "business-rule"  # a rule of EN 16931, XRechnung or Factur-X is broken
    CONTENT = "content"  # a detail that § 14 or § 14a UStG demands is missing or wrong


class Level(StrEnum):
    """How grave a finding is; the first two make an invoice invalid."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"

    @property
    def invalidates(self) -> bool:
        return self in (Level.FATAL, Level.ERROR)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One broken rule, explained in German."""

    rule: str
    class_: FindingClass
    level: Level
    text: str
    advice: str = ""  # what to do about it
    field: str = ""  # the field of `model.EInvoice`, dotted: lines.0.unit
    location: str = ""  # XPath in the document
    original: str = ""  # the official text
    concerns_vat_law: bool = False  # touches a detail of § 14 or § 14a UStG: input VAT is at risk


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One set of rules: whether it had to run, ran, and in which version."""

    name: str
    version: str
    ran: bool
    reason: str = ""  # why it did not run, in German
    microseconds: int | None = described(default=None, compare=False)  # how long it took

    @property
    def milliseconds(self) -> Decimal | None:
        return None if self.microseconds is None else Decimal(self.microseconds) / 1000


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdict on one document. A layer that did not run is never reported as passed."""

    findings: tuple[Finding, ...]
    layers: tuple[Layer, ...] = ()
    syntax: str = ""  # CII, UBL, or empty when it could not be read
    guideline: str = ""  # BT-24
    number: str = ""  # BT-1
    total: Decimal | None = None  # BT-112
    currency: str = ""  # BT-5
    seller: str = ""  # BT-27
    file_name: str = ""  # of the XML inside a PDF

    @property
    def valid(self) -> bool:
        complete = bool(self.layers) and all(layer.ran for layer in self.layers)
        return complete and not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the invoice invalid."""
        return tuple(finding for finding in self.findings if finding.level.invalidates)

    @property
    def not_run(self) -> tuple[Layer, ...]:
        return tuple(layer for layer in self.layers if not layer.ran)

    @property
    def milliseconds(self) -> Decimal | None:
        """How long all layers took together; unknown for reports of before it was measured."""
        known = [layer.milliseconds for layer in self.layers if layer.milliseconds is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def versions(self) -> Mapping[str, str]:
        """Rule set to version, of the layers that ran."""
        return {layer.name: layer.version for layer in self.layers if layer.ran}

    def to_json(self) -> dict[str, Any]:
        """The report as JSON can store it; the total is a string with two decimals."""
        return {
            "syntax": self.syntax,
            "guideline": self.guideline,
            "number": self.number,
            "total": None if self.total is None else f"{self.total:.2f}",
            "valid": self.valid,
            "findings": [_finding_json(finding) for finding in self.findings],
            "layers": [
                {
                    "name": layer.name,
                    "version": layer.version,
                    "ran": layer.ran,
                    "reason": layer.reason,
                    "microseconds": layer.microseconds,
                }
                for layer in self.layers
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Report":
        """The report as it was archived."""
        total = stored.get("total")
        return cls(
            syntax=stored.get("syntax", ""),
            guideline=stored.get("guideline", ""),
            number=stored.get("number", ""),
            total=None if total is None else Decimal(total),
            findings=tuple(_finding_from(one) for one in stored.get("findings", ())),
            layers=tuple(Layer(**one) for one in stored.get("layers", ())),
        )


def _finding_from(stored: Mapping[str, Any]) -> Finding:
    plain = {name: value for name, value in stored.items() if name not in ("class", "level")}
    return Finding(class_=FindingClass(stored["class"]), level=Level(stored["level"]), **plain)


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "class": str(finding.class_),
        "level": str(finding.level),
        "text": finding.text,
        "advice": finding.advice,
        "field": finding.field,
        "location": finding.location,
        "original": finding.original,
        "concerns_vat_law": finding.concerns_vat_law,
    }
