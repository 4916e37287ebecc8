from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.einvoice.skonto import Discount, read, write

discounts = st.builds(
    Discount,
    days=st.integers(min_value=0, max_value=9999),
    percent=st.decimals(min_value=0, max_value=100, places=2),
    base=st.none() | st.decimals(min_value=-99999, max_value=99999, places=2),
)


def test_steps_are_written_as_xrechnung_wants_them():
    steps = [
        Discount(days=7, percent=Decimal(3)),
        Discount(days=14, percent=Decimal("2.5"), base=Decimal(100)),
    ]

    assert write(steps) == (
        "#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.50#BASISBETRAG=100.00#\n"
    )


@given(st.lists(discounts, max_size=3).map(tuple))
def test_what_is_written_is_read_back(steps):
    assert read(write(steps)) == steps
    assert read(write(steps) + "Zahlbar bis 03.06.2026 ohne Abzug.") == steps


@pytest.mark.parametrize(
    "step",
    [
        Discount(days=-1, percent=Decimal(2)),
        Discount(days=10_000, percent=Decimal(2)),
        Discount(days=7, percent=Decimal("2.005")),
        Discount(days=7, percent=Decimal(-1)),
        Discount(days=7, percent=Decimal("NaN")),
        Discount(days=7, percent=Decimal(2), base=Decimal("1.001")),
    ],
)
def test_what_the_syntax_cannot_say_is_refused(step):
    with pytest.raises(ValueError, match="Skonto"):
        write([step])


@pytest.mark.parametrize(
    "line",
    ["#SKONTO#TAGE=7#PROZENT=2#", "#SKONTO#TAGE=7#PROZENT=2,00#", "#skonto#TAGE=7#PROZENT=2.00#"],
)
def test_a_line_that_is_almost_a_step_is_refused(line):
    with pytest.raises(ValueError, match="keine Skontostufe"):
        read(line)
