"""A rule decides what its words say, after the invoices and never against what a person did."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DataError, transaction
from django.urls import reverse

from banking import errors
from banking.models import BankRule, Dismissal, Match, Transaction
from banking.ruling import fitting
from banking.running import MATCHING, match_all
from tests.banking.bank import PAYER, a_transaction, an_account
from tests.books import a_claim, books
from tests.problems import raises_problem
from workmate import jobs, roles
from workmate.ledger import charts
from workmate.ledger.models import Line
from workmate.models import AuditEvent

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


def test_amounts_are_a_condition_without_a_sign(account, user):
    a_rule(user, contains="Miete", amount_from=Decimal("100.00"), amount_to=Decimal("200.00"))
    for amount in ("-99.99", "-100.00", "-200.00", "-200.01", "150.00"):
        a_transaction(account, amount, f"Miete {amount}", by=user)
    match_all(account, by=user)
    decided = Transaction.objects.dismissed().values_list("amount", flat=True)
    assert sorted(decided) == [Decimal("-200.00"), Decimal("-100.00"), Decimal("150.00")]


@pytest.mark.parametrize(
    ("first", "last"), [("-1", "5"), ("10,00", "9,99")], ids=["a sign", "the larger first"]
)
def test_amounts_that_no_booking_has_are_refused(account, user, client, first, last):
    client.force_login(user)
    body = {"name": "Miete", "rank": "1", "direction": "any", "contains": "Miete"}
    answer = client.post(
        reverse("banking:rule_new"), body | {"amount_from": first, "amount_to": last}
    )
    assert answer.status_code == 422
    assert "der kleinere zuerst" in answer.text


def test_a_rule_that_fails_says_so_until_it_works_again(account, user, client):
    rule = a_rule(user, pattern="(")
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    client.force_login(user)
    run = jobs.enqueue(MATCHING, by=user, params={})
    jobs.execute(run.pk)
    page = client.get(reverse("banking:run", args=[run.pk])).text
    assert "„Gebühren“: Der reguläre Ausdruck ist nicht lesbar." in page
    assert "gestört" in client.get(reverse("banking:rules")).text
    assert "nicht lesbar" in client.get(reverse("banking:rule", args=[rule.pk])).text
    BankRule.objects.update(pattern="konto")
    assert match_all(account, by=user)["broken_rules"] == []
    rule.refresh_from_db()
    assert (rule.problem, rule.problem_at) == ("", None)


def test_only_what_the_database_breaks_off_is_called_too_slow(account, user):
    rule = a_rule(user, pattern="konto")
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    cancelled = "pg_cancel_backend(pg_backend_pid()) AND pg_sleep(1) IS NOT NULL"
    with raises_problem(errors.PATTERN_TOO_SLOW):
        fitting(rule, Transaction.objects.extra(where=[cancelled]))
    gone = Transaction.objects.extra(where=["1 / (length(purpose) - length(purpose)) = 1"])
    with pytest.raises(DataError), transaction.atomic():
        fitting(rule, gone)


@pytest.mark.parametrize(
    ("words", "iban", "marks"),
    [
        ("Kontoführung November 2026", "", {"contains": "Kontoführung", "iban": ""}),
        ("Miete 11/2026 Lager", PAYER, {"contains": "", "iban": PAYER}),
    ],
)
def test_a_booking_becomes_a_rule(account, user, client, words, iban, marks):
    row = a_transaction(account, "-9.90", words, by=user, iban=iban)
    client.force_login(user)
    link = f"{reverse('banking:rule_new')}?umsatz={row.pk}"
    assert link in client.get(reverse("banking:transaction", args=[row.pk])).text
    assert link in client.get(reverse("banking:reconcile")).text
    form = client.get(link).context["form"]
    assert {name: form[name].value() for name in marks} == marks
    assert form["direction"].value() == "out"


def test_a_deleted_rule_leaves_what_it_decided(account, user, client):
    rule = a_rule(user, contains="Konto")
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    match_all(account, by=user)
    client.force_login(user)
    client.post(reverse("banking:rule_drop", args=[rule.pk]))
    assert not BankRule.objects.exists()
    assert Dismissal.objects.get().reason == "Gebühren (Regel)"


def test_who_matches_only_makes_no_rules(account, user, client):
    user.groups.clear()
    for name in ("reconcile_transaction", "view_bankrule", "view_transaction"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    row = a_transaction(account, "-9.90", "Kontoführung", by=user)
    client.force_login(user)
    assert "Regel daraus" not in client.get(reverse("banking:reconcile")).text
    assert client.get(f"{reverse('banking:rule_new')}?umsatz={row.pk}").status_code == 403
    assert client.post("/api/v1/bank-rules/", {"name": "X", "contains": "Y"}).status_code == 403


def test_the_api_keeps_rules(account, user, client):
    fees = charts.account("fees")
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    client.force_login(user)

    def send(method, address, body):
        path = f"/api/v1/bank-rules/{address}"
        return getattr(client, method)(path, body, content_type="application/json")

    body = {"name": "Gebühren", "contains": "konto", "account": fees.number}
    assert [row["purpose"] for row in send("post", "trials/", body).json()] == ["Kontoführung"]
    assert not BankRule.objects.exists()
    made = send("post", "", body).json()
    assert (made["account"], made["is_active"], made["rank"]) == (fees.number, True, 100)
    assert client.get("/api/v1/bank-rules/").json()["results"] == [made]
    changed = send("patch", f"{made['id']}/", {"amount_from": "10.00"}).json()
    assert changed == made | {"amount_from": "10.00"}
    assert send("patch", f"{made['id']}/", {"amount_to": "5.00"}).status_code == 422
    assert send("post", "", {"name": "Kaputt", "pattern": "("}).json()["code"] == "FINANCE_3065"
    assert send("post", "", {"name": "Alles"}).status_code == 422
    off = send("post", f"{made['id']}/activity/", {"is_active": False}).json()
    assert off["is_active"] is False
    assert client.delete(f"/api/v1/bank-rules/{made['id']}/").status_code == 204
    events = AuditEvent.objects.filter(event__startswith="bank_rule.").order_by("pk")
    assert [event.event.split(".")[1] for event in events] == [
        "created",
        "changed",
        "changed",
        "deleted",
    ]
