"""Money that nobody here had asked for waits, and is assigned with all that happened to it."""

from decimal import Decimal

import pytest

from payments.models import Fee, Payment
from payments.stripe.assigning import assign
from payments.stripe.models import StripeDispute, StripeRefund
from tests.payments.stripe.shop import on_account, owed
from workmate.errors import Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(shop):
    """119.00 EUR that came to Stripe without a request from here; pays by this card."""

    def pay(number="4242424242424242"):
        v1 = shop.client.v1
        intent = shop.client.ask(
            v1.payment_intents.create,
            amount=11900,
            currency="eur",
            automatic_payment_methods={"enabled": True},
        )
        shop.server.control.pay(intent["id"], number=number)
        shop.look()
        return shop.charge()

    return pay


def at_stripe(shop):
    """What our account there holds, in euro, by its own count."""
    rows = shop.server.world.tables["balance_transaction"].values()
    return Decimal(sum(one["net"] for one in rows)) / 100


def test_money_that_nobody_asked_for_waits_and_can_be_assigned(shop, parked, by):
    invoice, charge = shop.invoice(), parked()
    assert (charge.payment, charge.reason) == (
        None,
        "Zu dieser Zahlung gibt es keine Anforderung von hier.",
    )
    assert owed(invoice) == "119.00"

    assign(charge, invoice, client=shop.client, by=by)
    assert owed(invoice) == "0.00"
    assert Fee.objects.count() == 1
    assert on_account() == at_stripe(shop)


def test_money_is_assigned_once(shop, parked, by):
    invoice, charge = shop.invoice(), parked()
    assign(charge, invoice, client=shop.client, by=by)
    with pytest.raises(Problem) as refusal:
        assign(charge, invoice, client=shop.client, by=by)
    assert refusal.value.code == "STRIPE_2108"


@pytest.mark.parametrize("told", [True, False])
def test_what_was_refunded_before_is_booked_with_the_assignment(shop, parked, by, told):
    invoice, charge = shop.invoice(), parked()
    v1 = shop.client.v1
    shop.client.ask(v1.refunds.create, payment_intent=charge.payment_intent, amount=1900)
    if told:
        shop.look()
        assert StripeRefund.objects.get().payment is None

    assign(charge, invoice, client=shop.client, by=by)
    amounts = Payment.objects.order_by("pk").values_list("amount", flat=True)
    assert [str(one) for one in amounts] == ["119.00", "-19.00"]
    assert owed(invoice) == "19.00"
    assert on_account() == at_stripe(shop)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("outcome", "rest"), [("", "119.00"), ("won", "0.00")])
def test_what_the_bank_took_before_is_booked_with_the_assignment(
    shop, parked, by, told, outcome, rest
):
    invoice, charge = shop.invoice(), parked()
    dispute = shop.server.control.return_debit(charge.charge_id)
    if outcome:
        shop.server.control.decide_dispute(dispute["id"], outcome)
    if told:
        shop.look()
        assert StripeDispute.objects.get().payment is None

    assign(charge, invoice, client=shop.client, by=by)
    assert owed(invoice) == rest
    assert on_account() == at_stripe(shop)


def test_a_refund_that_failed_before_changes_nothing(shop, parked, by):
    invoice, charge = shop.invoice(), parked("4000000000005126")
    shop.client.ask(shop.client.v1.refunds.create, payment_intent=charge.payment_intent)
    shop.server.control.finish("refund_ends")

    assign(charge, invoice, client=shop.client, by=by)
    assert owed(invoice) == "0.00"
    assert on_account() == at_stripe(shop)
