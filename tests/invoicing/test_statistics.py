"""Counts and sums of documents."""

import datetime
from decimal import Decimal

import pytest

from invoicing import statistics
from invoicing.cancelling import cancel
from invoicing.models import State
from tests.payments.paying import pay
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_invoice
from workmate.ledger.models import MoneyAccount

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=60)


def test_drafts_offers_and_cancelled_documents_are_in_no_sum():
    owner = a_business()
    an_invoice(owner)
    cancel(an_invoice(owner), by=owner, on=DAY, reason="Irrtum")
    a_draft(owner)
    found = statistics.read(on=DAY)
    assert found.count(State.DRAFT) == 1
    assert found.count(State.CANCELLED) == 2
    assert found.money == [
        statistics.Money(
            currency="EUR",
            count=1,
            net=Decimal("100.00"),
            gross=Decimal("119.00"),
            outstanding=Decimal("119.00"),
        )
    ]


def test_what_is_overdue_is_a_matter_of_the_day():
    owner = a_business()
    an_invoice(owner)
    money = statistics.read(on=LATER).money[0]
    assert (money.overdue, money.overdue_count) == (Decimal("119.00"), 1)


def test_a_span_and_a_customer_narrow_the_figures():
    owner = a_business()
    mine = an_invoice(owner)
    an_invoice(owner)
    assert statistics.read(on=DAY, customer=mine.customer).money[0].count == 1
    after = DAY + datetime.timedelta(days=1)
    assert statistics.read(on=DAY, start=after).money == [statistics.Money(currency="EUR")]
    assert statistics.read(on=DAY, start=DAY, end=DAY).money[0].count == 2


def test_the_days_to_pay_are_those_of_settled_invoices():
    owner = a_business()
    customer = a_buyer(owner)
    paid = an_invoice(owner, customer=customer)
    an_invoice(owner, customer=customer, lines=[a_line("10")])
    bank = MoneyAccount.objects.first()
    on = DAY + datetime.timedelta(days=9)
    pay(bank, "119", (paid.open_item, "119"), by=owner, on=on)
    found = statistics.of_customer(customer, on=LATER)
    assert (found.days_to_pay, found.count, found.net) == (9, 2, Decimal("110.00"))
    assert found.overdue == Decimal("11.90")


def test_a_customer_without_documents_has_no_figures():
    owner = a_business()
    found = statistics.of_customer(a_buyer(owner), on=DAY)
    assert (found.count, found.net, found.last_on, found.days_to_pay) == (0, 0, None, None)
