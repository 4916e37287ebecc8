"""What each event does, and what it does not."""

from decimal import Decimal

import pytest

from payments import tasks
from payments.models import Fee, Payment
from payments.stripe import connecting, payouts
from payments.stripe.models import (
    StripeCharge,
    StripeDispute,
    StripeEvent,
    StripePayout,
    StripeRefund,
    StripeRequest,
)
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent, User

State = StripeRequest.State
GOOD, BAD, RETURNED = (
    "DE89370400440532013000",
    "DE62370400440532013001",
    "DE35370400440532013002",
)
DISPUTED = "4000000000000259"


def test_a_completed_paid_session_is_booked_with_its_fee(shop):
    shop.pay()
    event = shop.apply(shop.stripe.control.events("checkout.session.completed")[0])
    assert event.state == StripeEvent.State.DONE
    payment = Payment.objects.get()
    assert (payment.amount, payment.method) == (Decimal("119.00"), "credit_card")
    assert [fee.amount for fee in Fee.objects.all()] == [Decimal("2.04")]
    assert (shop.owed, shop.request.state) == (0, State.PAID)
    assert shop.in_books() == shop.at_stripe() == Decimal("116.96")


def test_a_completed_unpaid_session_is_under_way_and_books_nothing(shop):
    shop.pay(iban=GOOD)
    shop.apply(shop.stripe.control.events("checkout.session.completed")[0])
    assert (shop.payments(), shop.request.state) == ([], State.PROCESSING)
    assert shop.owed == Decimal("119.00")


@pytest.mark.parametrize("kind", ["payment_intent.processing", "charge.pending"])
def test_a_debit_that_has_begun_is_under_way(shop, kind):
    shop.pay(iban=GOOD)
    shop.apply(shop.stripe.control.events(kind)[0])
    assert (shop.payments(), shop.request.state) == ([], State.PROCESSING)


@pytest.mark.parametrize(
    "kind",
    ["checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.succeeded"],
)
def test_a_debit_that_succeeds_is_booked_by_whichever_event_is_first(shop, kind):
    shop.pay(iban=GOOD)
    shop.stripe.control.finish("debit_ends")
    shop.apply(shop.stripe.control.events(kind)[0])
    shop.apply_all()
    assert (shop.payments(), shop.owed) == (["119.00"], 0)
    assert Payment.objects.get().method == "direct_debit"
    assert shop.in_books() == shop.at_stripe()


@pytest.mark.parametrize(
    "kind", ["checkout.session.async_payment_failed", "payment_intent.payment_failed"]
)
def test_a_debit_that_fails_leaves_the_invoice_open_and_says_why(shop, kind):
    shop.pay(iban=BAD)
    shop.apply_all()
    shop.stripe.control.finish("debit_ends")
    shop.apply(shop.stripe.control.events(kind)[0])
    request = shop.request
    assert (shop.payments(), request.state) == ([], State.FAILED)
    assert "insufficient funds" in request.last_error
    assert shop.session().stripe_id != request.stripe_id


def test_a_declined_card_says_why_and_the_session_stays_open(shop):
    request = shop.pay(number="4000000000009995")
    shop.apply_all("payment_intent.payment_failed")
    request.refresh_from_db()
    assert request.state == State.OPEN
    assert request.last_error == "Your card has insufficient funds."
    assert shop.session().pk == request.pk


@pytest.mark.parametrize("kind", ["checkout.session.expired", "payment_intent.canceled"])
def test_an_expired_session_makes_room_for_a_new_one(shop, kind):
    request = shop.pay(number="4000000000009995")
    shop.stripe.control.advance(days=1)
    shop.stripe.control.advance(days=-1)  # the next session is for our own day again
    shop.apply_all(kind)
    request.refresh_from_db()
    assert request.state == State.CLOSED
    assert shop.session().pk != request.pk


@pytest.mark.parametrize("kind", ["refund.created", "charge.refunded"])
def test_a_refund_in_the_dashboard_opens_the_invoice_again(shop, kind):
    shop.pay()
    shop.apply_all()
    refund_at_stripe(shop, 4000)
    shop.apply(shop.stripe.control.events(kind)[0])
    shop.apply_all()
    assert shop.payments() == ["119.00", "-40.00"]
    assert shop.owed == Decimal("40.00")
    assert StripeRefund.objects.get().state == StripeRefund.State.SUCCEEDED
    assert shop.in_books() == shop.at_stripe()


def test_a_refund_that_takes_time_is_told_when_it_has_arrived(shop):
    shop.pay(number="4000000000007726")
    shop.apply_all()
    refund_at_stripe(shop)
    shop.apply_all()
    assert StripeRefund.objects.get().state == StripeRefund.State.PENDING
    shop.stripe.control.finish("refund_ends")
    shop.apply_all("refund.updated")
    assert StripeRefund.objects.get().state == StripeRefund.State.SUCCEEDED
    assert shop.in_books() == shop.at_stripe()


def test_a_refund_that_fails_is_taken_back(shop):
    shop.pay(number="4000000000005126")
    shop.apply_all()
    refund_at_stripe(shop)
    shop.apply_all()
    assert shop.owed == Decimal("119.00")
    shop.stripe.control.finish("refund_ends")
    shop.apply_all("refund.failed")
    assert (shop.owed, shop.payments()) == (0, ["119.00"])
    assert StripeRefund.objects.get().state == StripeRefund.State.FAILED
    assert shop.in_books() == shop.at_stripe()


@pytest.mark.parametrize("kind", ["charge.dispute.created", "charge.dispute.funds_withdrawn"])
def test_a_dispute_takes_the_money_and_a_fee(shop, kind):
    shop.pay(number=DISPUTED)
    shop.apply_all("payment_intent.succeeded")
    shop.apply(shop.stripe.control.events(kind)[0])
    shop.apply_all()
    assert (shop.owed, shop.payments()) == (Decimal("119.00"), ["119.00", "-119.00"])
    assert StripeDispute.objects.get().status == "needs_response"
    assert sorted(fee.amount for fee in Fee.objects.all()) == [Decimal("2.04"), Decimal("20.00")]
    assert shop.in_books() == shop.at_stripe()


@pytest.mark.parametrize("kind", ["charge.dispute.funds_reinstated", "charge.dispute.closed"])
def test_a_dispute_that_is_won_brings_the_money_back(shop, kind):
    shop.pay(number=DISPUTED)
    shop.apply_all()
    shop.stripe.control.decide_dispute(dispute_of(shop), "won")
    shop.apply(shop.stripe.control.events(kind)[0])
    shop.apply_all()
    assert (shop.owed, shop.payments()) == (0, ["119.00"])
    assert StripeDispute.objects.get().status == "won"
    assert shop.in_books() == shop.at_stripe()


def test_a_dispute_that_is_lost_stays_taken(shop):
    shop.pay(number=DISPUTED)
    shop.apply_all()
    shop.stripe.control.decide_dispute(dispute_of(shop), "lost")
    shop.apply_all()
    assert (shop.owed, StripeDispute.objects.get().status) == (Decimal("119.00"), "lost")


def test_an_inquiry_of_the_bank_takes_nothing(shop):
    shop.pay(number="4000000000001976")
    shop.apply_all()
    assert (shop.owed, StripeDispute.objects.get().status) == (0, "warning_needs_response")
    assert shop.in_books() == shop.at_stripe()


def test_a_returned_debit_opens_the_invoice_again_for_good(shop):
    shop.pay(iban=RETURNED)
    shop.stripe.control.finish("debit_ends")
    shop.apply_all()
    assert (shop.owed, StripeDispute.objects.get().status) == (Decimal("119.00"), "lost")
    assert shop.in_books() == shop.at_stripe()


def test_a_fee_that_is_known_late_is_booked_by_its_event(shop):
    shop.stripe.world.fees_late = True
    shop.pay()
    shop.apply_all()
    assert (shop.owed, Fee.objects.count()) == (0, 0)
    shop.stripe.control.finish("fee_known")
    shop.apply_all("charge.updated")
    assert Fee.objects.get().amount == Decimal("2.04")
    assert shop.in_books() == shop.at_stripe()


def test_a_payout_is_itemised_when_stripe_has_closed_it(shop):
    shop.pay()
    shop.stripe.control.advance(days=3)
    shop.stripe.control.pay_out()
    shop.stripe.control.advance(days=2)
    shop.apply_all()
    payout = StripePayout.objects.get()
    assert (payout.state, payout.is_itemised) == (StripePayout.State.PAID, True)
    assert [row.net for row in payout.movements.all()] == [payout.amount] == [Decimal("116.96")]


def test_a_payout_that_fails_says_so(shop):
    shop.pay()
    shop.stripe.control.advance(days=3)
    payout = shop.stripe.control.pay_out()
    shop.stripe.control.fail_payout(payout["id"])
    shop.apply_all()
    assert StripePayout.objects.get().state == StripePayout.State.FAILED
    assert StripePayout.objects.get().error == "The bank account has been closed."


def test_a_payout_that_fails_after_it_arrived_is_taken_back_by_its_event(shop):
    shop.pay()
    shop.stripe.control.advance(days=3)
    told = shop.stripe.control.pay_out()
    shop.stripe.control.finish("payout_arrives")
    shop.apply_all()
    payout = StripePayout.objects.get()
    bank = MoneyAccount.objects.filter(kind="bank").first()
    payouts.arrive(payout, bank, on=payout.arrival_date, by=shop.by)
    assert shop.in_books() == 0

    shop.stripe.control.fail_payout(told["id"])
    (event,) = shop.apply_all("payout.failed")
    shop.apply_all()
    payout.refresh_from_db()
    assert (payout.state, payout.arrival) == (StripePayout.State.FAILED, None)
    assert shop.in_books() == Decimal("116.96")
    assert event.result.endswith("gescheitert. Der gebuchte Eingang ist zurückgenommen.")
    recalled = AuditEvent.objects.get(event="stripe.payout_recalled")
    assert recalled.actor == User.objects.system()
    assert recalled.payload["error"] == "The bank account has been closed."


def test_the_worker_books_an_event_and_leaves_a_problem_with_it(shop):
    shop.pay()
    (told,) = shop.stripe.control.events("payment_intent.succeeded")
    shop.tell(told)
    first = StripeEvent.objects.get()
    tasks.apply_event.apply(args=[first.pk]).get()
    assert shop.payments() == ["119.00"]

    connecting.remove(by=shop.by)
    StripeEvent.objects.update(state=StripeEvent.State.RECEIVED)
    tasks.apply_event.apply(args=[first.pk]).get()
    first.refresh_from_db()
    assert (first.state, first.attempts) == (StripeEvent.State.FAILED, 2)
    assert first.result.startswith("Stripe ist nicht verbunden.")


def test_an_unknown_kind_of_event_is_kept_and_has_no_effect(shop):
    shop.stripe.world.happened("customer.created", {"id": "cus_1", "object": "customer"})
    (event,) = shop.apply_all("customer.created")
    assert event.state == StripeEvent.State.IGNORED


def test_an_event_of_one_money_is_not_booked_again_by_another_one(shop):
    shop.pay()
    shop.apply_all()
    shop.apply_all()
    assert (shop.payments(), StripeCharge.objects.count(), Fee.objects.count()) == (
        ["119.00"],
        1,
        1,
    )


def refund_at_stripe(shop, cents=None):
    """A refund that nobody ordered here."""
    from simulators.stripe import refunding

    world = shop.stripe.world
    (charge,) = world.tables["charge"].values()
    refunding.refund(world, charge, cents, reason=None, metadata={})


def dispute_of(shop):
    (dispute,) = shop.stripe.world.tables["dispute"]
    return dispute
