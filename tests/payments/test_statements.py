"""The list of payments narrowed, and the account of a customer."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payments.models import Payment
from tests.books import DAY, a_claim, a_customer, signed_in
from tests.payments.paying import pay
from tests.payments.test_views import text
from tests.trade import a_business, an_invoice
from workmate.ledger.models import MoneyAccount

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=10)
SPAN = {"von": "01.05.2026", "bis": "31.05.2026"}


@pytest.fixture
def client(by):
    return signed_in()


def shown(client, **query):
    answer = client.get(reverse("payments:payments"), query)
    return [row["pk"] for row, _ in answer.context["rows"]]


def test_the_list_is_narrowed_by_method_customer_and_what_is_not_allocated(
    client, by, bank, customer
):
    invoice = a_claim("100.00", by=by, partner=customer)
    whole = pay(bank, "100.00", (invoice, "100.00"), by=by)
    rest = pay(bank, "30.00", by=by, partner=a_customer("Andere KG"))
    spent = pay(bank, "20.00", by=by, partner=customer)
    pay(bank, "-20.00", (spent.credit, "-20.00"), by=by)
    assert shown(client, state="unallocated") == [rest.pk]
    assert shown(client, partner=customer.pk, state="in") == [spent.pk, whole.pk]
    assert shown(client, method="cash") == []
    assert len(shown(client, method="transfer")) == 4


@pytest.mark.parametrize("method", Payment.Method.values)
def test_every_method_is_offered(client, customer, bank, method):
    page = client.get(f"{reverse('payments:payment_new')}?kunde={customer.pk}")
    assert f'<option value="{method}"' in page.content.decode()


def test_the_account_of_a_customer_runs_from_its_opening_to_its_closing_balance(
    client, by, bank, customer
):
    old = a_claim("40.00", by=by, partner=customer, on=DAY - datetime.timedelta(days=30))
    invoice = a_claim("100.00", by=by, partner=customer, number="RE-7")
    pay(bank, "130.00", (old, "40.00"), (invoice, "90.00"), by=by, on=LATER)
    address = reverse("payments:customer_statement", args=[customer.pk])
    lines = b"".join(client.get(address, SPAN | {"export": "csv"}).streaming_content).decode()
    cells = [line.split(";")[1:3] + line.split(";")[4:] for line in lines.split("\r\n")[1:-1]]
    assert cells == [
        ["01.05.2026", "", "", "", "40,00"],
        ["04.05.2026", "", "100,00", "", "140,00"],
        ["14.05.2026", "", "", "40,00", "100,00"],
        ["14.05.2026", "", "", "90,00", "10,00"],
        ["31.05.2026", "", "100,00", "130,00", "10,00"],
    ]
    page = text(client.get(address, SPAN))
    assert "Saldo 10,00 €" in page


def test_the_account_asks_as_often_for_three_lines_as_for_one(client, by, customer):
    address = reverse("payments:customer_statement", args=[customer.pk])

    def queries():
        with CaptureQueriesContext(connection) as context:
            client.get(address, SPAN)
        return len(context)

    a_claim("1.00", by=by, partner=customer)
    queries()
    one = queries()
    for _ in range(2):
        a_claim("1.00", by=by, partner=customer)
    assert queries() == one


def test_the_page_of_a_customer_names_the_credit_in_what_is_open(db):
    owner = a_business()
    invoice = an_invoice(owner)
    pay(MoneyAccount.objects.get(), "19.00", by=owner, partner=invoice.customer.partner)
    page = text(signed_in().get(invoice.customer.get_absolute_url()))
    assert "darin 19,00 € Guthaben" in page
