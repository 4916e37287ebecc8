"""Keeping products."""

import datetime
from decimal import Decimal

import pytest

from invoicing import errors, products
from invoicing.gate import check
from invoicing.models import Product
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_draft, a_line
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
WEEK = datetime.timedelta(days=7)


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


def test_the_price_of_a_day_is_that_of_the_list():
    owner = a_business()
    product = a_product(owner)
    products.list_price(product, Decimal(130), valid_from=DAY, by=owner)
    products.list_price(product, Decimal(150), valid_from=DAY + WEEK, by=owner)
    prices = [
        Product.objects.priced(on=day).get().price for day in (DAY - WEEK, DAY, DAY + WEEK * 2)
    ]
    assert prices == [Decimal(120), Decimal(130), Decimal(150)]


def test_a_price_of_the_same_day_is_replaced_and_told():
    owner = a_business()
    product = a_product(owner)
    for price in (130, 140, 140):
        products.list_price(product, Decimal(price), valid_from=DAY, by=owner)
    assert product.prices.get().unit_price == Decimal(140)
    assert AuditEvent.objects.filter(event="product.price_listed").count() == 2


def test_a_negative_price_is_refused_at_its_field():
    owner = a_business()
    with raises_problem(errors.PRICE_INVALID) as raised:
        products.list_price(a_product(owner), Decimal(-1), valid_from=DAY, by=owner)
    assert list(raised.value.fields) == ["unit_price"]


@pytest.mark.parametrize(
    ("least", "most", "field"),
    [(0, None, "min_quantity"), (None, 0, "max_quantity"), (5, 4, "max_quantity")],
)
def test_quantities_that_cannot_be_are_refused(least, most, field):
    limits = {"min_quantity": least, "max_quantity": most}
    limits = {name: None if one is None else Decimal(one) for name, one in limits.items()}
    with raises_problem(errors.PRODUCT_INVALID) as raised:
        a_product(a_business(), **limits)
    assert list(raised.value.fields) == [field]


@pytest.mark.parametrize(("quantity", "word"), [(1, "Mindestmenge 2"), (11, "Höchstmenge 10")])
def test_a_quantity_outside_of_the_limits_is_hinted_at_but_passes(quantity, word):
    owner = a_business()
    product = a_product(owner, min_quantity=Decimal(2), max_quantity=Decimal(10))
    draft = a_draft(owner, lines=[a_line(product=product, quantity=Decimal(quantity))])
    verdict = check(draft, on=DAY)
    assert verdict.passed
    assert [word in one.text for one in verdict.findings if one.rule == "MENGE"] == [True]
