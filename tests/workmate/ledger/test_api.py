"""The books over the API: read by who may, months locked and opened again."""

import datetime

import pytest
from django.utils.timezone import localdate

from tests.books import a_bank, a_claim, books, signed_in
from tests.trade import a_business, an_invoice

pytestmark = pytest.mark.django_db
THIS = localdate().replace(day=1)
LAST = THIS - datetime.timedelta(days=1)


def rows(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def post(client, address, **data):
    return client.post(f"/api/v1/{address}", data, content_type="application/json")


def test_the_journal_shows_entries_with_their_lines():
    invoice = an_invoice(a_business())
    found = rows(signed_in("Steuerberatung"), f"entries/?q={invoice.number}")
    assert [entry["document_number"] for entry in found] == [invoice.number]
    lines = {(line["account"], line["amount"], line["tax_case"]) for line in found[0]["lines"]}
    assert lines == {
        ("1400", "119.00", None),
        ("8400", "-100.00", "DE19"),
        ("1776", "-19.00", "DE19"),
    }


def test_payments_find_their_money_account_and_partner():
    invoice = an_invoice(a_business())
    client = signed_in("Buchhaltung")
    account = rows(client, "money-accounts/?kind=bank")[0]
    customer = client.get(f"/api/v1/customers/{invoice.customer_id}/").json()
    answer = post(
        client,
        "payments/",
        received_on=str(localdate()),
        amount="200.00",
        method="transfer",
        money_account=account["id"],
        partner=customer["partner"],
        allocations=[{"open_item": invoice.open_item_id, "amount": "119.00"}],
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["credit"]


def test_accounts_are_found_by_number():
    books()
    found = rows(signed_in("Steuerberatung"), "accounts/?number=1400")
    assert [(one["number"], one["kind"]) for one in found] == [("1400", "asset")]


def test_balances_are_those_of_the_page():
    user = books()
    a_claim("100.00", by=user, on=LAST)
    a_claim("19.00", by=user, on=THIS)
    answer = signed_in("Steuerberatung").get(f"/api/v1/trial-balance/?start={THIS}")
    found = {row["number"]: row for row in answer.json()}["1400"]
    assert (found["opening"], found["debit"], found["closing"]) == ("100.00", "19.00", "119.00")


def test_a_month_is_locked_and_opened_again():
    a_claim("100.00", by=books(), on=LAST)
    client = signed_in("Buchhaltung")
    locked = post(client, "periods/", day=str(LAST))
    assert (locked.status_code, locked.json()["end"]) == (201, str(LAST))
    assert post(client, "periods/", day=str(LAST)).status_code == 409
    address = f"periods/{locked.json()['id']}/unlocking/"
    assert post(client, address).status_code == 422
    opened = post(client, address, reason="Nachbuchung")
    assert (opened.status_code, opened.json()["locked_at"]) == (201, None)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x"])
def test_no_month_far_away_is_locked(day):
    books()
    answer = post(signed_in("Inhaber"), "periods/", day=day)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "day")


@pytest.mark.parametrize("role", ["Mitarbeit", "Steuerberatung"])
def test_others_lock_nothing(role):
    a_bank(books())
    client = signed_in(role)
    assert post(client, "periods/", day=str(LAST)).status_code == 403
    readable = client.get("/api/v1/money-accounts/").status_code == 200
    assert readable == (role == "Steuerberatung")
