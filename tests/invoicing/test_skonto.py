"""Skonto as people type it, as the database keeps it, and what it comes to."""

import datetime
from decimal import Decimal

import pytest

from invoicing import skonto
from invoicing.skonto import Step


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("2 % in 7 Tagen", (Step(7, Decimal(2)),)),
        ("2,5% bis 10 Tage", (Step(10, Decimal("2.5")),)),
        ("3/7 2/14", (Step(7, Decimal(3)), Step(14, Decimal(2)))),
        ("1 % in 14 Tagen, 2 % in 7 Tagen", (Step(7, Decimal(2)), Step(14, Decimal(1)))),
    ],
)
def test_steps_are_read_as_people_write_them(text, found):
    assert skonto.parse(text) == found


@pytest.mark.parametrize("text", ["sieben Tage", "2 %", "2 % in 7 Tagen und dann"])
def test_what_is_no_step_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="Schreiben Sie Skonto so"):
        skonto.parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2/7 2/14", "Wer früher zahlt"),
        ("1/7 2/14", "Wer früher zahlt"),
        ("3/7 2/7", "zwei Sätze"),
        ("0/7", "mehr als 0 %"),
        ("100/7", "weniger als 100 %"),
        ("2/400", "höchstens 365 Tage"),
        ("4/7 3/14 2/21 1/28", "Höchstens 3 Stufen"),
    ],
)
def test_steps_that_make_no_sense_are_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        skonto.parse(text)


def test_what_is_written_is_read_again():
    steps = (Step(7, Decimal("2.50")), Step(14, Decimal("1.00")))
    assert skonto.write(steps) == "2,5 % in 7 Tagen, 1 % in 14 Tagen"
    assert skonto.parse(skonto.write(steps)) == steps
    assert skonto.steps(skonto.to_json(steps)) == steps


def test_a_step_knows_its_last_day_and_its_amount():
    step = Step(14, Decimal("2.00"))
    assert step.until(datetime.date(2026, 5, 4)) == datetime.date(2026, 5, 18)
    assert step.amount(Decimal("1190.25")) == Decimal("23.81")
