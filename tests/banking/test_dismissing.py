"""A booking that is no payment is set aside, and posted where an account is named."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from banking import errors
from banking.dismissing import ignore, unignore
from banking.models import Dismissal
from tests.banking.bank import a_transaction, an_account
from tests.books import books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import roles
from workmate.ledger import charts
from workmate.ledger.models import Account, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def row(user):
    return a_transaction(an_account(user), "-9.90", "Kontoführung", by=user)


def on(account):
    return sum((line.amount for line in Line.objects.filter(account=account)), Decimal(0))


def test_a_fee_is_posted_and_taken_back(row, user):
    fees = charts.account("fees")
    ignore(row, "Kontoführung", account=fees, by=user)
    bank = row.account.money_account.account
    assert (on(fees), on(bank)) == (Decimal("9.90"), Decimal("-9.90"))
    unignore(row, by=user)
    assert (on(fees), on(bank)) == (0, 0)
    ignore(row, "Kontoführung", account=fees, by=user)
    assert on(fees) == Decimal("9.90")


def test_without_an_account_nothing_is_posted(row, user):
    assert ignore(row, "Wird anders gebucht", by=user).entry is None
    assert not Line.objects.exists()


@pytest.mark.parametrize("purpose", ["bank", "receivables", "transit"])
def test_accounts_that_the_books_use_themselves_are_refused(row, user, purpose):
    with raises_problem(errors.ACCOUNT_NOT_FOR_BANK):
        ignore(row, "Versehen", account=charts.account(purpose), by=user)
    assert not Dismissal.objects.exists()


def test_accounts_of_money_and_vat_are_not_offered(row):
    offered = set(Account.objects.for_bank().values_list("number", flat=True))
    assert {"4970", "1780", "1800"} <= offered
    assert offered.isdisjoint({"1200", "1400", "1576", "1776", "8400", "9000"})


def test_the_screen_posts_to_the_chosen_account(row, user, client):
    client.force_login(user)
    fees = charts.account("fees")
    assert "Nebenkosten des Geldverkehrs" in client.get(reverse("banking:reconcile")).text
    body = {"reason": "Kontoführung", "booked_to": fees.pk}
    client.post(reverse("banking:dismissal", args=[row.pk]), body)
    assert on(fees) == Decimal("9.90")


def test_the_api_posts_to_the_numbered_account(row, user, client):
    client.force_login(user)
    fees = charts.account("fees")
    body = {"reason": "Kontoführung", "account": fees.number}
    answer = client.post(
        f"/api/v1/transactions/{row.pk}/dismissal/", body, content_type="application/json"
    )
    assert answer.json()["entry"] == Dismissal.objects.get().entry_id
    assert on(fees) == Decimal("9.90")


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_post_once():
    user = books()
    row = a_transaction(an_account(user), "-9.90", "Kontoführung", by=user)
    fees = charts.account("fees")
    results = at_once(lambda _: ignore(row, "Kontoführung", account=fees, by=user), 4)
    assert sum(isinstance(result, Dismissal) for result in results) == 1
    assert on(fees) == Decimal("9.90")
