"""Keeping products."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from invoicing import errors, products
from invoicing.cancelling import cancel
from invoicing.correcting import draft_correction
from invoicing.gate import check
from invoicing.issuing import issue
from invoicing.models import Product
from tests.invoicing.ledger import booked
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_draft, a_line
from workmate.models import Account, AuditEvent

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


def an_account(number="8401", **fields):
    named = {"name": "Erlöse Beratung 19 % USt", "kind": Account.Kind.REVENUE, "vat_code": "81"}
    return Account.objects.create(number=number, **named | fields)


def test_a_product_s_account_takes_its_revenue_and_the_other_lines_keep_theirs():
    owner = a_business()
    an_account()
    product = a_product(owner, revenue_account="8401")
    lines = [a_line("100", product=product), a_line("50"), a_line("30", "DE7", product=product)]
    invoice = issue(a_draft(owner, lines=lines), by=owner, on=DAY)
    assert booked(invoice) == {
        "1400": Decimal("210.60"),
        "8401": Decimal("-100.00"),
        "8400": Decimal("-50.00"),
        "8300": Decimal("-30.00"),
        "1776": Decimal("-28.50"),
        "1771": Decimal("-2.10"),
    }


def test_a_line_keeps_the_account_that_its_product_had():
    owner = a_business()
    an_account()
    product = a_product(owner, revenue_account="8401")
    draft = a_draft(owner, lines=[a_line("100", product=product)])
    products.edit_product(product, revenue_account="", by=owner)
    invoice = issue(draft, by=owner, on=DAY)
    assert booked(invoice)["8401"] == Decimal(-100)
    correction = issue(draft_correction(invoice, by=owner), by=owner, on=DAY)
    assert booked(correction)["8401"] == Decimal(100)


def test_a_cancellation_takes_back_from_the_product_s_account():
    owner = a_business()
    an_account()
    product = a_product(owner, revenue_account="8401")
    draft = a_draft(owner, lines=[a_line("100", product=product)])
    storno = cancel(issue(draft, by=owner, on=DAY), reason="doppelt", by=owner, on=DAY)
    assert booked(storno)["8401"] == Decimal(100)


@pytest.mark.parametrize("number", ["9999", "1400", "8300", "2700"])
def test_an_account_that_cannot_take_these_sales_is_refused(number):
    with raises_problem(errors.PRODUCT_INVALID) as raised:
        a_product(a_business(), revenue_account=number)
    assert list(raised.value.fields) == ["revenue_account"]


def test_what_the_picker_says_of_a_product(client):
    owner = a_business()
    client.force_login(owner)
    a_product(owner, short_description="Eine Stunde vor Ort")
    page = client.get(reverse("invoicing:product-suggest"), {"q": "vor Ort"}).content.decode()
    assert "Eine Stunde vor Ort · 120,00\xa0€ je Stunde" in page
    assert "&quot;description&quot;: &quot;Eine Stunde vor Ort&quot;" in page
