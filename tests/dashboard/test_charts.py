"""Charts keep their proportions and their frame."""

import datetime
from decimal import Decimal

from dashboard.charts import bar_chart, spark_line, stacked
from dashboard.figures import Month
from dashboard.receivables import Age


def month(number: int, revenue: str, expenses: str = "0", before: str = "0") -> Month:
    return Month(
        datetime.date(2026, number, 1), Decimal(revenue), Decimal(expenses), Decimal(before)
    )


def test_bars_stand_on_zero_and_twice_the_amount_is_twice_as_high():
    chart = bar_chart([month(1, "1000"), month(2, "500")])
    (full,), (half,) = chart.groups[0].bars, chart.groups[1].bars
    assert full.y + full.height == half.y + half.height == chart.base
    assert full.height == 2 * half.height
    assert full.x < half.x


def test_no_bar_leaves_the_frame():
    chart = bar_chart([month(n, "987654.32", "123", "999999.99") for n in range(1, 13)])
    for group in chart.groups:
        for bar in group.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= chart.width
            assert bar.y >= 0


def test_an_amount_below_zero_has_no_bar():
    assert bar_chart([month(1, "-5", "3")]).groups[0].bars[0].css == "out"


def test_nothing_at_all_can_be_drawn():
    assert bar_chart([month(1, "0")]).groups[0].bars == ()
    assert spark_line([Decimal(1)]) == ""
    assert stacked([Age("nicht fällig", Decimal(0), None, None)]) == ()


def test_a_flat_line_is_drawn_flat():
    assert spark_line([Decimal(5)] * 3) == "M0 30L50 30L100 30"


def test_a_stacked_bar_fills_its_width():
    ages = [Age("a", Decimal(25), None, None), Age("b", Decimal(75), None, None)]
    first, second = stacked(ages)
    assert (first.x, first.width, second.x, second.width) == (0, 25, 25, 75)
