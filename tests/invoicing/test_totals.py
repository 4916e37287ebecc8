"""Totals: every cent, on lines that people write and on lines that nobody would."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from invoicing.totals import LineInput, compute


def line(quantity: str, price: str, rate: str = "19", discount: str = "0") -> LineInput:
    return LineInput(
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        rate=Decimal(rate),
        discount_percent=Decimal(discount),
    )


def test_thirds_of_a_cent_are_rounded_once_per_line():
    totals = compute([line("0.33", "9.99")] * 3)

    assert [amount.net for amount in totals.lines] == [Decimal("3.30")] * 3
    assert (totals.net, totals.vat, totals.gross) == (
        Decimal("9.90"),
        Decimal("1.88"),
        Decimal("11.78"),
    )


def test_vat_is_computed_per_rate_on_the_sum_of_its_lines():
    totals = compute(
        [line("1", "0.10"), line("1", "0.10"), line("1", "0.10"), line("1", "10", "7")]
    )

    assert [(group.rate, group.base, group.tax) for group in totals.groups] == [
        (Decimal(19), Decimal("0.30"), Decimal("0.06")),
        (Decimal(7), Decimal("10.00"), Decimal("0.70")),
    ]


def test_half_a_cent_goes_up_and_below_zero_down():
    assert compute([line("1", "0.125")]).net == Decimal("0.13")
    assert compute([line("-1", "0.125")]).net == Decimal("-0.13")


def test_a_discount_is_an_amount_of_its_own():
    (amounts,) = compute([line("3", "33.33", discount="2.5")]).lines

    assert (amounts.base, amounts.discount, amounts.net) == (
        Decimal("99.99"),
        Decimal("2.50"),
        Decimal("97.49"),
    )


def test_the_same_rate_in_two_categories_stays_apart():
    zero = LineInput(quantity=Decimal(1), unit_price=Decimal(50), category="K", rate=Decimal(0))
    export = LineInput(quantity=Decimal(1), unit_price=Decimal(70), category="G", rate=Decimal(0))

    assert {group.category: group.base for group in compute([zero, export]).groups} == {
        "K": Decimal("50.00"),
        "G": Decimal("70.00"),
    }


def test_no_lines_are_zero():
    totals = compute([])
    assert (totals.net, totals.vat, totals.gross) == (
        Decimal("0.00"),
        Decimal("0.00"),
        Decimal("0.00"),
    )


LINES = st.lists(
    st.builds(
        LineInput,
        quantity=st.decimals("-9999", "9999", places=4),
        unit_price=st.decimals("0", "99999", places=8),
        discount_percent=st.decimals("0", "100", places=2),
        rate=st.sampled_from([Decimal("19.00"), Decimal("7.00"), Decimal("0.00")]),
    ),
    max_size=30,
)


@given(LINES)
def test_totals_add_up_to_the_cent_and_a_mirrored_document_takes_all_back(lines):
    totals = compute(lines)
    mirrored = compute(
        [
            LineInput(
                quantity=-one.quantity,
                unit_price=one.unit_price,
                discount_percent=one.discount_percent,
                rate=one.rate,
            )
            for one in lines
        ]
    )

    assert totals.net == sum((amount.net for amount in totals.lines), Decimal(0))
    assert totals.net == sum((group.base for group in totals.groups), Decimal(0))
    assert totals.vat == sum((group.tax for group in totals.groups), Decimal(0))
    assert totals.gross == totals.net + totals.vat
    assert (mirrored.net, mirrored.vat) == (-totals.net, -totals.vat)
    for amount in (totals.net, totals.vat, totals.gross):
        assert amount == amount.quantize(Decimal("0.01"))
