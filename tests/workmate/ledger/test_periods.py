import datetime

import pytest

from tests.books import DAY, a_claim, books
from tests.problems import raises_problem
from workmate.ledger import errors
from workmate.ledger.models import Period
from workmate.ledger.periods import lock_period, months, unlock_period
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 7, 10)


def test_locking_a_month_is_audited():
    user = books()
    period = lock_period(DAY, by=user, on=TODAY)
    assert (str(period), period.end, period.locked_by) == ("05/2026", DAY.replace(day=31), user)
    event = AuditEvent.objects.get(event="period.locked")
    assert (event.actor, event.payload) == (user, {"until": "2026-05-31"})


def test_a_month_that_is_not_over_stays_open():
    with raises_problem(errors.PERIOD_NOT_OVER):
        lock_period(TODAY, by=books(), on=TODAY)


def test_a_locked_month_or_one_before_it_cannot_be_locked_again():
    user = books()
    lock_period(DAY, by=user, on=TODAY)
    for day in (DAY, DAY.replace(month=4)):
        with raises_problem(errors.ALREADY_LOCKED):
            lock_period(day, by=user, on=TODAY)


def test_only_the_last_locked_month_is_opened_and_the_reason_is_kept():
    user = books()
    may = lock_period(DAY, by=user, on=TODAY)
    june = lock_period(DAY.replace(month=6), by=user, on=TODAY)
    with raises_problem(errors.NOT_LAST_LOCKED):
        unlock_period(may, by=user, reason="Beleg vergessen")
    with raises_problem(errors.REASON_MISSING):
        unlock_period(june, by=user, reason=" ")
    unlock_period(june, by=user, reason="Beleg vergessen")
    assert Period.objects.locked_until() == DAY.replace(day=31)
    event = AuditEvent.objects.get(event="period.unlocked")
    assert event.payload == {"reason": "Beleg vergessen"}
    a_claim("1.00", by=user, on=datetime.date(2026, 6, 1))


def test_opening_a_month_leaves_those_locked_that_were_locked_with_it():
    user = books()
    a_claim("1.00", by=user, on=datetime.date(2026, 3, 31))
    may = lock_period(DAY, by=user, on=TODAY)
    unlock_period(may, by=user, reason="Beleg vergessen")
    assert Period.objects.locked_until() == datetime.date(2026, 4, 30)
    with raises_problem(errors.PERIOD_LOCKED):
        a_claim("1.00", by=user, on=datetime.date(2026, 4, 30))
    a_claim("1.00", by=user)


def test_an_open_month_cannot_be_opened():
    user = books()
    may = unlock_period(lock_period(DAY, by=user, on=TODAY), by=user, reason="Beleg vergessen")
    with raises_problem(errors.NOT_LAST_LOCKED):
        unlock_period(may, by=user, reason="noch einmal")


def test_the_months_reach_from_the_first_entry_to_today():
    user = books()
    a_claim("1.00", by=user)
    lock_period(DAY, by=user, on=TODAY)
    assert [(str(month), bool(month.locked_at)) for month in months(TODAY)] == [
        ("07/2026", False),
        ("06/2026", False),
        ("05/2026", True),
    ]
