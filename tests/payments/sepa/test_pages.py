"""The pages of mandates and SEPA batches, and the same steps over the API."""

import datetime

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from payments.models import Batch, Mandate, Order
from payments.refunding import return_order
from payments.sepa.releasing import execute, release, write_file
from tests.books import signed_in
from tests.factories import user_in
from tests.payments.paying import owed, pay
from tests.payments.sepa.debits import (
    IBANS,
    NOON,
    TODAY,
    a_batch,
    a_collector,
    a_debit,
    a_mandate,
    allow_alone,
)
from tests.trade import a_buyer
from workmate.ledger.models import MoneyAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return a_collector()


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_mandate_is_entered_at_the_customer_and_seen_there(by):
    client, customer = signed_in(), a_buyer(by)
    address = reverse("payments:mandate_new", args=[customer.pk])
    form = {
        "reference": "M-9",
        "iban": "DE89 3704 0044 0532 0130 00",
        "signed_on": "05.01.2026",
        "holder": "",
        "scheme": "CORE",
        "kind": "recurring",
    }
    assert client.post(address, form | {"iban": "DE1"}).status_code == 422
    answer = client.post(address, form)
    assert answer.url == customer.get_absolute_url()
    assert "M-9" in text(client.get(answer.url))
    mandate = Mandate.objects.get()
    assert mandate.iban == IBANS[0]
    page = text(client.get(mandate.get_absolute_url()))
    assert "gültig" in page
    client.post(reverse("payments:mandate_revocation", args=[mandate.pk]))
    assert "widerrufen" in text(client.get(mandate.get_absolute_url()))


def test_from_the_choice_over_four_eyes_to_the_file(by):
    first, second = signed_in(), signed_in()
    invoice = a_debit(by)
    page = text(first.get(reverse("payments:collect") + f"?bis={invoice.due_date:%d.%m.%Y}"))
    assert str(invoice.number) in page
    form = {
        "invoice": [str(invoice.pk)],
        "scheme": "CORE",
        "money_account": MoneyAccount.objects.get().pk,
    }
    answer = first.post(reverse("payments:collect"), form)
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert "Freigeben</" not in text(first.get(answer.url))
    first.post(reverse("payments:batch_release", args=[batch.pk]))
    assert Batch.objects.get().state == "draft"
    assert "Freigeben</" in text(second.get(answer.url))
    second.post(reverse("payments:batch_release", args=[batch.pk]))
    file = reverse("payments:batch_file", args=[batch.pk])
    first.post(file)
    got = first.get(file)
    assert got["Content-Type"] == "application/xml"
    assert got.content.startswith(b"<?xml")
    assert str(invoice.number) in text(first.get(reverse("payments:batch_list", args=[batch.pk])))
    first.post(reverse("payments:batch_execution", args=[batch.pk]))
    assert Batch.objects.get().state == "executed"


def test_an_order_is_removed_and_a_batch_discarded_on_its_page(by):
    client = signed_in()
    batch = a_batch(by, a_debit(by), a_debit(by))
    client.post(reverse("payments:order_removal", args=[batch.orders.first().pk]))
    assert batch.orders.count() == 1
    client.post(reverse("payments:batch_discard", args=[batch.pk]))
    assert Batch.objects.get().state == "discarded"


def test_a_credit_is_chosen_with_the_account_of_the_mandate(by):
    client, mandate = signed_in(), a_mandate(by)
    payment = pay(MoneyAccount.objects.get(), "50", by=by, partner=mandate.customer.partner)
    address, pk = reverse("payments:transfer"), payment.credit.pk
    assert f'value="{IBANS[0]}"' in text(client.get(address))
    form = {
        f"chosen_{pk}": "on",
        f"amount_{pk}": "60,00",
        f"iban_{pk}": IBANS[0],
        "money_account": MoneyAccount.objects.get().pk,
    }
    answer = client.post(address, form)
    assert (answer.status_code, "0,01 bis 50,00" in text(answer)) == (422, True)
    client.post(address, form | {f"amount_{pk}": "50,00"})
    assert Order.objects.get().amount == 50


def executed(by, invoice):
    allow_alone()
    batch = a_batch(by, invoice)
    write_file(release(batch, on=TODAY, by=by), at=NOON, by=by)
    return execute(batch, on=TODAY, by=by)


def test_a_return_takes_the_payment_back_and_the_invoice_can_go_again(by):
    invoice = a_debit(by)
    order = executed(by, invoice).orders.get()
    pay(MoneyAccount.objects.get(), "119", (invoice.open_item, "119"), by=by)
    client = signed_in()
    form = {"on": f"{localdate():%d.%m.%Y}", "reason": "AC04 Konto erloschen", "fee": "3,50"}
    client.post(reverse("payments:order_return", args=[order.pk]), form)
    order.refresh_from_db()
    assert (owed(invoice.open_item), order.returned_on) == (["119.00"], localdate())
    assert a_batch(by, invoice).orders.count() == 1


def test_what_never_reached_the_account_is_returned_without_a_payment(by):
    invoice = a_debit(by)
    order = executed(by, invoice).orders.get()
    return_order(order, on=TODAY, by=by, reason="AM04")
    assert (owed(invoice.open_item), Order.objects.live().exists()) == (["119.00"], False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_however_many_rows(by, rows, django_assert_max_num_queries):
    for _ in range(rows):
        a_batch(by)
    client = signed_in()
    client.get(reverse("payments:batches"))
    for name, most in (("collect", 14), ("transfer", 12)):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"payments:{name}"))
    for name in ("sepa-mandates", "sepa-batches"):
        with django_assert_max_num_queries(8):
            assert len(client.get(f"/api/v1/{name}/").json()["results"]) == rows
    with django_assert_max_num_queries(14):
        client.get(reverse("payments:batches"))
    with django_assert_max_num_queries(12):
        client.get(reverse("payments:mandates"))
    with django_assert_max_num_queries(12):
        client.get(Batch.objects.first().get_absolute_url())


def test_all_steps_over_the_api(by):
    client, other = signed_in(), signed_in()
    invoice, today = a_debit(by), datetime.date(2026, 1, 5)
    customer = a_buyer(by)
    body = {"customer": customer.pk, "reference": "M-5", "iban": IBANS[1], "signed_on": today}
    made = client.post("/api/v1/sepa-mandates/", body, content_type="application/json")
    assert (made.status_code, made.json()["reference"]) == (201, "M-5")
    way = f"/api/v1/sepa-mandates/{made.json()['id']}/revocation/"
    assert client.post(way).json()["revoked_on"] == f"{localdate()}"
    body = {
        "kind": "debit",
        "money_account": MoneyAccount.objects.get().pk,
        "invoices": [invoice.pk],
    }
    batch = client.post("/api/v1/sepa-batches/", body, content_type="application/json").json()
    assert [one["amount"] for one in batch["orders"]] == ["119.00"]
    way = f"/api/v1/sepa-batches/{batch['id']}/"
    assert client.post(way + "release/").json()["code"] == "SEPA_2209"
    assert client.get(way + "file/").status_code == 404
    assert other.post(way + "release/").json()["state"] == "released"
    assert client.post(way + "file/").json()["state"] == "written"
    assert client.get(way + "file/").content.startswith(b"<?xml")
    assert client.post(way + "execution/").json()["state"] == "executed"
    order = batch["orders"][0]["id"]
    body = {"on": f"{localdate()}", "reason": "MD06"}
    back = client.post(
        f"/api/v1/sepa-orders/{order}/return/", body, content_type="application/json"
    )
    assert back.json()["returned_on"] == f"{localdate()}"


def test_an_adviser_looks_and_changes_nothing(by):
    batch = a_batch(by)
    client = signed_in("Steuerberatung")
    assert client.get(batch.get_absolute_url()).status_code == 200
    assert client.post(reverse("payments:batch_release", args=[batch.pk])).status_code == 403
    assert user_in("Buchhaltung").has_perm("payments.release_batch")
