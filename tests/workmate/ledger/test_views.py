import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from tests.books import a_claim, books, signed_in
from workmate.ledger.models import Entry, Period
from workmate.ledger.periods import lock_period
from workmate.ledger.reports import total, trial_balance

pytestmark = pytest.mark.django_db
TODAY = localdate()
THIS = TODAY.replace(day=1)
LAST = (THIS - datetime.timedelta(days=1)).replace(day=1)
PAGES = ["/berichte/", "/berichte/journal/", "/berichte/konten/1400/", "/einstellungen/perioden/"]


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def test_the_trial_balance_opens_moves_and_closes():
    user = books()
    a_claim("100.00", by=user, on=LAST)
    a_claim("19.00", by=user, on=THIS)
    a_claim("-4.00", by=user, on=THIS)
    rows = {row.number: row for row in trial_balance(THIS, TODAY)}
    found = rows["1400"]
    assert [str(x) for x in (found.opening, found.debit, found.credit, found.closing)] == [
        "100.00",
        "19.00",
        "4.00",
        "115.00",
    ]
    sums = total(list(rows.values()))
    assert (sums.opening, sums.debit - sums.credit, sums.closing) == (0, 0, 0)


def test_revenue_and_expenses_begin_each_year_at_zero():
    user = books()
    for day in (datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)):
        a_claim("10.00", by=user, on=day)
    rows = trial_balance(datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    assert [(row.number, row.name[:8], str(row.opening)) for row in rows] == [
        ("1400", "Forderun", "20.00"),
        ("2400", "Forderun", "-10.00"),
        ("", "Ergebnis", "-10.00"),
    ]
    assert total(rows).closing == 0


def test_the_trial_balance_takes_two_queries(django_assert_num_queries):
    user = books()
    a_claim("100.00", by=user)
    with django_assert_num_queries(2):
        trial_balance(LAST, TODAY)


def test_the_books_can_be_read():
    user = books()
    a_claim("1234.50", by=user, on=THIS, number="RE-7")
    client = signed_in("Steuerberatung")
    assert "1.234,50" in text(client.get("/berichte/", {"von": f"{THIS}", "bis": f"{TODAY}"}))
    assert "Der letzte Tag liegt vor dem ersten" in text(
        client.get("/berichte/", {"von": f"{TODAY}", "bis": "01.01.2020"})
    )
    export = client.get("/berichte/", {"export": "csv"})
    assert b"1234,50" in b"".join(export.streaming_content)
    assert "1.234,50" in text(client.get("/berichte/journal/"))
    sheet = text(client.get("/berichte/konten/1400/"))
    assert "1400 Forderungen aus Lieferungen und Leistungen" in sheet
    assert "Saldo 1.234,50 €" in sheet
    entry = Entry.objects.get()
    assert "RE-7" in text(client.get(f"/berichte/journal/{entry.pk}/"))
    assert client.get("/berichte/konten/4711/").status_code == 404


@pytest.mark.parametrize("page", PAGES[1:3])
def test_a_list_takes_as_many_queries_for_three_entries_as_for_one(page):
    user = books()
    client = signed_in()
    a_claim("1.00", by=user)
    client.get(page)
    with CaptureQueriesContext(connection) as first:
        client.get(page)
    for _ in range(3):
        a_claim("1.00", by=user)
    with CaptureQueriesContext(connection) as later:
        client.get(page)
    assert len(first) == len(later)


def test_a_month_is_locked_after_its_consequences_were_shown():
    user = books()
    a_claim("1.00", by=user, on=LAST)
    a_claim("1.00", by=user, on=LAST - datetime.timedelta(days=40))
    client = signed_in()
    address = f"/einstellungen/perioden/{LAST:%Y-%m}/sperre/"
    assert address in text(client.get("/einstellungen/perioden/"))
    page = text(client.get(address))
    assert ": 1; in offenen Monaten davor, die mit gesperrt werden: 1." in page
    client.post(address)
    assert Period.objects.locked_until() == THIS - datetime.timedelta(days=1)
    answer = client.get("/einstellungen/perioden/")
    assert [bool(month.locked_at) for month in answer.context["months"]][:3] == [False, True, True]
    assert address not in text(answer)


def test_the_running_month_is_not_locked():
    books()
    address = f"/einstellungen/perioden/{THIS:%Y-%m}/sperre/"
    answer = signed_in().post(address, HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
    assert not Period.objects.locked_until()


def test_a_month_is_opened_with_a_reason():
    period = lock_period(LAST, by=books(), on=TODAY)
    client = signed_in()
    address = f"/einstellungen/perioden/{period.pk}/freigabe/"
    assert "Sprechen Sie das mit der Steuerberatung ab" in text(client.get(address))
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Beleg vergessen"})
    assert Period.objects.locked_until() is None


@pytest.mark.parametrize("role", ["Mitarbeit", "", "Steuerberatung"])
def test_who_may_not_lock_does_not(role):
    period = lock_period(LAST, by=books(), on=TODAY)
    client = signed_in(role)
    for page in PAGES:
        assert client.get(page).status_code == (200 if role == "Steuerberatung" else 403)
    for address in (
        f"/einstellungen/perioden/{LAST:%Y-%m}/sperre/",
        f"/einstellungen/perioden/{period.pk}/freigabe/",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "x"}).status_code == 403
