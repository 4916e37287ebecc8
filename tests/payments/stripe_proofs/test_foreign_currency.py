"""A foreign invoice is paid through Stripe to the end; the balance there is in euro."""

from decimal import Decimal

import pytest

from payments.stripe import payouts
from payments.stripe.models import StripeCharge, StripePayout, StripeRequest
from simulators.stripe import refunding
from tests.payments.stripe_proofs.shop import FAR, Shop
from tests.trade import DAY
from workmate.ledger.exchange_rates import Rate, enter
from workmate.ledger.models import Account, MoneyAccount
from workmate.models import User


@pytest.fixture
def dollars(db, stripe):
    """One open invoice of 119.00 USD at 1 EUR = 1.10 USD: 108.18 EUR in the books."""
    system = User.objects.system()
    enter(
        [Rate(currency="USD", month=DAY.replace(day=1), rate=Decimal("1.1"))],
        source="BMF",
        by=system,
    )
    return Shop(stripe, currency="USD")


def on(number):
    """What lies on the account, in euro."""
    return Account.objects.balances(on=FAR).get(number=number).balance


def test_the_rate_of_stripe_settles_it_and_the_difference_is_posted(dollars):
    shop = dollars
    request = shop.pay()
    assert (request.amount, request.currency) == (Decimal("119.00"), "USD")
    shop.apply_all()

    charge = StripeCharge.objects.get()
    assert (charge.payment.amount, charge.payment.currency) == (Decimal("119.00"), "USD")
    assert shop.owed == 0
    assert shop.figures()["states"] == [StripeRequest.State.PAID]
    assert on("2660") == Decimal("-1.30")  # 0.92 EUR a dollar are 109.48, less 108.18
    assert shop.in_books() == shop.at_stripe()


def test_a_refund_opens_it_in_dollars_and_the_payout_leaves_nothing(dollars):
    shop = dollars
    shop.pay()
    shop.apply_all()
    charge = StripeCharge.objects.get()
    world = shop.stripe.world
    there = world.tables["charge"][charge.charge_id]
    refunding.refund(world, there, 1900, reason=None, metadata={})
    shop.apply_all()
    assert shop.owed == Decimal("19.00")
    assert shop.in_books() == shop.at_stripe()

    shop.stripe.control.advance(days=3)
    told = shop.stripe.control.pay_out()
    shop.stripe.control.finish("payout_arrives")
    shop.apply_all("payout.reconciliation_completed")
    payout = StripePayout.objects.get(payout_id=told["id"])
    bank = MoneyAccount.objects.filter(kind="bank").first()
    payout = payouts.arrive(payout, bank, on=payout.arrival_date, by=shop.by)
    assert (payout.currency, payouts.difference(payout)) == ("EUR", 0)
    assert shop.in_books() == 0
