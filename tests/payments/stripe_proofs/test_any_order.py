"""Whatever happens to the events of a payment on their way, the books end the same."""

import random
from contextlib import suppress

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from simulators.stripe import refunding
from simulators.stripe.refusals import Refusal
from tests.payments.stripe_proofs.shop import CARD

DEBIT = "DE89370400440532013000"
MEANS = {
    "card": {"number": CARD},
    "declined": {"number": "4000000000009995"},
    "disputed": {"number": "4000000000000259"},
    "refund fails": {"number": "4000000000005126"},
    "refund takes time": {"number": "4000000000007726"},
    "debit": {"iban": DEBIT},
    "debit fails": {"iban": "DE62370400440532013001"},
    "debit is returned": {"iban": "DE35370400440532013002"},
}
steps = st.lists(
    st.sampled_from(
        "refund refund refund_rest fee_known debit_ends refund_ends dispute won lost pay_out "
        "time_passes expire".split()
    ),
    max_size=4,
)


class Killed(BaseException):
    """The process is gone."""


class Story:
    """One payment at Stripe; steps that cannot be taken now are left out."""

    def __init__(self, shop, means, numbers):
        self.shop = shop
        self.control = shop.stripe.control
        self.dice = numbers
        self.pending = []
        self.told = len(self.control.events())
        self.request = shop.session()
        self.do(lambda: shop.pay(self.request, **MEANS[means]))
        if means == "declined":
            self.do(lambda: shop.pay(self.request, number=CARD))

    def do(self, step):
        """Take the step; then some events are told, in any order and some of them again."""
        step()
        happened = self.control.events()
        self.pending += happened[self.told :]
        self.told = len(happened)
        self.dice.shuffle(self.pending)
        for _ in range(self.dice.randint(0, len(self.pending))):
            self.deliver(self.pending[0])
            if self.dice.random() < 0.7:
                self.pending.pop(0)
            self.dice.shuffle(self.pending)

    def deliver(self, event):
        """Tell an event and apply it; now and then the process dies on the way."""
        with suppress(Killed), connection.execute_wrapper(self.dies()):
            self.shop.work(event)

    def dies(self):
        """A wrapper of statements that kills at one of them, or at none."""
        left = [self.dice.choice([-1, -1, self.dice.randint(1, 120)])]

        def run(execute, sql, params, many, context):
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return execute(sql, params, many, context)

        return run

    def end(self):
        """Everything is told at last, some of it again, nobody dies any more."""
        rest = self.control.events()
        self.dice.shuffle(rest)
        for event in rest:
            self.shop.work(event)

    # Steps

    @property
    def charge(self):
        rows = self.shop.stripe.world.tables["charge"].values()
        return next((one for one in rows if one["status"] == "succeeded"), None)

    def refund(self):
        self.give_back(3000)

    def refund_rest(self):
        self.give_back(None)

    def give_back(self, cents):
        world = self.shop.stripe.world
        if self.charge:
            with suppress(Refusal):
                refunding.refund(world, self.charge, cents, reason=None, metadata={})

    def fee_known(self):
        self.control.finish("fee_known")

    def debit_ends(self):
        self.control.finish("debit_ends")

    def refund_ends(self):
        self.control.finish("refund_ends")

    def dispute(self):
        if self.charge and not self.charge["disputed"] and not self.charge["refunded"]:
            self.control.return_debit(self.charge["id"])

    def won(self):
        self.decide("won")

    def lost(self):
        self.decide("lost")

    def decide(self, outcome):
        for one in self.shop.stripe.world.tables["dispute"].values():
            if one["status"] == "needs_response":
                self.control.decide_dispute(one["id"], outcome)

    def pay_out(self):
        self.control.advance(days=3)
        self.control.pay_out()

    def time_passes(self):
        self.control.advance(days=2)

    def expire(self):
        self.control.advance(days=1)


def begin(shop, *, fees_late, fees_back):
    """A Stripe to which nothing has happened yet."""
    world = shop.stripe.world
    world.begin()
    world.fees_late, world.dispute_fee_back = fees_late, fees_back
    world.refund_fee = -25 if fees_back else 0
    shop.listen()


def both_ways(shop, means, later, seed):
    """The figures after the events were tossed about, and those after they came in order."""
    shop.session()
    before = transaction.savepoint()
    story = Story(shop, means, random.Random(seed))
    for step in later:
        story.do(getattr(story, step))
    for act in ("debit_ends", "fee_known", "refund_ends"):
        story.do(lambda act=act: shop.stripe.control.finish(act))
    story.end()
    tossed = shop.figures()
    transaction.savepoint_rollback(before)
    for event in shop.stripe.control.events():
        shop.work(event)
    return tossed, shop.figures()


@pytest.mark.slow
@pytest.mark.django_db
def test_any_order_repetition_and_crash_ends_in_the_same_books(shop):
    @settings(
        max_examples=24,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        means=st.sampled_from(sorted(MEANS)),
        later=steps,
        fees_late=st.booleans(),
        fees_back=st.booleans(),
        seed=st.integers(0, 2**32),
    )
    def story(means, later, fees_late, fees_back, seed):
        with transaction.atomic():
            begin(shop, fees_late=fees_late, fees_back=fees_back)
            tossed, in_order = both_ways(shop, means, later, seed)
            assert tossed == in_order
            assert shop.in_books() == shop.at_stripe()
            transaction.set_rollback(True)

    story()
