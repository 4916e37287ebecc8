from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workmate.money import (
    format_amount,
    format_decimal,
    format_quantity,
    parse_date,
    parse_decimal,
    round_money,
)

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1.234", "1234"),
        ("1.234.567,89", "1234567.89"),
        ("0.125", "0.125"),
        ("12.50", "12.50"),
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1'234,50", "1234.50"),
        ("EUR 5", "5"),
        ("19 %", "19"),
        ("-0,5", "-0.5"),
        ("− 3", "-3"),
        (",5", "0.5"),
        ("007", "7"),
    ],
)
def test_numbers_are_read_as_germans_write_them(text: str, value: str):
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1,234.50",
        "1.2.3",
        "12.34.567",
        "1..2",
        "--1",
        "1e5",
        "NaN",
        "٣",
        "1.234 567",
        "Infinity",
    ],
)
def test_what_could_mean_two_things_is_refused(text: str):
    with pytest.raises(ValueError):
        parse_decimal(text)


@given(st.decimals(-(10**10), 10**10, places=2))
def test_what_is_written_is_read_back(value: Decimal):
    assert parse_decimal(format_amount(value)) == value


@given(st.decimals(0, 10**8, places=4))
def test_quantities_are_read_back(value: Decimal):
    assert parse_decimal(format_decimal(value, 0, most=4)) == value


def test_a_half_cent_is_rounded_away_from_zero():
    assert round_money(Decimal("0.125")) == Decimal("0.13")
    assert round_money(Decimal("-0.125")) == Decimal("-0.13")
    assert round_money(Decimal("2.665")) == Decimal("2.67")


def test_amounts_have_cents_and_thousands():
    assert format_amount(Decimal(1190)) == "1.190,00"
    assert format_amount(Decimal("-0.001")) == "0,00"


def test_quantities_have_no_idle_zeros():
    assert format_quantity(Decimal("1.5000")) == "1,5"
    assert format_quantity(Decimal("100.0000")) == "100"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22.11.2026", date(2026, 11, 22)),
        ("22.11.26", date(2026, 11, 22)),
        ("22.11.", date(2026, 11, 22)),
        ("22.11", date(2026, 11, 22)),
        ("1. 2. 2026", date(2026, 2, 1)),
        ("2026-11-22", date(2026, 11, 22)),
        ("heute", TODAY),
        ("Gestern", date(2026, 3, 30)),
        ("morgen", date(2026, 4, 1)),
        ("+14", date(2026, 4, 14)),
        ("-31", date(2026, 2, 28)),
    ],
)
def test_dates_are_read_as_germans_write_them(text: str, day: date):
    assert parse_date(text, today=TODAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "31.2.", "11/22/2026", "20261122", "bald", "1.1.1", "0.0.2026", "1.1.0226", "9999-12-31"],
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(ValueError):
        parse_date(text, today=TODAY)
