"""A rule decides what its words say, after the invoices and never against what a person did."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from banking.models import BankRule, Dismissal, Match, Transaction
from banking.running import match_all
from tests.banking.bank import PAYER, a_transaction, an_account
from tests.books import a_claim, books
from workmate import roles
from workmate.ledger import charts
from workmate.ledger.models import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


def a_rule(user, **marks):
    return BankRule.objects.create(name="Gebühren", created_by=user, **marks)


def test_a_rule_posts_what_it_says(account, user):
    fees = charts.account("fees")
    a_rule(user, contains="kontoführung", account=fees)
    a_transaction(account, "-9.90", "Kontoführung November", by=user)
    assert match_all(account, by=user)["matched"] == 1
    assert Line.objects.get(account=fees).amount == Decimal("9.90")
    assert Dismissal.objects.get().reason == "Gebühren (Regel)"


@pytest.mark.parametrize(
    ("marks", "fits"),
    [
        ({"contains": "führung"}, True),
        ({"contains": "Miete"}, False),
        ({"pattern": "konto.*(november|dezember)"}, True),
        ({"pattern": "^november"}, False),
        ({"iban": PAYER}, True),
        ({"iban": PAYER, "contains": "Miete"}, False),
        ({"contains": "führung", "direction": "out"}, True),
        ({"contains": "führung", "direction": "in"}, False),
        ({"contains": "führung", "is_active": False}, False),
        ({"contains": "%"}, False),
    ],
)
def test_all_marks_must_be_there(account, user, marks, fits):
    a_rule(user, **marks)
    a_transaction(account, "-9.90", "Kontoführung November", by=user, iban=PAYER)
    assert match_all(account, by=user)["matched"] == fits


def test_the_smaller_rank_decides(account, user):
    a_rule(user, contains="Konto", rank=50)
    BankRule.objects.create(name="Zuerst", contains="Konto", rank=10, created_by=user)
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    match_all(account, by=user)
    assert Dismissal.objects.get().reason == "Zuerst (Regel)"


def test_an_invoice_without_doubt_comes_first(account, user):
    a_rule(user, contains="RE-2026")
    a_claim("119.00", by=user, number="RE-2026-0001")
    a_transaction(account, "119.00", "RE-2026-0001", by=user)
    match_all(account, by=user)
    assert Match.objects.count() == 1


@pytest.mark.parametrize("pattern", ["(", "a{9999999}", "["])
def test_a_broken_pattern_is_refused_and_kept_in_the_form(account, user, client, pattern):
    client.force_login(user)
    body = {"name": "Kaputt", "rank": "1", "direction": "any", "pattern": pattern}
    answer = client.post(reverse("banking:rule_new"), body)
    assert answer.status_code == 422
    assert "nicht lesbar" in answer.text
    assert not BankRule.objects.exists()


def test_a_broken_rule_stops_no_run(account, user):
    a_rule(user, pattern="(")
    a_claim("119.00", by=user, number="RE-2026-0001")
    a_transaction(account, "119.00", "RE-2026-0001", by=user)
    assert match_all(account, by=user)["matched"] == 1


def test_a_trial_shows_what_a_rule_would_decide_and_saves_nothing(account, user, client):
    a_transaction(account, "-9.90", "Kontoführung November", by=user)
    client.force_login(user)
    body = {"name": "Gebühren", "rank": "1", "direction": "any", "contains": "konto"}
    page = client.post(reverse("banking:rule_new"), body | {"testlauf": "1"}).text
    assert "würde 1 offenen Umsatz entscheiden" in page
    assert not BankRule.objects.exists()
    client.post(reverse("banking:rule_new"), body | {"is_active": "on"})
    assert "Gebühren" in client.get(reverse("banking:rules")).text
    assert Transaction.objects.open().exists()


def test_a_rule_without_marks_is_refused(account, user, client):
    client.force_login(user)
    body = {"name": "Alles", "rank": "1", "direction": "any"}
    answer = client.post(reverse("banking:rule_new"), body)
    assert answer.status_code == 422
    assert "Nennen Sie einen Text" in answer.text
