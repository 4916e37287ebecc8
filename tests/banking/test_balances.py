"""The balance over time: reckoned from what the bank reported, or from the opening balance."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banking.balances import Evening, chart, evenings, month_ends
from banking.opening import post_opening
from tests.banking.bank import a_transaction, an_account, take_in
from tests.banking.statements import ing
from tests.books import books, signed_in

UNTIL = date(2026, 11, 26)
RENT = ("01.09.2026", "Vermieter", "Miete", -90_000)
FEE = ("15.09.2026", "Kunde", "RE 1", 119_050)
COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)


def said(found):
    return [(f"{one.on:%d.%m.}", str(one.balance)) for one in found]


@pytest.mark.django_db
def test_evenings_go_back_from_what_the_bank_reported_and_on_with_later_bookings():
    user = books()
    account = an_account(user)
    assert evenings(account, until=UNTIL) == []
    take_in(account, ing([COFFEE, FEE, RENT], opening=100_000), user)
    a_transaction(account, "-10", "Gebühr", by=user, day="05.10.26")
    a_transaction(account, "-99", "vorgemerkt", by=user, day="06.10.26", info="Umsatz vorgemerkt")
    account.refresh_from_db()
    assert said(evenings(account, until=UNTIL)) == [
        ("31.08.", "1000.00"),
        ("01.09.", "100.00"),
        ("15.09.", "1290.50"),
        ("28.09.", "1286.00"),
        ("05.10.", "1276.00"),
    ]
    assert said(evenings(account, until=date(2027, 9, 20))) == [
        ("27.09.", "1290.50"),
        ("28.09.", "1286.00"),
        ("05.10.", "1276.00"),
    ]


@pytest.mark.django_db
def test_without_a_reported_balance_the_opening_balance_tells():
    user = books()
    account = post_opening(an_account(user), Decimal("500.00"), on=date(2026, 10, 1), by=user)
    a_transaction(account, "-10", "Gebühr", by=user, day="05.10.26")
    assert said(evenings(account, until=UNTIL)) == [("04.10.", "500.00"), ("05.10.", "490.00")]


def test_months_end_with_their_last_balance_and_the_last_with_its_day():
    found = [
        Evening(date(2026, 9, 14), Decimal(1)),
        Evening(date(2026, 9, 15), Decimal(2)),
        Evening(date(2026, 10, 5), Decimal(3)),
    ]
    assert said(month_ends(found)) == [("05.10.", "3"), ("30.09.", "2")]


def test_the_line_steps_where_the_balance_changed_and_knows_debts():
    found = [
        Evening(date(2026, 9, 1), Decimal(100)),
        Evening(date(2026, 9, 11), Decimal(-100)),
        Evening(date(2026, 9, 21), Decimal(0)),
    ]
    drawn = chart(found)
    assert drawn.path == "M48 14H384V170H720V92"
    assert (drawn.zero, [line.amount for line in drawn.grid]) == (92, [100, -100])
    assert chart(found[:1]) is None


@pytest.mark.django_db
def test_the_page_shows_it_and_asks_as_often_for_more_days():
    user = books()
    account = an_account(user)
    pages = signed_in()
    take_in(account, ing([FEE, RENT]), user)
    pages.get(account.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        text = pages.get(account.get_absolute_url()).text
    assert "Kontostand in den letzten zwölf Monaten" in text
    take_in(account, ing([COFFEE]), user)
    with CaptureQueriesContext(connection) as more:
        pages.get(account.get_absolute_url())
    assert len(more) == len(few)
