"""The gate names every missing particular in German, at the field that lacks it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from invoicing import errors
from invoicing.einvoice.codes import Guideline
from invoicing.gate import check, form_field
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice, InvoiceLine, NumberRange
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority
from workmate.models import Company, MoneyAccount, User

pytestmark = pytest.mark.django_db
Wreck = Callable[[Invoice], object]


def company(**fields: Any) -> Wreck:
    return lambda draft: Company.objects.update(**fields)


def customer(**fields: Any) -> Wreck:
    return lambda draft: Customer.objects.filter(pk=draft.customer_id).update(**fields)


def draft(**fields: Any) -> Wreck:
    return lambda draft: Invoice.objects.filter(pk=draft.pk).update(**fields)


def line(**fields: Any) -> Wreck:
    return lambda draft: InvoiceLine.objects.filter(invoice=draft).update(**fields)


def no_lines(draft: Invoice) -> object:
    return draft.lines.all().delete()


def no_account(draft: Invoice) -> object:
    return MoneyAccount.objects.update(on_invoices=False)


# What is taken away → the field where the message must stand; with ZUGFeRD for a business.
EVERYBODY: list[tuple[str, Wreck]] = [
    ("company.name", company(name="")),
    ("company.street", company(street="")),
    ("company.post_code", company(post_code="")),
    ("company.city", company(city="")),
    ("company.country", company(country="")),
    ("company.tax_number", company(vat_id="", tax_number="")),
    ("company.iban", no_account),
    ("customer", draft(customer=None)),
    ("customer.name", customer(name="")),
    ("customer.street", customer(street="")),
    ("customer.post_code", customer(post_code="")),
    ("customer.city", customer(city="")),
    ("customer.country", customer(country="")),
    ("supply_date", draft(supply_date=None)),
    ("supply_end", draft(supply_date=None, supply_start=DAY)),
    ("supply_start", draft(supply_date=None, supply_end=DAY)),
    (
        "supply_end",
        draft(supply_date=None, supply_start=DAY, supply_end=DAY - datetime.timedelta(days=1)),
    ),
    ("lines", no_lines),
    ("lines.0.name", line(name="")),
    ("lines.0.quantity", line(quantity=None)),
    ("lines.0.quantity", line(quantity=0)),
    ("lines.0.unit", line(unit="")),
    ("lines.0.unit", line(unit="XYZ")),
    ("lines.0.unit_price", line(unit_price=None)),
    ("lines.0.tax_case", line(tax_case=None)),
    ("lines", line(quantity=Decimal(-1))),
]
# What XRechnung wants on top (BR-DE, PEPPOL).
AUTHORITIES: list[tuple[str, Wreck]] = [
    ("company.contact_name", company(contact_name="")),
    ("company.phone", company(phone="")),
    ("company.email", company(email="")),
    ("company.electronic_address", company(email="", electronic_address="")),
    ("buyer_reference", customer(leitweg_id="")),
    ("customer.electronic_address", customer(email="")),
]


def refused(draft: Invoice, owner: User, field: str) -> list[str]:
    """The messages at the field when the draft is issued, which must spend nothing."""
    with raises_problem(errors.GATE_REFUSED) as caught:
        issue(Invoice.objects.get(pk=draft.pk), by=owner, on=DAY)
    assert not NumberRange.objects.exists()
    assert field in caught.value.fields, caught.value.fields
    return caught.value.fields[field]


def assert_german(messages: list[str]) -> None:
    for message in messages:
        assert message[-1] in ".“", message
        assert not set(message.lower().split()) & {"must", "shall", "the", "should"}, message


@pytest.mark.parametrize(("field", "wreck"), EVERYBODY)
def test_every_invoice_needs(field, wreck):
    owner = a_business()
    draft = a_draft(owner)
    wreck(draft)
    assert_german(refused(draft, owner, field))


@pytest.mark.parametrize(("field", "wreck"), AUTHORITIES)
def test_an_xrechnung_also_needs(field, wreck):
    owner = a_business()
    draft = a_draft(owner, customer=an_authority(owner))
    wreck(draft)
    assert_german(refused(draft, owner, field))


def test_more_than_25_fields_are_watched():
    assert len({field for field, _ in EVERYBODY + AUTHORITIES}) >= 25


TAX: list[tuple[str, dict[str, Any], str]] = [
    ("RC13B", {}, "customer.vat_id"),
    ("RC13B", {"kind": Customer.Kind.CONSUMER, "vat_id": "DE136695976"}, "lines.0.tax_case"),
    ("EU_SUPPLY", {"country": "FR", "post_code": "75001", "city": "Paris"}, "customer.vat_id"),
    ("EU_SUPPLY", {"vat_id": "DE136695976"}, "lines.0.tax_case"),
    ("EXPORT", {}, "lines.0.tax_case"),
    ("EXPORT", {"country": "FR", "post_code": "75001", "city": "Paris"}, "lines.0.tax_case"),
    ("SMALL19", {}, "lines.0.tax_case"),
]


@pytest.mark.parametrize(("code", "fields", "field"), TAX)
def test_a_tax_case_must_fit_the_customer(code, fields, field):
    owner = a_business()
    draft = a_draft(owner, customer=a_buyer(owner, **fields), lines=[a_line(code=code)])
    assert_german(refused(draft, owner, field))


FITTING: list[tuple[str, dict[str, Any]]] = [
    ("DE19", {}),
    ("DE7", {}),
    ("RC13B", {"vat_id": "DE136695976"}),
    ("EU_SUPPLY", {"country": "NL", "vat_id": "NL004495445B01"}),
    ("EXPORT", {"country": "CH"}),
]


@pytest.mark.parametrize("authority", [False, True])
@pytest.mark.parametrize(("code", "fields"), FITTING)
def test_every_tax_case_passes_in_both_formats(code, fields, authority):
    owner = a_business()
    buyer = an_authority(owner, **fields) if authority else a_buyer(owner, **fields)
    verdict = check(a_draft(owner, customer=buyer, lines=[a_line(code=code)]), on=DAY)
    assert verdict.passed, verdict.fields()


@pytest.mark.parametrize("vat_id", ["", "DE136695976"])
@pytest.mark.parametrize("authority", [False, True])
def test_a_small_business_needs_no_vat_id(vat_id, authority):
    owner = a_business(small_business=True, vat_id=vat_id)
    buyer = an_authority(owner) if authority else a_buyer(owner)
    verdict = check(a_draft(owner, customer=buyer, lines=[a_line(code="SMALL19")]), on=DAY)
    assert verdict.passed, verdict.fields()
    assert b"19 UStG" in verdict.xml


def test_a_small_business_cannot_show_vat():
    owner = a_business(small_business=True)
    refused(a_draft(owner), owner, "lines.0.tax_case")


def test_a_private_customer_without_e_mail_gets_zugferd():
    owner = a_business()
    buyer = a_buyer(owner, kind=Customer.Kind.CONSUMER, email="")
    assert check(a_draft(owner, customer=buyer), on=DAY).passed


def test_a_service_period_replaces_the_day_of_supply():
    owner = a_business()
    draft = a_draft(
        owner, supply_date=None, supply_start=DAY - datetime.timedelta(days=30), supply_end=DAY
    )
    assert check(draft, on=DAY).passed


def test_all_findings_come_at_once():
    owner = a_business()
    draft = a_draft(owner, supply_date=None)
    line(name="", unit="")(draft)
    assert {"supply_date", "lines.0.name", "lines.0.unit"} <= set(check(draft, on=DAY).fields())


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("buyer.address.city", "customer.city"),
        ("buyer.vat_id", "customer.vat_id"),
        ("seller.contact.phone", "company.phone"),
        ("seller.contact.name", "company.contact_name"),
        ("lines.3.net_price", "lines.3.unit_price"),
        ("lines.3.allowances.0.amount", "lines.3.discount_percent"),
        ("payment.iban", "company.iban"),
        ("buyer_reference", "buyer_reference"),
        ("", ""),
    ],
)
def test_fields_of_the_standard_lead_to_fields_of_our_forms(path, field):
    assert form_field(path) == field


UBL = Customer.Format.XRECHNUNG_UBL


@pytest.mark.parametrize(("code", "fields"), FITTING)
def test_every_tax_case_passes_as_xrechnung_in_ubl(code, fields):
    owner = a_business()
    buyer = an_authority(owner, einvoice_format=UBL, **fields)
    verdict = check(a_draft(owner, customer=buyer, lines=[a_line(code=code)]), on=DAY)
    assert verdict.passed, verdict.fields()
    assert (verdict.report.syntax, verdict.report.guideline) == ("UBL", Guideline.XRECHNUNG)


@pytest.mark.parametrize(("field", "wreck"), AUTHORITIES)
def test_an_xrechnung_in_ubl_needs_the_same(field, wreck):
    owner = a_business()
    draft = a_draft(owner, customer=an_authority(owner, einvoice_format=UBL))
    wreck(draft)
    assert_german(refused(draft, owner, field))
