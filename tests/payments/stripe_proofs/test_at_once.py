"""Many deliveries and many workers at the same moment book once."""

import pytest
from django.db import connections

from payments.models import Fee, Payment
from payments.stripe import events
from payments.stripe.models import StripeCharge, StripeEvent
from simulators.stripe import WEBHOOK_SECRET
from simulators.stripe.events import body_of, post
from tests.payments.stripe_proofs.shop import URL, Shop
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(transactional_db, stripe):
    return Shop(stripe)


@pytest.mark.slow
def test_two_hundred_deliveries_of_one_event_are_kept_once(shop, live_server):
    shop.pay()
    body = body_of(shop.stripe.control.events("payment_intent.succeeded")[0])

    def deliver(number):
        return [post(live_server.url + URL, body, WEBHOOK_SECRET) for _ in range(10)]

    answers = at_once(deliver, 20)
    connections.close_all()
    assert answers == [[200] * 10] * 20
    assert StripeEvent.objects.count() == 1


def test_every_event_of_a_payment_applied_by_eight_workers_books_once(shop):
    shop.pay(number="4000000000000259")
    shop.stripe.control.decide_dispute(*shop.stripe.world.tables["dispute"], "lost")
    told = shop.stripe.control.events()
    for event in told:
        assert shop.tell(event).status_code == 200
    rows = list(StripeEvent.objects.order_by("pk").values_list("pk", flat=True))

    def work(number):
        turned = rows[number % len(rows) :] + rows[: number % len(rows)]
        return [events.apply(pk).state for pk in turned]

    done = at_once(work, 8)
    assert [state for states in done for state in states if state == "failed"] == []
    assert shop.payments() == ["119.00", "-119.00"]
    assert (StripeCharge.objects.count(), Fee.objects.count(), Payment.objects.count()) == (1, 2, 2)
    assert shop.in_books() == shop.at_stripe()


def test_refunds_ordered_by_two_people_at_once_give_back_no_more_than_was_paid(shop):
    from payments.stripe import returning
    from payments.stripe.client import connect

    shop.pay()
    shop.apply_all()
    charge = StripeCharge.objects.get()

    def give_back(number):
        return returning.order_refund(charge, charge.amount, client=connect(), by=shop.by)

    done = at_once(give_back, 4)
    assert sum(isinstance(one, str) for one in done) == 1
    shop.apply_all()
    assert shop.payments() == ["119.00", "-119.00"]
    assert shop.in_books() == shop.at_stripe()
