"""Receipts: numbered, archived once, in both languages, PDF/A like every document."""

from decimal import Decimal

import pytest
from django.urls import reverse

from payments import errors
from payments.models import Receipt
from payments.receipting import issue_receipt
from payments.recording import reverse_payment
from tests.books import signed_in
from tests.invoicing import pages, pdfa
from tests.payments.paying import pay
from tests.payments.test_api import post
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, an_invoice
from workmate import documents, retention
from workmate.ledger.models import MoneyAccount


def a_payment(owner, amount="130.00", **customer):
    invoice = an_invoice(owner, customer=a_buyer(owner, name="Kundin AG", **customer))
    part = min(Decimal(amount), invoice.gross_total)
    account = MoneyAccount.objects.get()
    partner = invoice.customer.partner
    return pay(account, amount, (invoice.open_item, part), by=owner, partner=partner)


def words(receipt):
    return " ".join(" ".join(pages.texts(documents.read(receipt.pdf))).split())


@pytest.mark.django_db
def test_a_receipt_says_what_was_received_from_whom_and_for_what():
    owner = a_business()
    receipt = issue_receipt(a_payment(owner), on=DAY, by=owner)
    said = words(receipt).replace("\xa0", " ")
    assert receipt.number == "QU-2026-0001"
    for expected in (
        "Quittung QU-2026-0001",
        "Wir haben am 04.05.2026 von Kundin AG 130,00 € erhalten.",
        "RE-2026-0001 04.05.2026 119,00",
        "Guthaben für spätere Rechnungen 11,00",
        "Zahlungsart Überweisung",
        "Sie ist keine Rechnung",
    ):
        assert expected in said
    assert pdfa.complaints(documents.read(receipt.pdf)) == []


@pytest.mark.django_db
def test_an_english_customer_gets_an_english_receipt():
    owner = a_business()
    said = words(issue_receipt(a_payment(owner, language="en"), on=DAY, by=owner))
    assert "Receipt QU-2026-0001" in said
    assert "we received 130.00 EUR from Kundin AG." in said.replace("\xa0", " ")
    assert "Quittung" not in said


@pytest.mark.django_db
def test_what_went_out_or_back_has_no_receipt():
    owner = a_business()
    payment = a_payment(owner)
    paid_out = pay(payment.money_account, "-11", (payment.credit, "-11"), by=owner)
    for one in (paid_out, payment):
        if one == payment:
            reverse_payment(paid_out, on=DAY, by=owner, reason="Irrtum")
            reverse_payment(payment, on=DAY, by=owner, reason="Irrtum")
        with raises_problem(errors.NO_RECEIPT):
            issue_receipt(one, on=DAY, by=owner)


@pytest.mark.django_db(transaction=True)
def test_who_asks_twice_or_at_once_gets_the_same_receipt():
    owner = a_business()
    payment = a_payment(owner)
    found = at_once(lambda number: issue_receipt(payment, on=DAY, by=owner).pk, 4)
    assert found == [Receipt.objects.get().pk] * 4


@pytest.mark.django_db
def test_page_and_api_issue_the_same_receipt():
    owner = a_business()
    payment, client = a_payment(owner), signed_in()
    answer = client.post(reverse("payments:payment_receipt", args=[payment.pk]))
    pdf = client.get(answer.url)
    assert pdf["Content-Type"] == "application/pdf"
    number = Receipt.objects.get().number
    assert number in client.get(payment.get_absolute_url()).content.decode()
    assert post(client, f"payments/{payment.pk}/receipt/", {}).json()["number"] == number
    adviser = signed_in("Steuerberatung")
    assert adviser.get(answer.url).status_code == 200
    assert adviser.post(reverse("payments:payment_receipt", args=[payment.pk])).status_code == 403


@pytest.mark.django_db
def test_the_file_of_a_receipt_goes_when_its_time_is_over_and_nothing_is_open():
    owner = a_business()
    settled = issue_receipt(a_payment(owner, "119.00"), on=DAY, by=owner)
    issue_receipt(a_payment(owner, "100.00"), on=DAY, by=owner)
    issue_receipt(a_payment(owner, "130.00"), on=DAY, by=owner)
    kind = retention.KINDS["receipts"]
    assert list(kind.years_of()) == [(DAY.year, 3)]
    assert list(kind.files(DAY.year)) == [settled.pdf]
    assert list(kind.files(DAY.year - 1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_receipts_of_an_audit_ask_the_same_however_many(rows, django_assert_num_queries):
    owner = a_business()
    for _ in range(rows):
        issue_receipt(a_payment(owner, "119.00"), on=DAY, by=owner)
    with django_assert_num_queries(2):
        kind = retention.KINDS["receipts"]
        assert (list(kind.years_of()), kind.files(DAY.year).count()) == ([(DAY.year, rows)], rows)
