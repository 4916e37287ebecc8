"""The API does what the pages do, through the same acts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from banking import errors
from banking.models import Match, Transaction
from payments.models import Payment
from tests.banking.bank import IBAN, a_transaction, an_account
from tests.banking.statements import ing
from tests.books import a_claim, books, signed_in
from workmate.models import JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return books()


@pytest.fixture
def client(user):
    return signed_in()


@pytest.fixture
def account(user):
    return an_account(user)


def post(client, path, data=None, **headers):
    return client.post(f"/api/v1/{path}", data or {}, content_type="application/json", **headers)


def test_an_account_is_opened_changed_and_read(client, account):
    answer = post(client, "bank-accounts/", {"name": "Zwei", "iban": "DE02120300000000202051"})
    assert answer.status_code == 201
    found = answer.json()
    assert (found["bic"], found["iban"]) == ("BYLADEM1001", "DE02120300000000202051")
    answer = client.patch(
        f"/api/v1/bank-accounts/{found['id']}/",
        {"name": "Drei", "iban": IBAN},
        content_type="application/json",
    )
    assert (answer.json()["name"], answer.json()["iban"]) == ("Drei", found["iban"])
    assert client.get("/api/v1/bank-accounts/").json()["count"] == 2


def test_a_wrong_iban_is_a_problem_at_its_field(client, account):
    answer = post(client, "bank-accounts/", {"name": "Zwei", "iban": "DE00"})
    assert (answer.status_code, answer.json()["code"]) == (422, errors.INVALID_IBAN.code)
    assert answer.json()["errors"][0]["field"] == "iban"


def test_a_statement_is_imported_once_with_an_idempotency_key(client, account):
    def send():
        data = ing([("29.09.2026", "Kundig", "Danke", 11_900)])
        file = SimpleUploadedFile("umsaetze.csv", data, "text/csv")
        return client.post(
            "/api/v1/statement-imports/", {"file": file}, HTTP_IDEMPOTENCY_KEY="auszug-1"
        )

    first, second = send(), send()
    assert first.status_code == 201
    assert (first.json()["new"], first.json()["balance_check"]) == (1, "ok")
    assert second.json() == first.json()
    listed = client.get("/api/v1/transactions/?state=open").json()["results"]
    assert [(row["amount"], row["state"]) for row in listed] == [("119.00", "open")]


def test_a_file_that_is_refused_is_a_problem(client, account):
    file = SimpleUploadedFile("x.csv", b"a;b\n", "text/csv")
    answer = client.post("/api/v1/statement-imports/", {"file": file})
    assert (answer.status_code, answer.json()["code"]) == (422, errors.UNKNOWN_FORMAT.code)


def test_a_proposal_is_accepted_and_undone(client, account, user):
    a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user)
    (proposal,) = client.get(f"/api/v1/transactions/{row.pk}/proposals/").json()
    assert proposal["score"] == 90
    assert proposal["effect"] == "Bezahlt RE-2026-0001 vollständig."
    body = {"allocations": proposal["allocations"], "partner": proposal["partner"]}
    answer = post(client, f"transactions/{row.pk}/match/", body)
    assert answer.status_code == 201
    assert (answer.json()["score"], answer.json()["automatic"]) == (90, False)
    again = post(client, f"transactions/{row.pk}/match/", body)
    assert (again.status_code, again.json()["code"]) == (409, errors.ALREADY_MATCHED.code)
    answer = post(client, f"matches/{answer.json()['id']}/reversal/")
    assert answer.json()["undone_at"]
    assert Payment.objects.get().is_reversed
    assert Match.objects.live().count() == 0


def test_a_transaction_is_dismissed_and_recalled(client, account, user):
    row = a_transaction(account, "-5.00", by=user)
    answer = post(client, f"transactions/{row.pk}/dismissal/", {"reason": "Gebühr"})
    assert (answer.status_code, answer.json()["reason"]) == (201, "Gebühr")
    assert client.get(f"/api/v1/transactions/{row.pk}/").json()["state"] == "dismissed"
    assert client.delete(f"/api/v1/transactions/{row.pk}/dismissal/").status_code == 204
    assert Transaction.objects.open().count() == 1


def test_a_run_of_the_matcher_is_started(client, account):
    assert post(client, "matching-runs/").status_code == 202
    assert JobRun.objects.get().name == "banking.match"


def test_strangers_are_refused(account, user):
    from django.test import Client

    row = a_transaction(account, "5.00", by=user)
    stranger = Client()
    assert stranger.get("/api/v1/transactions/").status_code == 401
    assert stranger.post(f"/api/v1/transactions/{row.pk}/match/").status_code == 401
