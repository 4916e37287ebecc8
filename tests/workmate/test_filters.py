from decimal import Decimal

import pytest

from workmate.templatetags.workmate import amount, iban, money, percent, price, quantity


def test_an_amount_has_cents_and_thousands():
    assert amount(Decimal("-1190.5")) == "-1.190,50"


@pytest.mark.parametrize(
    ("currency", "text"), [("EUR", "1.190,00\u00a0€"), ("CHF", "1.190,00\u00a0CHF")]
)
def test_money_is_never_torn_from_its_currency(currency, text):
    assert money(Decimal(1190), currency) == text


@pytest.mark.parametrize(
    ("value", "text"), [("78.5", "78,50"), ("0.31234567", "0,31234567"), ("1.500", "1,50")]
)
def test_a_price_has_cents_and_keeps_further_places(value, text):
    assert price(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("3.0000", "3"), ("1.5000", "1,5"), ("1200", "1.200")])
def test_a_quantity_has_no_idle_zeros(value, text):
    assert quantity(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("19.00", "19\u00a0%"), ("5.50", "5,5\u00a0%")])
def test_a_rate_is_given_in_percent(value, text):
    assert percent(Decimal(value)) == text


def test_an_iban_comes_in_groups_of_four():
    assert iban("DE02120300000000202051").split("\u00a0") == [
        "DE02",
        "1203",
        "0000",
        "0000",
        "2020",
        "51",
    ]


def test_nothing_is_written_for_nothing():
    assert amount(None) == money(None) == price(None) == quantity(None) == percent(None) == ""
