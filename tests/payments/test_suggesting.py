import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.suggesting import Claim, fitting, oldest_first, skonto_taken


def a_claim(pk, outstanding, day=1, skonto="0.00"):
    return Claim(pk, datetime.date(2026, 5, day), Decimal(outstanding), Decimal(skonto))


def spread(suggest, amount, *claims):
    return {pk: str(part) for pk, part in suggest(Decimal(amount), claims).items()}


def test_the_oldest_is_paid_first():
    claims = [a_claim(1, "80.00", 9), a_claim(2, "40.00", 1), a_claim(3, "40.00", 20)]
    assert spread(oldest_first, "100.00", *claims) == {2: "40.00", 1: "60.00"}


def test_credits_get_nothing_of_money_that_came_in():
    claims = [a_claim(1, "-80.00"), a_claim(2, "30.00")]
    assert spread(oldest_first, "50.00", *claims) == {2: "30.00"}
    assert spread(oldest_first, "-50.00", *claims) == {1: "-50.00"}


@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        ("200.00", {1: "100.00", 2: "100.00"}),  # nobody took Skonto
        ("195.00", {1: "98.00", 2: "97.00"}),  # both did
        ("197.00", {1: "100.00", 2: "97.00"}),  # the one whose Skonto is just that
        ("199.00", {1: "99.00", 2: "100.00"}),  # less than was granted
        ("194.99", {1: "100.00", 2: "94.99"}),  # a part payment
        ("98.00", {1: "98.00"}),
        ("300.00", {1: "100.00", 2: "100.00"}),
    ],
)
def test_what_is_missing_is_skonto_where_so_much_was_granted(amount, parts):
    claims = [a_claim(1, "100.00", 1, "2.00"), a_claim(2, "100.00", 2, "3.00")]
    assert spread(oldest_first, amount, *claims) == parts


@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        ("50.00", {2: "50.00"}),
        ("49.00", {2: "49.00"}),  # with its Skonto
        ("130.00", {1: "80.00", 2: "50.00"}),
        ("60.00", {1: "80.00", 3: "-20.00"}),  # a credit was deducted
        ("81.00", {}),
    ],
)
def test_the_fewest_items_that_fit_to_the_cent(amount, parts):
    claims = [a_claim(1, "80.00", 1), a_claim(2, "50.00", 9, "1.00"), a_claim(3, "-20.00")]
    assert spread(fitting, amount, *claims) == parts


@pytest.mark.parametrize(
    ("paid", "skonto"),
    [("98.00", "2.00"), ("99.00", "1.00"), ("100.00", "0"), ("97.99", "0"), ("0", "0")],
)
def test_skonto_settles_what_is_missing_or_is_not_taken(paid, skonto):
    assert str(skonto_taken(a_claim(1, "100.00", skonto="2.00"), Decimal(paid))) == skonto


money = st.decimals("-999.99", "999.99", places=2)
claims = st.lists(st.tuples(money.filter(bool), st.integers(1, 28), st.integers(0, 5)), max_size=8)


@given(money.filter(bool), claims, st.sampled_from([oldest_first, fitting]))
def test_never_more_is_spread_than_there_is_or_than_is_open(amount, rows, suggest):
    found = {
        pk: a_claim(
            pk, value, day, max(Decimal(0), value * percent / 100).quantize(Decimal("0.01"))
        )
        for pk, (value, day, percent) in enumerate(rows)
    }
    parts = suggest(amount, found.values())
    total = sum(parts.values())
    assert abs(total) <= abs(amount)
    assert suggest is oldest_first or not parts or total == amount
    for pk, part in parts.items():
        assert part * found[pk].open >= 0
        assert abs(part) <= abs(found[pk].open)
