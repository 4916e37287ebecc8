"""Keeping products."""

from decimal import Decimal

import pytest

from invoicing import errors, products
from invoicing.models import Product
from tests.problems import raises_problem
from tests.trade import a_business, a_draft, a_line
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db


def a_product(by, **fields):
    return products.create_product(
        by=by, **{"name": "Beratung", "unit": "HUR", "unit_price": Decimal(120)} | fields
    )


def test_products_are_numbered_where_no_number_is_given():
    owner = a_business()
    numbers = [a_product(owner, number=number).number for number in ("", "BER-1", "")]
    assert numbers == ["P-1001", "BER-1", "P-1002"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("unit", "STK"),
        ("unit_price", Decimal(-1)),
        ("unit_price", Decimal("0.123456789")),
        ("tax_case", "DE17"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(field, value):
    with raises_problem(errors.PRODUCT_INVALID) as raised:
        a_product(a_business(), **{field: value})
    assert list(raised.value.fields) == [field]


def test_a_number_belongs_to_one_product():
    owner = a_business()
    a_product(owner, number="A-1")
    with raises_problem(errors.PRODUCT_INVALID) as raised:
        a_product(owner, number="A-1")
    assert list(raised.value.fields) == ["number"]


def test_a_new_price_leaves_written_lines_alone():
    owner = a_business()
    product = a_product(owner)
    draft = a_draft(owner, lines=[a_line("120", product=product)])
    products.edit_product(product, unit_price=Decimal(150), by=owner)
    assert draft.lines.get().unit_price == Decimal(120)
    assert AuditEvent.objects.get(event="product.changed").payload == {
        "unit_price": ["120.00000000", "150"]
    }


def test_a_product_on_a_line_cannot_be_deleted():
    owner = a_business()
    product = a_product(owner)
    a_draft(owner, lines=[a_line(product=product)])
    with raises_problem(errors.PRODUCT_IN_USE):
        products.delete_product(product, by=owner)


def test_an_unused_product_is_deleted():
    owner = a_business()
    products.delete_product(a_product(owner), by=owner)
    assert not Product.objects.exists()


def test_an_inactive_product_is_not_offered():
    owner = a_business()
    products.set_active(a_product(owner), False, by=owner)
    assert not Product.objects.active().exists()
