"""Refunds and disputes open the invoice again, whoever began them, and close it when undone."""

from decimal import Decimal

import pytest

from payments.models import Payment
from payments.recording import reverse_payment
from payments.stripe import returning
from payments.stripe.models import StripeDispute, StripeRefund
from tests.books import DAY
from tests.payments.stripe.shop import on_account, owed
from workmate.errors import Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(shop):
    """Paid by card, 119.00 EUR."""
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    return invoice


def test_a_refund_from_here_opens_the_invoice_and_is_booked_once(shop, invoice, by):
    before = on_account()
    returning.order_refund(shop.charge(), Decimal("19.00"), client=shop.client, by=by)
    shop.look()

    assert owed(invoice) == "19.00"
    assert before - on_account() == Decimal("19.00")
    assert [str(one.amount) for one in StripeRefund.objects.all()] == ["19.00"]
    assert StripeRefund.objects.get().state == "succeeded"


def test_a_refund_from_the_dashboard_is_booked_by_its_event(shop, invoice):
    v1, intent = shop.client.v1, shop.charge().payment_intent
    shop.client.ask(v1.refunds.create, payment_intent=intent)
    shop.look()

    assert (owed(invoice), StripeRefund.objects.count()) == ("119.00", 1)


def test_no_more_is_refunded_than_was_paid(shop, invoice, by):
    returning.order_refund(shop.charge(), Decimal("100.00"), client=shop.client, by=by)
    with pytest.raises(Problem) as refusal:
        returning.order_refund(shop.charge(), Decimal("20.00"), client=shop.client, by=by)
    assert refusal.value.code == "STRIPE_2107"


def test_a_payment_of_which_something_was_given_back_cannot_be_reversed(shop, invoice, by):
    returning.order_refund(shop.charge(), Decimal("19.00"), client=shop.client, by=by)
    with pytest.raises(Problem) as refusal:
        reverse_payment(Payment.objects.get(amount=119), on=DAY, by=by, reason="Versehen")
    assert refusal.value.code == "PAYMENT_2091"


def test_a_lost_dispute_opens_the_invoice_and_costs_a_fee(shop, invoice):
    before = on_account()
    shop.server.control.return_debit(shop.charge().charge_id)
    shop.look()

    dispute = StripeDispute.objects.get()
    fee = dispute.payment.fees.get()
    assert owed(invoice) == "119.00"
    assert before - on_account() == Decimal("119.00") + fee.amount


def test_a_won_dispute_settles_the_invoice_again(shop, invoice):
    shop.server.control.return_debit(shop.charge().charge_id)
    shop.look()
    shop.server.control.decide_dispute(StripeDispute.objects.get().dispute_id, "won")
    shop.look()

    assert (owed(invoice), StripeDispute.objects.get().word) == ("0.00", "gewonnen")


def test_a_refund_that_fails_settles_the_invoice_again(shop, invoice, by):
    shop.server.control.advance(seconds=1)
    other = shop.invoice()
    shop.pay(other, number="4000000000005126")  # its refunds fail
    shop.look()
    charge = shop.charge_of(other)
    returning.order_refund(charge, Decimal("119.00"), client=shop.client, by=by)
    shop.server.control.finish("refund_ends")
    shop.look()

    assert (owed(other), StripeRefund.objects.get().state) == ("0.00", "failed")
