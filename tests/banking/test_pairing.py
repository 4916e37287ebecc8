"""Money moved between two accounts of ours is booked once, through transit, and can be parted."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from banking import errors
from banking.accounts import open_account
from banking.dismissing import unignore
from banking.models import OwnTransfer, Transaction
from banking.pairing import pair, possible
from banking.reconciling import propose
from banking.running import match_all
from tests.banking.bank import IBAN, a_transaction, an_account, take_in
from tests.books import a_claim, books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import roles
from workmate.ledger.models import Line, MoneyAccount

pytestmark = pytest.mark.django_db
SAVINGS = "DE02120300000000202051"


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


def both_sides(user, *, out="-500.00", into="500.00", day="07.10.26", iban=SAVINGS):
    giro = an_account(user)
    savings = an_account(user, iban=SAVINGS, name="Tagesgeld")
    first = a_transaction(giro, out, "Rücklage", by=user, iban=iban)
    return first, a_transaction(savings, into, "Rücklage", by=user, day=day)


def on_the_books(row):
    lines = Line.objects.filter(account=row.account.money_account.account)
    return sum((line.amount for line in lines), Decimal(0))


def test_both_sides_are_found_and_booked_on_their_days(user):
    first, second = both_sides(user)
    assert match_all(None, by=user)["matched"] == 1
    assert (on_the_books(first), on_the_books(second)) == (-500, 500)
    made = OwnTransfer.objects.get()
    assert [entry.booked_on.day for entry in (made.left, made.entered)] == [5, 7]
    assert not Transaction.objects.open().exists()


@pytest.mark.parametrize("at", [0, 1])
def test_bringing_one_side_back_parts_both(user, at):
    rows = both_sides(user)
    pair(*rows, by=user)
    unignore(rows[at], by=user)
    assert [on_the_books(row) for row in rows] == [0, 0]
    assert Transaction.objects.open().count() == 2
    pair(*reversed(rows), by=user)
    assert [on_the_books(row) for row in rows] == [-500, 500]


@pytest.mark.parametrize(
    "change", [{"iban": ""}, {"into": "499.99"}, {"day": "20.10.26"}, {"out": "500.00"}]
)
def test_what_leaves_a_doubt_waits_for_a_person(user, change):
    rows = both_sides(user, **change)
    match_all(None, by=user)
    assert not OwnTransfer.objects.exists()
    assert [on_the_books(row) for row in rows] == [0, 0]


def test_a_side_without_the_other_waits(user):
    giro = an_account(user)
    an_account(user, iban=SAVINGS, name="Tagesgeld")
    row = a_transaction(giro, "-500.00", "Rücklage", by=user, iban=SAVINGS)
    assert match_all(None, by=user)["matched"] == 0
    assert possible(row) == []


def test_two_transfers_of_one_amount_are_for_a_person(user):
    first, second = both_sides(user)
    a_transaction(second.account, "500.00", "Noch eine", by=user, iban=IBAN)
    assert match_all(None, by=user)["matched"] == 0
    assert len(possible(first)) == 2


def test_what_does_not_fit_is_refused(user):
    first, second = both_sides(user, into="400.00")
    with raises_problem(errors.NOT_ONE_TRANSFER):
        pair(first, second, by=user)


def test_the_screen_books_a_transfer_and_undoes_it(user, client):
    first, second = both_sides(user, iban="")
    client.force_login(user)
    page = client.get(reverse("banking:reconcile"), {"umsatz": first.pk}).text
    assert "Umbuchung an Tagesgeld" in page
    client.post(reverse("banking:own_transfer", args=[first.pk]), {"umsatz": second.pk})
    assert on_the_books(second) == 500
    client.post(reverse("banking:dismissal_undo", args=[first.pk]))
    assert on_the_books(second) == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_book_one_transfer():
    user = books()
    rows = both_sides(user)
    results = at_once(lambda at: pair(*(rows if at % 2 else rows[::-1]), by=user), 4)
    assert sum(isinstance(result, OwnTransfer) for result in results) == 1
    assert on_the_books(rows[1]) == 500


def test_the_api_books_a_transfer_and_parts_it(user, client):
    first, second = both_sides(user)
    client.force_login(user)
    address = f"/api/v1/transactions/{second.pk}/own-transfer/"
    answer = client.post(address, {"other": first.pk}, content_type="application/json")
    assert (answer.json()["out"], answer.json()["into"]) == (first.pk, second.pk)
    client.delete(f"/api/v1/transactions/{first.pk}/dismissal/")
    assert on_the_books(second) == 0


PAYPAL_HEAD = (
    "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto,Transaktionscode,"
    "Zugehöriger Transaktionscode,Betreff,Hinweis,Rechnungsnummer,Guthaben"
)
SALE = (
    '04.10.2026,10:00:00,CEST,Kundig,Zahlung,Abgeschlossen,EUR,"100,00","-2,84","97,16",'
    'T1,,,,RE-1,"{}"'
)
PAYOUT = (
    '05.10.2026,11:00:00,CEST,,Von Nutzer eingeleitete Abbuchung,Abgeschlossen,EUR,"-97,16",'
    '"0,00","-97,16",T2,,,,,"0,00"'
)


def paypal_sides(user, *, text="PP.1234.PP ABBUCHUNG VOM PAYPAL-KONTO", balance="97,16"):
    giro = an_account(user)
    paypal = open_account("PayPal", iban_text="", kind=MoneyAccount.Kind.CARD, by=user)
    data = "\n".join([PAYPAL_HEAD, SALE.format(balance), PAYOUT, ""]).encode("utf-8-sig")
    imported = take_in(paypal, data, user)
    name = "PayPal Europe S.a.r.l. et Cie S.C.A"
    row = a_transaction(giro, "97.16", text, by=user, name=name, day="07.10.26")
    return row, imported


def test_a_payout_of_paypal_is_an_own_transfer_and_its_balance_agrees(user):
    row, imported = paypal_sides(user)
    assert (imported.balance_check, imported.closing_balance) == ("ok", 0)
    match_all(None, by=user)
    row.refresh_from_db()
    assert (row.state, row.kind) == ("dismissed", "transfer")
    assert row.dismissal.reason == "Umbuchung PayPal an Geschäftskonto"
    assert on_the_books(row) == Decimal("97.16")


def test_a_balance_of_paypal_that_does_not_follow_is_told(user):
    assert paypal_sides(user, balance="96,16")[1].balance_check == "differs"


@pytest.mark.parametrize(
    "text", ["PP.1234.PP ABBUCHUNG VOM PAYPAL-KONTO", "SumUp PID1234 Auszahlung"]
)
def test_a_payout_without_its_account_is_no_payment_of_an_invoice(user, text):
    giro = an_account(user)
    a_claim("97.16", by=user)
    row = a_transaction(giro, "97.16", text, by=user)
    match_all(None, by=user)
    row.refresh_from_db()
    assert row.state == "open"
    assert not [one for one in propose(row) if not one.against]
