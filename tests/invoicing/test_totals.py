"""Totals: every cent, on lines that people write and on lines that nobody would."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from invoicing.totals import AdjustmentInput, LineInput, compute

NINETEEN = Decimal(19)


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


def adjusted(*lines, prices_gross=False, **adjustment):
    adjustment = {
        name: Decimal(value) if name in ("percent", "amount", "rate") else value
        for name, value in adjustment.items()
    }
    return compute(lines, [AdjustmentInput(**adjustment)], prices_gross=prices_gross)


def test_a_surcharge_on_a_line_is_a_discount_below_zero():
    one = LineInput(
        quantity=Decimal(2), unit_price=Decimal(50), discount_amount=Decimal("-7.50"), rate=NINETEEN
    )
    totals = compute([one])
    assert (totals.lines[0].discount, totals.net) == (Decimal("-7.50"), Decimal("107.50"))


def test_a_discount_in_percent_is_taken_from_every_rate():
    totals = adjusted(line("1", "100"), line("1", "50", "7"), percent="10")

    assert [(part.rate, part.amount, part.base) for part in totals.adjustments] == [
        (Decimal(19), Decimal("10.00"), Decimal("100.00")),
        (Decimal(7), Decimal("5.00"), Decimal("50.00")),
    ]
    assert (totals.line_total, totals.allowances, totals.net) == (
        Decimal("150.00"),
        Decimal("15.00"),
        Decimal("135.00"),
    )
    assert totals.vat == Decimal("17.10") + Decimal("3.15")


def test_a_fixed_discount_is_spread_without_losing_a_cent():
    totals = adjusted(line("1", "100"), line("1", "100", "7"), line("1", "100", "0"), amount="10")
    shares = [part.amount for part in totals.adjustments]
    assert shares == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


def test_freight_belongs_to_its_own_rate():
    totals = adjusted(line("1", "100", "7"), charge=True, amount="5", category="S", rate="19")
    assert [(group.rate, group.base, group.tax) for group in totals.groups] == [
        (Decimal(19), Decimal("5.00"), Decimal("0.95")),
        (Decimal(7), Decimal("100.00"), Decimal("7.00")),
    ]
    assert (totals.charges, totals.gross) == (Decimal("5.00"), Decimal("112.95"))


def test_gross_prices_are_what_the_customer_pays():
    totals = compute([line("3", "9.99")] * 3, prices_gross=True)

    assert totals.payable == Decimal("89.91")
    assert [amounts.shown for amounts in totals.lines] == [Decimal("29.97")] * 3
    assert totals.net == Decimal("75.55")  # 89.91 / 1.19, taken out of the sum once
    assert sum(amounts.net for amounts in totals.lines) == totals.net
    assert totals.gross + totals.rounding == totals.payable


def test_a_cent_that_no_net_price_can_reach_is_the_rounding():
    totals = compute([line("1", "0.03")], prices_gross=True)
    assert (totals.net, totals.vat, totals.rounding) == (
        Decimal("0.03"),
        Decimal("0.01"),
        Decimal("-0.01"),
    )


ADJUSTMENTS = st.lists(
    st.one_of(
        st.builds(
            AdjustmentInput,
            charge=st.booleans(),
            percent=st.decimals("0", "100", places=2),
        ),
        st.builds(
            AdjustmentInput,
            charge=st.booleans(),
            amount=st.decimals("0", "999", places=2),
            category=st.sampled_from([None, "S"]),
            rate=st.sampled_from([Decimal("19.00"), Decimal("7.00")]),
        ),
    ),
    max_size=4,
)


@given(LINES, ADJUSTMENTS, st.booleans())
def test_every_sum_of_the_standard_holds(lines, adjustments, prices_gross):
    totals = compute(lines, adjustments, prices_gross=prices_gross)

    assert totals.line_total == sum((one.net for one in totals.lines), Decimal(0))
    assert totals.net == totals.line_total - totals.allowances + totals.charges
    assert totals.net == sum((group.base for group in totals.groups), Decimal(0))
    assert totals.gross == totals.net + totals.vat
    assert totals.payable == totals.gross + totals.rounding
    for one in totals.lines:
        assert one.base - one.discount == one.net
    if prices_gross:
        groups = max(len(totals.groups), 1)
        assert abs(totals.rounding) <= Decimal("0.01") * groups
    else:
        assert totals.rounding == 0
