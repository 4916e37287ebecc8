"""What §§ 14 and 14a UStG want beyond the official rules."""

import datetime
from decimal import Decimal

import pytest

from invoicing.gate import check
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line

pytestmark = pytest.mark.django_db
PARIS = {"country": "FR", "post_code": "75001", "city": "Paris", "vat_id": "FR40303265045"}
BASEL = {"country": "CH", "post_code": "4001", "city": "Basel"}


def fields(code: str, *, company: dict | None = None, **customer: str) -> dict[str, list[str]]:
    """What the gate says about a draft in that tax case for that customer."""
    owner = a_business(**(company or {}))
    draft = a_draft(owner, customer=a_buyer(owner, **customer), lines=[a_line(code=code)])
    return check(draft, on=DAY).fields()


@pytest.mark.parametrize("code", ["EU_SUPPLY", "EU_SERVICE"])
def test_a_business_in_another_member_state_pays_the_tax_itself(code):
    assert fields(code, **PARIS) == {}


@pytest.mark.parametrize("code", ["EU_SUPPLY", "EU_SERVICE"])
@pytest.mark.parametrize("customer", [{"vat_id": "DE136695976"}, BASEL | {"vat_id": "CHE1"}])
def test_no_tax_case_of_the_eu_outside_other_member_states(code, customer):
    assert "lines.0.tax_case" in fields(code, **customer)


@pytest.mark.parametrize("code", ["EU_SUPPLY", "EU_SERVICE"])
def test_the_customers_vat_id_is_one_of_another_member_state(code):
    """§ 6a (1) Nr. 4, § 3a (2) UStG."""
    assert "customer.vat_id" in fields(code, **PARIS | {"vat_id": "DE136695976"})


@pytest.mark.parametrize("code", ["EU_SUPPLY", "EU_SERVICE"])
def test_our_own_vat_id_stands_on_invoices_into_the_eu(code):
    """§ 14a (1) and (3) UStG."""
    assert "company.vat_id" in fields(code, company={"vat_id": ""}, **PARIS)


def test_reverse_charge_at_home_needs_no_vat_id_of_ours():
    """§ 14a (5) UStG wants the words only."""
    assert fields("RC13B", company={"vat_id": ""}, vat_id="DE136695976") == {}


def test_the_day_of_supply_decides_which_rules_hold():
    owner = a_business(small_business=True)
    draft = a_draft(owner, lines=[a_line(code="SMALL19")], supply_date=datetime.date(2024, 12, 31))
    assert "lines.0.tax_case" in check(draft, on=DAY).fields()


def test_a_full_discount_is_an_invoice_of_nothing():
    owner = a_business()
    free = a_line(discount_percent=Decimal(100))
    assert check(a_draft(owner, lines=[free]), on=DAY).fields() == {}
