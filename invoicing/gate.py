"""The gate decides whether a draft may become an invoice in the customer's format.

It asks our own rules (`particulars`) and then the official ones on the very bytes that would
leave. Every finding names the field of our form that it concerns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from invoicing import particulars
from invoicing.composing import compose, write
from invoicing.einvoice import validate
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.report import Finding, Report
from invoicing.gathering import Sources
from invoicing.models import Customer, Invoice

# Field of the e-invoice -> field of our forms; the longest beginning wins.
_FIELDS = {
    "seller.address": "company",
    "seller.contact.name": "company.contact_name",
    "seller.contact": "company",
    "seller.identifiers": "company.tax_number",
    "seller": "company",
    "buyer.address": "customer",
    "buyer.contact.name": "contact_name",
    "buyer.contact": "contact_name",
    "buyer": "customer",
    "payment": "company",
    "payment.iban": "company.iban",
    "payment.means_code": "payment_means",
    "payment.card_number": "card_number",
    "payment.mandate_reference": "customer.mandate_reference",
    "payment.debited_iban": "customer.mandate_iban",
    "payment.creditor_id": "company.creditor_id",
    "payee": "payee_name",
    "attachments": "attachments",
    "delivery_name": "delivery_name",
    "delivery_address": "delivery",
    "allowances": "adjustments",
    "delivery_date": "supply_date",
    "period.start": "supply_start",
    "period.end": "supply_end",
    "period": "supply_date",
    "due_date": "payment_terms_days",
    "payment_terms": "payment_terms_days",
}
_LINE_FIELDS = {
    "net_price": "unit_price",
    "category": "tax_case",
    "rate": "tax_case",
    "allowances": "discount_percent",
    "net_amount": "unit_price",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate found, and the bytes that it looked at."""

    einvoice: EInvoice
    xml: bytes
    report: Report
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level.invalidates)

    @property
    def passed(self) -> bool:
        """True when nothing is wrong and every layer of the official rules really ran."""
        judged = not self.xml or self.report.valid  # an offer has no XML to be judged
        return judged and not self.errors

    def fields(self) -> dict[str, list[str]]:
        """The messages of all errors at their form fields; "" is the document as a whole."""
        messages: dict[str, list[str]] = {}
        for finding in self.errors:
            text = f"{finding.text} {finding.advice}".strip()
            messages.setdefault(finding.field, []).append(text)
        for layer in self.report.not_run:
            messages.setdefault("", []).append(f"{layer.name}: {layer.reason}")
        return messages


def check(invoice: Invoice, *, on: date, number: str = "ENTWURF") -> Verdict:
    """The verdict on a draft as if it were issued on that day under that number."""
    return judge(Sources.of(invoice), number=number, issue_date=on, whole=False)


def judge(sources: Sources, *, number: str, issue_date: date, whole: bool = True) -> Verdict:
    """The verdict on what these sources say, with the number that is printed on it.

    Without `whole` the bytes of attachments are left out, for a check while somebody types.
    """
    einvoice = compose(sources, number=number, issue_date=issue_date, whole=whole)
    own = tuple(particulars.check(sources, issue_date=issue_date))
    unread = sources.customer is None or not sources.items
    if unread or sources.invoice.is_offer:  # Nothing that the official rules could read.
        return Verdict(einvoice=einvoice, xml=b"", report=Report(findings=own), findings=own)
    rows = [row for row, line in enumerate(sources.lines) if line.is_item]
    return _verdict(einvoice, sources.customer.einvoice_format, own, rows)


def judge_composed(einvoice: EInvoice, einvoice_format: str) -> Verdict:
    """The verdict of the official rules on a document that was not composed from a draft."""
    return _verdict(einvoice, einvoice_format, ())


def _verdict(
    einvoice: EInvoice,
    einvoice_format: str,
    own: tuple[Finding, ...],
    rows: Sequence[int] | None = None,
) -> Verdict:
    xml = write(einvoice, einvoice_format)
    report = validate.validate(
        xml, as_zugferd=einvoice_format == Customer.Format.ZUGFERD, with_content=False
    )
    named = {finding.field for finding in own}
    rows = range(len(einvoice.lines)) if rows is None else rows
    official = tuple(_at_our_field(finding, rows) for finding in report.findings)
    return Verdict(
        einvoice=einvoice,
        xml=xml,
        report=report,
        findings=own + tuple(_once(official, named)),
    )


def _at_our_field(finding: Finding, rows: Sequence[int]) -> Finding:
    return replace(finding, field=form_field(finding.field, rows))


def form_field(path: str, rows: Sequence[int] = ()) -> str:
    """The field of our forms for a field of the e-invoice: `buyer.address.city` is
    `customer.city`, `lines.0.net_price` is `lines.0.unit_price`.

    `rows` are the rows of the form that the lines of the e-invoice stand in, where they differ.
    """
    if match := re.fullmatch(r"lines\.(\d+)\.(\w+)(\.\w+)?.*", path):
        name = _LINE_FIELDS.get(match[2], match[2])
        if name == "period":
            name = "period_end" if match[3] == ".end" else "period_start"
        row = int(match[1])
        return f"lines.{rows[row] if row < len(rows) else row}.{name}"
    for beginning in sorted(_FIELDS, key=len, reverse=True):
        if path == beginning:
            return _FIELDS[beginning]
        if path.startswith(f"{beginning}."):
            target = _FIELDS[beginning]
            return target if "." in target else target + path[len(beginning) :]
    return path


def _once(findings: tuple[Finding, ...], named: set[str]) -> Iterator[Finding]:
    """Leave out what our own rules say already in better words, and exact repetitions."""
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        key = (finding.field, finding.text)
        if (finding.field and finding.field in named) or key in seen:
            continue
        seen.add(key)
        yield finding
