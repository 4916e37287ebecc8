"""Breaking one rule of a valid invoice is caught, named, and told in German.

Each row breaks one thing of a golden invoice and names the official rule that must see it.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoicing.einvoice import cii, ubl, validate
from invoicing.einvoice.advice import KNOWN
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import (
    AllowanceCharge,
    Attachment,
    EInvoice,
    Identifier,
    Period,
    PrecedingInvoice,
)
from tests.invoicing.einvoice.golden import GOLDEN

Change = Callable[[EInvoice], EInvoice]
CENT = Decimal("0.01")


def head(**changes: Any) -> Change:
    return lambda one: replace(one, **changes)


def part(name: str, /, **changes: Any) -> Change:
    """Change fields of a part of the head: seller, buyer, payment, totals."""
    return lambda one: replace(one, **{name: replace(getattr(one, name), **changes)})


def inner(outer: str, name: str, /, **changes: Any) -> Change:
    """Change fields of a part of a part: the address of the seller."""

    def change(one: EInvoice) -> EInvoice:
        whole = getattr(one, outer)
        return replace(
            one, **{outer: replace(whole, **{name: replace(getattr(whole, name), **changes)})}
        )

    return change


def line(**changes: Any) -> Change:
    return lambda one: replace(one, lines=(replace(one.lines[0], **changes), *one.lines[1:]))


def vat(**changes: Any) -> Change:
    first = lambda one: replace(one.vat_breakdown[0], **changes)  # noqa: E731 — one line, used once
    return lambda one: replace(one, vat_breakdown=(first(one), *one.vat_breakdown[1:]))


def off(name: str) -> Change:
    """One cent too much in a total."""
    return lambda one: part("totals", **{name: (getattr(one.totals, name) or 0) + CENT})(one)


def allowance(**changes: Any) -> Change:
    made = AllowanceCharge(
        charge=False, amount=Decimal("1.00"), reason="Rabatt", category="S", rate=Decimal(19)
    )
    return head(allowances=(replace(made, **changes),))


def line_allowance(**changes: Any) -> Change:
    made = AllowanceCharge(charge=False, amount=Decimal("1.00"), reason="Rabatt")
    return line(allowances=(replace(made, **changes),))


PDF = Attachment(reference="1", filename="a.pdf", media_type="application/pdf", data=b"%PDF-")
START, END = date(2026, 5, 1), date(2026, 4, 1)

# Rule, golden invoice, what is changed.
MUTATIONS: tuple[tuple[str, str, Change], ...] = (
    # The document and its parties
    ("BR-02", "two_rates", head(number="")),
    ("BR-04", "two_rates", head(type_code="")),
    ("BR-05", "two_rates", head(currency="")),
    ("BR-06", "two_rates", part("seller", name="")),
    ("BR-07", "two_rates", part("buyer", name="")),
    ("BR-09", "two_rates", inner("seller", "address", country="")),
    ("BR-11", "two_rates", inner("buyer", "address", country="")),
    ("BR-16", "two_rates", head(lines=())),
    ("BR-29", "two_rates", head(period=Period(start=START, end=END))),
    ("BR-55", "cancellation", head(preceding=(PrecedingInvoice(number="", issue_date=START),))),
    ("BR-62", "two_rates", part("seller", electronic_address=Identifier(value="a@b.example"))),
    ("BR-63", "two_rates", part("buyer", electronic_address=Identifier(value="a@b.example"))),
    ("BR-17", "everything", lambda one: replace(one, payee=replace(one.payee, name=""))),
    ("BR-52", "two_rates", head(attachments=(replace(PDF, reference=""),))),
    ("BR-53", "foreign_currency", part("totals", tax_total_accounting=None)),
    ("BR-57", "intra_community", lambda o: inner_address(o, country="")),
    ("BR-61", "two_rates", part("payment", iban="")),
    # Lines
    ("BR-21", "two_rates", line(id="")),
    ("BR-23", "two_rates", line(unit="")),
    ("BR-25", "two_rates", line(name="")),
    ("BR-27", "two_rates", line(net_price=Decimal(-80))),
    ("BR-30", "two_rates", line(period=Period(start=START, end=END))),
    ("BR-CO-04", "two_rates", line(category="", rate=None)),
    ("BR-42", "two_rates", line_allowance(reason="")),
    ("BR-44", "two_rates", line_allowance(charge=True, reason="")),
    # Discounts and charges on the document
    ("BR-32", "two_rates", allowance(category="", rate=None)),
    ("BR-33", "two_rates", allowance(reason="")),
    ("BR-38", "two_rates", allowance(charge=True, reason="")),
    # Sums
    ("BR-CO-10", "two_rates", off("line_total")),
    ("BR-CO-11", "discounts", off("allowance_total")),
    ("BR-CO-12", "discounts", off("charge_total")),
    ("BR-CO-13", "two_rates", off("tax_exclusive")),
    ("BR-CO-14", "two_rates", off("tax_total")),
    ("BR-CO-15", "two_rates", off("tax_inclusive")),
    ("BR-CO-16", "two_rates", off("payable")),
    ("BR-CO-17", "two_rates", vat(tax_amount=Decimal("50.00"))),
    ("BR-CO-18", "two_rates", head(vat_breakdown=())),
    ("BR-CO-26", "small_business", part("seller", identifiers=())),
    ("BR-DEC-23", "two_rates", line(net_amount=Decimal("240.001"))),
    # VAT by category
    ("BR-S-02", "two_rates", part("seller", vat_id="", tax_number="")),
    ("BR-S-05", "two_rates", line(rate=Decimal(0))),
    ("BR-S-08", "two_rates", vat(taxable_amount=Decimal("100.00"))),
    ("BR-S-10", "two_rates", vat(reason="Weil es so ist")),
    ("BR-Z-05", "zero_rated", line(rate=Decimal(19))),
    ("BR-Z-08", "zero_rated", vat(taxable_amount=Decimal("1.00"))),
    ("BR-Z-10", "zero_rated", vat(reason="Weil es so ist")),
    ("BR-E-05", "small_business", line(rate=Decimal(19))),
    ("BR-E-08", "small_business", vat(taxable_amount=Decimal("1.00"))),
    ("BR-E-09", "small_business", vat(tax_amount=Decimal("1.00"))),
    ("BR-E-10", "small_business", vat(reason="", reason_code="")),
    ("BR-AE-02", "reverse_charge", part("buyer", vat_id="")),
    ("BR-AE-05", "reverse_charge", line(rate=Decimal(19))),
    ("BR-AE-08", "reverse_charge", vat(taxable_amount=Decimal("1.00"))),
    ("BR-AE-09", "reverse_charge", vat(tax_amount=Decimal("1.00"))),
    ("BR-AE-10", "reverse_charge", vat(reason="", reason_code="")),
    ("BR-IC-02", "intra_community", part("buyer", vat_id="")),
    ("BR-IC-05", "intra_community", line(rate=Decimal(19))),
    ("BR-IC-08", "intra_community", vat(taxable_amount=Decimal("1.00"))),
    ("BR-IC-10", "intra_community", vat(reason="", reason_code="")),
    ("BR-IC-11", "intra_community", head(delivery_date=None, period=None)),
    ("BR-IC-12", "intra_community", head(delivery_address=None)),
    ("BR-G-02", "export", part("seller", vat_id="")),
    ("BR-G-05", "export", line(rate=Decimal(19))),
    ("BR-G-08", "export", vat(taxable_amount=Decimal("1.00"))),
    ("BR-G-10", "export", vat(reason="", reason_code="")),
    ("BR-O-02", "not_taxable", part("seller", vat_id="DE123456789")),
    ("BR-O-05", "not_taxable", line(rate=Decimal(19))),
    ("BR-O-08", "not_taxable", vat(taxable_amount=Decimal("1.00"))),
    ("BR-O-10", "not_taxable", vat(reason="", reason_code="")),
    # Code lists
    ("BR-CL-01", "two_rates", head(type_code="999")),
    ("BR-CL-04", "two_rates", head(currency="XYZ")),
    ("BR-CL-14", "two_rates", inner("buyer", "address", country="XX")),
    ("BR-CL-16", "two_rates", part("payment", means_code="999")),
    ("BR-CL-22", "reverse_charge", vat(reason_code="VATEX-NEU")),
    ("BR-CL-25", "two_rates", part("buyer", electronic_address=Identifier(value="a", scheme="X"))),
    # XRechnung
    ("BR-DE-1", "two_rates", part("payment", means_code="")),
    ("BR-DE-3", "two_rates", inner("seller", "address", city="")),
    ("BR-DE-4", "two_rates", inner("seller", "address", post_code="")),
    ("BR-DE-5", "two_rates", inner("seller", "contact", name="")),
    ("BR-DE-6", "two_rates", inner("seller", "contact", phone="")),
    ("BR-DE-7", "two_rates", inner("seller", "contact", email="")),
    ("BR-DE-8", "two_rates", inner("buyer", "address", city="")),
    ("BR-DE-9", "two_rates", inner("buyer", "address", post_code="")),
    ("BR-DE-10", "intra_community", lambda o: inner_address(o, city="")),
    ("BR-DE-11", "intra_community", lambda o: inner_address(o, post_code="")),
    ("BR-DE-14", "two_rates", vat(rate=None)),
    ("BR-DE-15", "two_rates", head(buyer_reference="")),
    ("BR-DE-16", "two_rates", part("seller", vat_id="", tax_number="")),
    ("BR-DE-18", "two_rates", head(payment_terms="#SKONTO#TAGE=7#PROZENT=2#\n")),
    ("BR-DE-22", "two_rates", head(attachments=(PDF, replace(PDF, reference="2")))),
    ("BR-DE-27", "two_rates", inner("seller", "contact", phone="ab")),
    ("BR-DE-28", "two_rates", inner("seller", "contact", email="ohne Adresse")),
    ("BR-DE-30", "direct_debit", part("payment", creditor_id="")),
    ("BR-DE-31", "direct_debit", part("payment", debited_iban="")),
    ("PEPPOL-EN16931-R010", "two_rates", part("buyer", electronic_address=None)),
    ("PEPPOL-EN16931-R020", "two_rates", part("seller", electronic_address=None)),
)


def inner_address(one: EInvoice, **changes: Any) -> EInvoice:
    return replace(one, delivery_address=replace(one.delivery_address, **changes))


def fired(einvoice: EInvoice) -> set[str]:
    """The rules that either syntax breaks as an XRechnung."""
    found = set()
    for write in (ubl.write, cii.write):
        report = validate.validate(write(einvoice, guideline=Guideline.XRECHNUNG))
        found |= {finding.rule for finding in report.findings}
    return found


@pytest.mark.parametrize(("rule", "name", "change"), MUTATIONS, ids=[one[0] for one in MUTATIONS])
def test_a_broken_rule_is_caught(rule, name, change):
    assert rule in fired(change(GOLDEN[name]))


def test_the_invoices_that_are_broken_were_whole():
    for name in {name for _, name, _ in MUTATIONS}:
        assert fired(GOLDEN[name]) == set()


def test_at_least_sixty_rules_are_broken_once_and_each_is_told_in_german():
    rules = [rule for rule, _, _ in MUTATIONS]
    assert len(rules) == len(set(rules)) >= 60
    assert [rule for rule in rules if rule not in KNOWN] == []


def test_a_change_touches_only_what_it_names():
    whole = GOLDEN["two_rates"]
    changed = line(id="")(whole)
    assert dataclasses.replace(changed, lines=whole.lines) == whole
