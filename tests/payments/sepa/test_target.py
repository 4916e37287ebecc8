"""On which days banks in Europe settle."""

import datetime

import pytest

from payments.sepa import target


def day(text):
    return datetime.datetime.strptime(text, "%d.%m.%Y").date()


@pytest.mark.parametrize(
    "closed",
    [
        "01.01.2026",
        "03.04.2026",  # Good Friday
        "06.04.2026",  # Easter Monday
        "01.05.2026",
        "25.12.2026",
        "26.12.2026",
        "09.05.2026",  # Saturday
        "10.05.2026",
        "29.03.2024",
        "01.04.2024",
    ],
)
def test_banks_are_closed_on_weekends_and_six_holidays(closed):
    assert not target.is_open(day(closed))


@pytest.mark.parametrize(
    "workday",
    [
        "24.12.2026",
        "14.05.2026",  # Ascension: a holiday in Germany, not of TARGET
        "03.10.2025",
        "25.05.2026",
        "02.04.2026",
        "31.12.2026",
    ],
)
def test_banks_are_open_on_the_holidays_of_one_country(workday):
    assert target.is_open(day(workday))


def test_a_closed_day_becomes_the_next_open_one():
    assert target.on_or_after(day("03.04.2026")) == day("07.04.2026")
    assert target.on_or_after(day("25.12.2026")) == day("28.12.2026")
    assert target.on_or_after(day("07.04.2026")) == day("07.04.2026")


def test_settling_days_are_counted_over_closed_ones():
    assert target.after(day("02.04.2026"), 1) == day("07.04.2026")
    assert target.after(day("30.04.2026"), 2) == day("05.05.2026")
    assert target.after(day("31.12.2026"), 1) == day("04.01.2027")
