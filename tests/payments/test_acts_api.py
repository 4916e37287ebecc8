"""Fees, Skonto, write-offs, refunds and returned debits over the API."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments import errors
from payments.charging import charge_fee
from payments.deducting import write_off
from payments.models import Deduction, Fee, Payment
from tests.books import signed_in
from tests.payments.paying import owed, pay
from tests.payments.test_api import post
from tests.trade import DAY, a_business, an_invoice
from workmate.ledger.models import MoneyAccount

pytestmark = pytest.mark.django_db
ON = DAY.isoformat()


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in()


@pytest.fixture
def account(owner):
    return MoneyAccount.objects.get()


@pytest.fixture
def item(owner):
    return an_invoice(owner, cash_discounts=[{"days": 14, "percent": "2.00"}]).open_item


def told(answer, *names):
    assert answer.status_code == 201, answer.content
    return tuple(answer.json()[name] for name in names)


def test_a_payment_takes_skonto_a_rest_and_a_fee_with_it(client, account, item):
    data = {
        "received_on": ON,
        "amount": "110.00",
        "method": "transfer",
        "money_account": account.pk,
        "allocations": [{"open_item": item.pk, "amount": "110.00"}],
        "skonto": [{"open_item": item.pk, "amount": "2.38"}],
        "write_offs": [{"open_item": item.pk, "amount": "6.62"}],
        "reason": "Kleinbetrag",
        "fee": "1.10",
    }
    assert post(client, "payments/", data).status_code == 201
    rows = Deduction.objects.order_by("pk").values_list("kind", "amount")
    assert [(kind, str(amount)) for kind, amount in rows] == [
        ("skonto", "2.38"),
        ("write_off", "6.62"),
    ]
    assert (owed(item), str(Fee.objects.get().amount)) == (["0.00"], "1.10")


@pytest.mark.parametrize(
    ("path", "more", "left"),
    [
        ("skonto", {"amount": "2.38"}, "116.62"),
        ("write-off", {"amount": "9.00", "reason": "x"}, "110.00"),
    ],
)
def test_a_deduction_is_made_and_taken_back(client, item, path, more, left):
    answer = post(client, f"open-items/{item.pk}/{path}/", {"on": ON, **more})
    pk, back = told(answer, "id", "taken_back_on")
    assert (owed(item), back) == ([left], None)
    answer = post(client, f"deductions/{pk}/reversal/", {"on": ON})
    assert told(answer, "taken_back_on") == (ON,)
    assert owed(item) == ["119.00"]
    again = post(client, f"deductions/{pk}/reversal/", {"on": ON})
    assert again.json()["code"] == errors.DEDUCTION_TAKEN_BACK.code


def test_a_fee_is_charged_and_taken_back(client, owner, account, item):
    payment = pay(account, "119.00", (item, "119.00"), by=owner)
    data = {"amount": "2.50", "text": "Entgelt", "on": ON}
    pk, amount = told(post(client, f"payments/{payment.pk}/fees/", data), "id", "amount")
    assert (amount, client.get(f"/api/v1/fees/{pk}/").json()["text"]) == ("2.50", "Entgelt")
    assert told(post(client, f"fees/{pk}/reversal/", {"on": ON}), "taken_back_on") == (ON,)


def test_a_chargeback_opens_the_invoice_and_costs_a_fee(client, owner, account, item):
    payment = pay(account, "119.00", (item, "119.00"), by=owner)
    data = {"on": ON, "reason": "Widerspruch", "fee": "3.00"}
    (reversal,) = told(post(client, f"payments/{payment.pk}/chargeback/", data), "reversal")
    assert reversal["reason"] == "Rücklastschrift: Widerspruch"
    assert (owed(item), str(Fee.objects.get().amount)) == (["119.00"], "3.00")


def test_the_same_key_pays_a_credit_out_once(client, owner, account, item):
    credit = pay(account, "150.00", (item, "119.00"), by=owner).credit
    data = {"on": ON, "amount": "11.00", "method": "transfer", "money_account": account.pk}
    path = f"open-items/{credit.pk}/refund/"
    answers = [post(client, path, data, HTTP_IDEMPOTENCY_KEY="out").json() for _ in range(2)]
    assert (answers[0], answers[0]["amount"]) == (answers[1], "-11.00")
    assert (owed(credit), Payment.objects.count()) == (["-20.00"], 2)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("open-items/{item}/skonto/", {"amount": "1.00"}),
        ("open-items/{item}/write-off/", {"amount": "1.00", "reason": "x"}),
        ("payments/{payment}/fees/", {"amount": "1.00", "text": "x"}),
        ("payments/{payment}/chargeback/", {"reason": "x"}),
    ],
)
def test_an_adviser_changes_nothing(owner, account, item, path, data):
    payment = pay(account, "50.00", (item, "50.00"), by=owner)
    address = path.format(item=item.pk, payment=payment.pk)
    assert post(signed_in("Steuerberatung"), address, {"on": ON, **data}).status_code == 403


@pytest.mark.parametrize("path", ["fees/", "deductions/"])
def test_lists_ask_as_often_for_three_rows_as_for_one(client, owner, account, item, path):
    payment = pay(account, "50.00", (item, "50.00"), by=owner)

    def add():
        charge_fee(payment, Decimal(1), text="x", on=DAY, by=owner)
        write_off(item, Decimal(1), reason="x", on=DAY, by=owner)

    def queries():
        with CaptureQueriesContext(connection) as context:
            assert client.get(f"/api/v1/{path}").status_code == 200
        return len(context)

    add()
    queries()
    one = queries()
    add()
    add()
    assert queries() == one
