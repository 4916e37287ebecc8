import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from payments.models import Payment
from payments.recording import reverse_payment
from tests.books import a_claim, a_customer, signed_in
from tests.payments.paying import owed, pay
from workmate.ledger.models import OpenItem

pytestmark = pytest.mark.django_db
TODAY = localdate()
BEFORE = TODAY - datetime.timedelta(days=30)


@pytest.fixture
def client(by):
    return signed_in()


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def form(bank, amount, **more):
    return {
        "received_on": f"{TODAY:%d.%m.%Y}",
        "amount": amount,
        "money_account": bank.pk,
        "method": "transfer",
        **more,
    }


def new(partner, name="payment_new"):
    return f"{reverse(f'payments:{name}')}?kunde={partner.pk}"


def test_a_payment_is_recorded_from_the_invoice(client, by, bank, customer):
    invoice = a_claim("1190.00", by=by, partner=customer, on=BEFORE, number="RE-7")
    page = text(client.get(reverse("payments:payment_new"), {"posten": invoice.pk}))
    assert f'name="item_{invoice.pk}" value="1.190,00"' in page
    answer = client.post(
        new(customer), form(bank, "1.190,00", **{f"item_{invoice.pk}": "1.190,00"})
    )
    payment = Payment.objects.get()
    assert answer.url == payment.get_absolute_url()
    assert owed(invoice) == ["0.00"]
    page = text(client.get(answer.url))
    assert "RE-7" in page
    assert "1200" in page


def test_without_a_customer_those_who_owe_most_are_offered(client, by, customer):
    a_claim("100.00", by=by, partner=customer)
    a_claim("200.00", by=by, partner=a_customer("Große AG"), number="RE-2026-0042")
    a_customer("Schuldet nichts KG")
    page = text(client.get(reverse("payments:payment_new")))
    assert page.index("Große AG") < page.index("Muster GmbH")
    assert "Schuldet nichts" not in page
    assert "Große AG" in text(client.get(reverse("payments:payment_new"), {"q": "0042"}))
    assert "Schuldet nichts" in text(client.get(reverse("payments:payment_new"), {"q": "nichts"}))
    part = client.get(reverse("payments:payment_new"), {"q": "muster"}, HTTP_HX_REQUEST="true")
    assert part.content.decode().strip().startswith('<div id="partners"')


def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, number="RE-7")
    answer = client.post(
        new(customer), form(bank, "500,00", **{f"item_{invoice.pk}": "100,01"}, reference="abc")
    )
    assert answer.status_code == 422
    assert "Offen sind 100,00." in text(answer)
    assert 'value="abc"' in text(answer)
    assert not Payment.objects.exists()


def test_money_of_tomorrow_is_not_recorded_today(client, bank, customer):
    tomorrow = TODAY + datetime.timedelta(days=1)
    answer = client.post(
        new(customer), form(bank, "1,00") | {"received_on": f"{tomorrow:%d.%m.%Y}"}
    )
    assert answer.status_code == 422
    assert "liegt in der Zukunft" in text(answer)


@pytest.mark.parametrize("htmx", [False, True])
def test_the_amount_is_spread_oldest_first(client, by, bank, customer, htmx):
    young = a_claim("80.00", by=by, partner=customer, on=BEFORE)
    old = a_claim("50.00", by=by, partner=customer, on=BEFORE - datetime.timedelta(days=9))
    headers = {"HTTP_HX_REQUEST": "true"} if htmx else {}
    page = text(
        client.post(new(customer, "payment_spread"), form(bank, "100,00", how="oldest"), **headers)
    )
    assert f'name="item_{old.pk}" value="50,00"' in page
    assert f'name="item_{young.pk}" value="50,00"' in page
    assert "ganz zugeordnet" in page
    assert ("<html" in page) != htmx


@pytest.mark.parametrize(
    ("amount", "part", "said"),
    [
        ("119,00", "100,00", "19,00 € werden Guthaben von Muster GmbH"),
        ("100,00", "100,00", "ganz zugeordnet"),
        ("90,00", "100,00", "um 10,00 € mehr, als gezahlt wurde"),
        ("200,00", "101,00", "Auf RE-7 sind nur 100,00 € offen"),
    ],
)
def test_the_rest_is_said_while_one_types(client, by, bank, customer, amount, part, said):
    invoice = a_claim("100.00", by=by, partner=customer, number="RE-7")
    data = form(bank, amount, **{f"item_{invoice.pk}": part})
    assert said in text(client.post(new(customer, "payment_rest"), data))


def test_a_payment_is_reversed_after_its_consequences_were_shown(client, by, bank, customer):
    invoice = a_claim("119.00", by=by, partner=customer, on=BEFORE, number="RE-7")
    payment = pay(bank, "130.00", (invoice, "119.00"), by=by, on=BEFORE)
    address = reverse("payments:payment_reversal", args=[payment.pk])
    page = text(client.get(address))
    assert "130,00 € werden zurückgenommen" in page
    assert "RE-7: offen bisher 0,00 €, danach" in page
    assert "Guthaben von 11,00 € entfällt" in page
    answer = client.post(address, {"on": f"{TODAY:%d.%m.%Y}", "reason": "Rücklastschrift"})
    assert answer.url == payment.get_absolute_url()
    assert owed(invoice) == ["119.00"]
    assert "Rücklastschrift" in text(client.get(answer.url))
    assert client.get(address).url == payment.get_absolute_url()


def test_a_reversal_without_a_reason_says_so_at_the_field(client, by, bank, customer):
    payment = pay(bank, "1.00", by=by, partner=customer)
    address = reverse("payments:payment_reversal", args=[payment.pk])
    answer = client.post(address, {"on": f"{TODAY:%d.%m.%Y}", "reason": " "})
    assert answer.status_code == 422
    assert Payment.objects.valid().count() == 1


def test_a_used_credit_is_named_before_the_reversal(client, by, bank, customer):
    payment = pay(bank, "30.00", by=by, partner=customer, on=BEFORE)
    pay(bank, "-30.00", (payment.credit, "-30.00"), by=by, on=BEFORE)
    page = text(client.get(reverse("payments:payment_reversal", args=[payment.pk])))
    assert "ist schon verwendet" in page


def test_a_credit_is_settled_with_an_invoice_and_taken_back(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE, number="RE-7")
    credit = pay(bank, "30.00", by=by, partner=customer, on=BEFORE).credit
    address = reverse("payments:credit", args=[credit.pk])
    assert "RE-7" in text(client.get(address))
    data = {"open_item": invoice.pk, "amount": "30,00", "on": f"{TODAY:%d.%m.%Y}"}
    assert client.post(address, data).url == address
    assert owed(invoice, credit) == ["70.00", "0.00"]
    settlement = credit.uses.get()
    client.post(reverse("payments:settlement_reversal", args=[settlement.pk]))
    assert owed(invoice, credit) == ["100.00", "-30.00"]
    assert "zurückgenommen" in text(client.get(address))


def test_a_credit_is_paid_back_from_its_page(client, by, bank, customer):
    credit = pay(bank, "30.00", by=by, partner=customer, on=BEFORE).credit
    page = text(client.get(reverse("payments:payment_new"), {"posten": credit.pk}))
    assert 'name="amount" value="-30,00"' in page
    client.post(new(customer), form(bank, "-30,00", **{f"item_{credit.pk}": "-30,00"}))
    assert owed(credit) == ["0.00"]


def test_the_list_shows_payments_and_filters_them(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, number="RE-2026-0007")
    pay(bank, "100.00", (invoice, "100.00"), by=by)
    taken_back = pay(bank, "55.00", by=by, partner=customer)
    reverse_payment(taken_back, on=TODAY, by=by, reason="falsch erfasst")
    address = reverse("payments:payments")
    assert "RE-2026-0007" in text(client.get(address))
    assert "55,00" in text(client.get(address, {"state": "reversed"}))
    assert "55,00" not in text(client.get(address, {"state": "in"}))
    assert "100,00" in text(client.get(address, {"q": "0007"}))
    assert "100,00" not in text(client.get(address, {"q": "0008"}))
    assert client.get(address, {"export": "csv"}).status_code == 200


def test_open_items_are_listed_with_how_late_they_are(client, by, bank, customer):
    a_claim("100.00", by=by, partner=customer, due=TODAY - datetime.timedelta(days=3), on=BEFORE)
    pay(bank, "30.00", by=by, partner=customer)
    address = reverse("payments:open_items")
    page = text(client.get(address))
    assert "3 Tage" in page
    assert "-30,00" in page
    assert "-30,00" not in text(client.get(address, {"state": "overdue"}))
    assert "3 Tage" not in text(client.get(address, {"state": "credit"}))


def test_open_items_are_listed_as_they_were_on_any_day(client, by, bank, customer):
    item = a_claim("100.00", by=by, partner=customer, on=BEFORE, due=BEFORE, number="RE-7")
    pay(bank, "100.00", (item, "100.00"), by=by, on=TODAY)
    address = reverse("payments:open_items")
    assert "RE-7" not in text(client.get(address))
    day = TODAY - datetime.timedelta(days=1)
    page = text(client.get(address, {"on": f"{day:%d.%m.%Y}", "state": "overdue"}))
    assert f"Stand am Abend des {day:%d.%m.%Y}" in page
    assert "RE-7" in page
    assert "29 Tage" in page


@pytest.mark.parametrize("name", ["payments", "open_items"])
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(client, by, bank, name):
    def add():
        item = a_claim("10.00", by=by, partner=a_customer())
        pay(bank, "5.00", (item, "5.00"), by=by)
        pay(bank, "5.00", by=by, partner=a_customer())

    address = reverse(f"payments:{name}")
    add()
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    for _ in range(3):
        add()
    with CaptureQueriesContext(connection) as later:
        client.get(address)
    assert len(first) == len(later)


PAGES = [
    ("payments:payments", (), "get"),
    ("payments:open_items", (), "get"),
    ("payments:payment_new", (), "get"),
    ("payments:take_over", (), "get"),
    ("payments:take_over", (), "post"),
    ("payments:payment_spread", (), "post"),
    ("payments:payment_rest", (), "post"),
    ("payments:payment", ("payment",), "get"),
    ("payments:payment_reversal", ("payment",), "get"),
    ("payments:credit", ("credit",), "get"),
    ("payments:credit", ("credit",), "post"),
    ("payments:settlement_reversal", ("credit",), "post"),
]
READING = {"payments:payments", "payments:open_items", "payments:payment"}


@pytest.mark.parametrize("role", ["Steuerberatung", "Mitarbeit", ""])
def test_who_may_not_act_gets_no_further_than_reading(by, bank, customer, role):
    payment = pay(bank, "30.00", by=by, partner=customer)
    ids = {"payment": payment.pk, "credit": payment.credit_id}
    client = signed_in(role)
    for name, args, method in PAGES:
        address = reverse(name, args=[ids[arg] for arg in args])
        reads = name in READING or (name == "payments:credit" and method == "get")
        allowed = role == "Steuerberatung" and reads
        status = getattr(client, method)(address).status_code
        assert status == (200 if allowed else 403), (name, method)
    assert OpenItem.objects.get(pk=payment.credit_id).outstanding == -30


def test_strangers_are_asked_to_log_in(by, bank, customer, client):
    client.logout()
    answer = client.get(reverse("payments:payments"))
    assert answer.status_code == 302
    assert "/anmelden/" in answer.url
