"""Skonto, write-offs, fees and returned debits as a bookkeeper does them on the pages."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from payments.models import Deduction, Fee, Payment
from tests.books import signed_in
from tests.invoicing.pages_of import text
from tests.payments.paying import owed, pay
from tests.trade import IBAN, a_business, an_invoice
from workmate.ledger.models import MoneyAccount
from workmate.money import format_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def bank(owner):
    return MoneyAccount.objects.get(iban=IBAN)


@pytest.fixture
def client(owner):
    return signed_in("Buchhaltung")


@pytest.fixture
def invoice(owner):
    skonto = [{"days": 7, "percent": "2.00"}]
    return an_invoice(owner, on=localdate(), cash_discounts=skonto)


def deduct(client, invoice, **data):
    address = reverse("payments:deduction", args=[invoice.open_item_id])
    return client.post(address, {"on": format_date(localdate()), "reason": ""} | data)


def test_the_form_offers_the_skonto_that_is_allowed_today(client, invoice):
    page = text(client.get(reverse("payments:deduction", args=[invoice.open_item_id])))
    assert "darf 2,38 € Skonto abziehen" in page


def test_skonto_is_booked_and_taken_back(client, invoice):
    answer = deduct(client, invoice, kind="skonto", amount="2,38")
    assert answer["Location"] == invoice.get_absolute_url()
    assert owed(invoice.open_item) == ["116.62"]
    client.post(reverse("payments:deduction_reversal", args=[Deduction.objects.get().pk]))
    assert owed(invoice.open_item) == ["119.00"]


def test_a_refusal_keeps_what_was_typed(client, invoice):
    answer = deduct(client, invoice, kind="skonto", amount="5,00")
    assert answer.status_code == 422
    assert "höchstens 2,38 EUR Skonto" in text(answer)
    assert 'value="5,00"' in answer.content.decode()


def test_a_write_off_without_a_reason_is_refused_at_its_field(client, invoice):
    answer = deduct(client, invoice, kind="write_off", amount="119,00")
    assert answer.status_code == 422
    assert "Bitte nennen Sie den Grund." in text(answer)
    deduct(client, invoice, kind="write_off", amount="119,00", reason="Insolvenz")
    assert owed(invoice.open_item) == ["0.00"]


def test_an_adviser_deducts_nothing(owner, invoice):
    assert deduct(signed_in("Steuerberatung"), invoice, kind="skonto").status_code == 403


def test_a_payment_is_recorded_with_the_fee_of_the_bank(client, bank, invoice):
    address = f"{reverse('payments:payment_new')}?kunde={invoice.customer.partner_id}"
    client.post(
        address,
        {
            "received_on": format_date(localdate()),
            "amount": "119,00",
            "money_account": bank.pk,
            "method": Payment.Method.PAYPAL,
            "fee": "3,20",
            f"item_{invoice.open_item_id}": "119,00",
        },
    )
    assert owed(invoice.open_item) == ["0.00"]
    payment = Payment.objects.get()
    assert payment.fees.get().amount == Decimal("3.20")
    assert "3,20" in text(client.get(payment.get_absolute_url()))


def test_a_returned_debit_opens_the_invoice_and_costs_a_fee(client, owner, bank, invoice):
    payment = pay(bank, "119", (invoice.open_item, "119"), by=owner, on=localdate())
    client.post(
        reverse("payments:payment_return", args=[payment.pk]),
        {"on": format_date(localdate()), "reason": "Konto nicht gedeckt", "fee": "4,50"},
    )
    assert owed(invoice.open_item) == ["119.00"]
    payment.refresh_from_db()
    assert payment.reversal.reason == "Rücklastschrift: Konto nicht gedeckt"
    assert Fee.objects.get().amount == Decimal("4.50")


def test_a_returned_debit_is_recorded_again_from_its_page(client, owner, bank, invoice):
    item = invoice.open_item
    payment = pay(bank, "100", (item, "100"), by=owner, on=localdate())
    data = {"on": format_date(localdate()), "reason": "Widerspruch"}
    client.post(reverse("payments:payment_return", args=[payment.pk]), data)
    address = f"{reverse('payments:payment_new')}?kunde={payment.partner_id}&wie={payment.pk}"
    assert address.replace("&", "&amp;") in client.get(payment.get_absolute_url()).content.decode()
    assert f'name="item_{item.pk}" value="100,00"' in client.get(address).content.decode()


def test_a_fee_is_charged_and_taken_back_on_the_page_of_the_payment(client, owner, bank, invoice):
    payment = pay(bank, "119", (invoice.open_item, "119"), by=owner, on=localdate())
    data = {"amount": "2,00", "text": "Entgelt", "on": format_date(localdate())}
    answer = client.post(reverse("payments:payment_fee", args=[payment.pk]), data)
    assert answer["Location"] == payment.get_absolute_url()
    fee = Fee.objects.get()
    answer = client.post(reverse("payments:fee_reversal", args=[fee.pk]))
    assert answer["Location"] == payment.get_absolute_url()
    assert Fee.objects.get().taken_back_on == localdate()


def test_a_credit_is_paid_out_and_back_after_a_storno(client, owner, bank, invoice):
    credit = pay(bank, "150", (invoice.open_item, "119"), by=owner, on=localdate()).credit
    address = reverse("payments:credit_refund", args=[credit.pk])
    assert 'value="31,00"' in client.get(address).content.decode()
    data = {"on": format_date(localdate()), "money_account": bank.pk, "method": "transfer"}
    refused = client.post(address, data | {"amount": "31,01"})
    assert refused.status_code == 422
    client.post(address, data | {"amount": "31,00"})
    assert owed(credit) == ["0.00"]
    paid = Payment.objects.get(amount=-31)
    storno = {"on": format_date(localdate()), "reason": "Irrtum"}
    client.post(reverse("payments:payment_reversal", args=[paid.pk]), storno)
    assert owed(credit) == ["-31.00"]


def test_deductions_cost_the_same_number_of_questions_for_one_and_three(client, invoice):
    address = reverse("payments:deduction", args=[invoice.open_item_id])

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    deduct(client, invoice, kind="write_off", amount="1,00", reason="Test")
    one = queries()
    for _ in range(2):
        deduct(client, invoice, kind="write_off", amount="1,00", reason="Test")
    assert queries() == one
