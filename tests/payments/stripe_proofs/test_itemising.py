"""Of a payout that has arrived nothing remains on the transit account, whatever it consists of."""

from decimal import Decimal

import pytest

from payments.models import Payment
from payments.stripe import payouts
from payments.stripe.assigning import assign
from payments.stripe.client import connect
from payments.stripe.models import StripeCharge, StripeMovement, StripePayout
from simulators.stripe import refunding
from tests.payments.stripe_proofs.shop import FAR
from tests.trade import an_invoice
from workmate.ledger.models import Account, MoneyAccount
from workmate.models import AuditEvent

# What comes from no payment: type, reporting category, amount and fee in cents, account (SKR03).
ALONE = [
    ("stripe_fee", "fee", -500, 0, "4970"),
    ("stripe_fee", "fee", 200, 0, "4970"),
    ("stripe_fx_fee", "fee", -30, 0, "4970"),
    ("payment_network_reserve_hold", "risk_reserved_funds", -1000, 0, "1500"),
    ("reserve_transaction", "risk_reserved_funds", 400, 0, "1500"),
    ("reserved_funds", "risk_reserved_funds", -50, 0, "1500"),
    ("adjustment", "other_adjustment", -125, 0, "1590"),
    ("adjustment", "network_cost", -75, 0, "4970"),
    ("tax_fee", "tax", -95, 0, "4970"),
    ("topup", "topup", 5000, 0, "1590"),
    ("topup_reversal", "topup_reversal", -1000, 0, "1590"),
    ("transfer", "transfer", -800, 10, "1590"),
    ("contribution", "contribution", -100, 0, "1590"),
    ("payment_failure_refund", "charge_failure", -300, 0, "1590"),
    ("something_new", "something_new", 7, 0, "1590"),
]


def balance(number):
    """What lies on the account now."""
    return Account.objects.balances(on=FAR).get(number=number).balance


def arrive(shop):
    """Everything available is paid out and arrives; the payout as we know it."""
    shop.stripe.control.advance(days=3)
    told = shop.stripe.control.pay_out()
    shop.stripe.control.finish("payout_arrives")
    shop.apply_all("payout.reconciliation_completed")
    payout = StripePayout.objects.get(payout_id=told["id"])
    bank = MoneyAccount.objects.filter(kind="bank").first()
    return payouts.arrive(payout, bank, on=payout.arrival_date, by=shop.by)


def refund(shop, charge_id, cents=None):
    """A refund from the dashboard."""
    world = shop.stripe.world
    charge = world.tables["charge"][charge_id]
    return refunding.refund(world, charge, cents, reason=None, metadata={})


def another(shop, **means):
    """One more invoice of 119.00 EUR, paid; its charge, if the money is there."""
    invoice = an_invoice(shop.by, customer=shop.customer)
    shop.pay(shop.session(invoice), **means)
    shop.apply_all()
    return StripeCharge.objects.filter(request__invoice=invoice).first()


def unasked(shop):
    """119.00 EUR that nobody here had asked for."""
    client = connect()
    intent = client.ask(client.v1.payment_intents.create, amount=11900, currency="eur")
    shop.stripe.control.pay(intent["id"])
    return intent["id"]


@pytest.mark.parametrize(("kind", "category", "cents", "fee", "account"), ALONE)
def test_what_belongs_to_no_payment_is_posted_from_the_payout(
    shop, kind, category, cents, fee, account
):
    shop.pay()
    shop.apply_all()
    before = balance(account)
    shop.stripe.control.enter(kind, category, cents, fee=fee, text="Was Stripe dazu sagt")
    arrive(shop)
    assert before - balance(account) == Decimal(cents - fee) / 100
    assert shop.in_books() == 0


def test_a_payout_of_everything_leaves_nothing_in_transit(shop):
    control, world = shop.stripe.control, shop.stripe.world
    world.refund_fee, world.dispute_fee_back = -25, True
    shop.pay()
    shop.apply_all()
    control.advance(days=3)
    control.fail_payout(control.pay_out()["id"])
    control.advance(days=-3)  # sessions are for our own day
    for kind, category, cents, fee, _ in ALONE:
        control.enter(kind, category, cents, fee=fee)
    refund(shop, another(shop).charge_id, 4000)
    refund(shop, another(shop, number="4000000000005126").charge_id)
    control.finish("refund_ends")
    another(shop, number="4000000000000259")
    won = another(shop, number="4000000000000259").disputes.get()
    control.decide_dispute(won.dispute_id, "won")
    another(shop, iban="DE89370400440532013000")
    control.finish("debit_ends")
    unasked(shop)
    shop.apply_all()

    payout = arrive(shop)
    assert shop.in_books() == 0
    assert payouts.difference(payout) == 0
    categories = set(StripeMovement.objects.values_list("category", flat=True))
    assert categories == {one[1] for one in ALONE} | {
        "charge",
        "refund",
        "refund_failure",
        "dispute",
        "dispute_reversal",
        "payout_reversal",
    }
    assert AuditEvent.objects.filter(event="stripe.payout_itemised").exists()


def test_a_payout_that_is_told_before_its_payments_books_them_first(shop):
    shop.pay()
    charge = next(iter(shop.stripe.world.tables["charge"]))
    refund(shop, charge, 4000)
    payout = arrive(shop)
    assert shop.payments() == ["119.00", "-40.00"]
    assert [row.entry for row in payout.movements.all()] == [None, None]
    assert (shop.owed, shop.in_books()) == (Decimal("40.00"), 0)
    shop.apply_all()
    assert (shop.payments(), shop.in_books()) == (["119.00", "-40.00"], 0)


def test_money_that_nobody_assigned_is_parked_and_taken_up_when_somebody_does(shop):
    intent = unasked(shop)
    shop.apply_all()
    charge = StripeCharge.objects.get(payment_intent=intent)
    refund(shop, charge.charge_id, 1900)
    arrive(shop)
    assert (shop.in_books(), balance("1590"), shop.payments()) == (0, Decimal("-97.96"), [])

    assign(charge, shop.invoice, client=connect(), by=shop.by)
    assert (shop.in_books(), balance("1590")) == (0, 0)
    assert shop.payments() == ["119.00", "-19.00"]
    assert shop.owed == Decimal("19.00")


@pytest.mark.parametrize(("cents", "fees"), [(-25, "1.79"), (10, "2.14")])
def test_the_fee_of_a_refund_is_booked_with_it_once(shop, cents, fees):
    shop.pay()
    shop.apply_all()
    shop.stripe.world.refund_fee = cents
    refund(shop, StripeCharge.objects.get().charge_id, 4000)
    shop.apply_all()
    shop.apply_all()
    assert balance("4970") == Decimal(fees)
    assert shop.in_books() == shop.at_stripe()
    arrive(shop)
    assert (balance("4970"), shop.in_books()) == (Decimal(fees), 0)


def test_the_fee_of_a_dispute_that_is_won_comes_back(shop):
    shop.stripe.world.dispute_fee_back = True
    shop.pay(number="4000000000000259")
    shop.apply_all()
    assert balance("4970") == Decimal("22.04")
    dispute = next(iter(shop.stripe.world.tables["dispute"]))
    shop.stripe.control.decide_dispute(dispute, "won")
    shop.apply_all()
    assert balance("4970") == Decimal("2.04")
    assert Payment.objects.valid().count() == 1
    assert shop.in_books() == shop.at_stripe()


def test_the_page_of_a_payout_names_the_account_of_each_movement(shop):
    shop.pay()
    shop.apply_all()
    shop.stripe.control.enter("adjustment", "other_adjustment", -125)
    payout = arrive(shop)
    shop.browser.force_login(shop.by)
    page = shop.browser.get(payout.get_absolute_url()).text
    assert "steht auf 1590 Durchlaufende Posten" in page
    assert [word in page for word in ("Korrektur durch Stripe", "mit der Zahlung")] == [True, True]
