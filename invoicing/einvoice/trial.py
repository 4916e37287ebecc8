"""Documents that any release of the rules must judge as ours do: whole ones and broken ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from invoicing.einvoice import cii, ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import (
    Address,
    Buyer,
    Contact,
    EInvoice,
    Identifier,
    Line,
    PaymentInstructions,
    Seller,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.validate import validate

NET, TAX, GROSS = Decimal("100.00"), Decimal("19.00"), Decimal("119.00")
WHOLE = EInvoice(
    number="PROBE-1",
    issue_date=date(2026, 5, 4),
    type_code="380",
    currency="EUR",
    seller=Seller(
        name="Probe GmbH",
        vat_id="DE136695976",
        electronic_address=Identifier(value="rechnung@probe.example", scheme="EM"),
        address=Address(street="Hof 1", post_code="20457", city="Hamburg", country="DE"),
        contact=Contact(name="Ida Probe", phone="+49 40 123456", email="ida@probe.example"),
    ),
    buyer=Buyer(
        name="Stadt Probe",
        electronic_address=Identifier(value="stadt@probe.example", scheme="EM"),
        address=Address(street="Markt 1", post_code="24103", city="Kiel", country="DE"),
    ),
    lines=(
        Line(
            id="1",
            name="Beratung",
            quantity=Decimal(1),
            unit="HUR",
            net_price=NET,
            net_amount=NET,
            category="S",
            rate=Decimal(19),
        ),
    ),
    vat_breakdown=(
        VatBreakdown(category="S", rate=Decimal(19), taxable_amount=NET, tax_amount=TAX),
    ),
    totals=Totals(
        line_total=NET, tax_exclusive=NET, tax_total=TAX, tax_inclusive=GROSS, payable=GROSS
    ),
    payment=PaymentInstructions(remittance="PROBE-1", iban="DE02120300000000202051"),
    due_date=date(2026, 5, 18),
    buyer_reference="04011000-1234512345-06",
    payment_terms="Zahlbar bis 18.05.2026 ohne Abzug.",
    delivery_date=date(2026, 5, 4),
)
# What is broken → a rule that must say so.
CASES = (
    (WHOLE, ""),
    (replace(WHOLE, totals=replace(WHOLE.totals, tax_inclusive=NET)), "BR-CO-16"),
    (replace(WHOLE, number=""), "BR-02"),
)
XRECHNUNG_ONLY = (replace(WHOLE, buyer_reference=""), "BR-DE-15")


def differences() -> Iterator[str]:
    """How the rules in use judge otherwise than they must, in German; nothing when all is well."""
    for syntax, write, guideline in (
        ("CII", cii.write, Guideline.EN16931),
        ("CII", cii.write, Guideline.XRECHNUNG),
        ("UBL", ubl.write, Guideline.XRECHNUNG),
    ):
        cases = CASES if guideline == Guideline.EN16931 else (*CASES, XRECHNUNG_ONLY)
        for einvoice, expected in cases:
            report = validate(write(einvoice, guideline=guideline), with_content=False)
            found = {finding.rule for finding in report.errors}
            kind = f"{syntax}, {guideline.rpartition(':')[2]}"
            if report.not_run:
                yield f"{kind}: {report.not_run[0].reason}"
            elif expected and expected not in found:
                yield f"{kind}: Die Regel {expected} meldet einen Fehler nicht, den sie kennt."
            elif not expected and found:
                rules = ", ".join(sorted(found))
                yield f"{kind}: Eine gültige Rechnung wird abgelehnt ({rules})."
