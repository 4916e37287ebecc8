"""What is not ours, not now or not as agreed is refused or waits for a person."""

import time
from decimal import Decimal

import pytest

from invoicing.models import Invoice
from payments.recording import record_payment
from payments.stripe import checkout, connecting
from payments.stripe.client import Client, connect
from payments.stripe.models import StripeCharge, StripeEvent, StripeRequest
from simulators.stripe import LIVE_KEY, SECRET_KEY, WEBHOOK_SECRET
from simulators.stripe.events import body_of, sign
from tests.payments.stripe_proofs.shop import URL
from tests.trade import DAY
from workmate.ledger.models import MoneyAccount
from workmate.ledger.money_accounts import open_money_account


@pytest.fixture
def event(shop):
    shop.pay()
    return shop.stripe.control.events("payment_intent.succeeded")[0]


def test_a_wrong_signature_is_refused_and_kept_nowhere(shop, event):
    assert shop.tell(event, secret="whsec_somebody_else").status_code == 400
    assert not StripeEvent.objects.exists()


def test_a_changed_body_is_refused(shop, event):
    body = body_of(event)
    signature = sign(body, WEBHOOK_SECRET)
    answer = shop.browser.post(
        URL,
        data=body.replace(b"11900", b"99900"),
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert (answer.status_code, StripeEvent.objects.count()) == (400, 0)


@pytest.mark.parametrize("signature", ["", "t=1", "v1=00", "t=x,v1=00", "nonsense"])
def test_a_malformed_signature_is_refused(shop, event, signature):
    answer = shop.browser.post(
        URL,
        data=body_of(event),
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )
    assert answer.status_code == 400


def test_a_stale_signature_is_refused_and_a_fresh_one_taken(shop, event):
    now = int(time.time())
    assert shop.tell(event, at=now - 301).status_code == 400
    assert shop.tell(event, at=now - 290).status_code == 200


def test_both_secrets_are_taken_while_one_is_replaced(shop, event):
    connecting.save({"webhook_secret": "whsec_the_new_one_of_two"}, by=shop.by)
    assert shop.tell(event).status_code == 200
    assert shop.tell(event, secret="whsec_the_new_one_of_two").status_code == 200
    connecting.forget_old_secret(by=shop.by)
    assert shop.tell(event).status_code == 400


def test_only_posts_are_taken(shop):
    assert shop.browser.get(URL).status_code == 405


def test_a_body_that_is_too_large_is_refused(shop, event):
    answer = shop.browser.post(URL, data=b"x" * 2_000_000, content_type="application/json")
    assert answer.status_code == 413


def test_signed_nonsense_is_a_bad_request(shop):
    for body in (b"[]", b"{}", b"\xff", b'{"object": "event"}'):
        answer = shop.browser.post(
            URL,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": sign(body, WEBHOOK_SECRET)},
        )
        assert answer.status_code == 400, body


def test_an_event_of_a_foreign_account_waits_for_a_person(shop, event):
    shop.apply(event | {"account": "acct_foreign"})
    charge = StripeCharge.objects.get()
    assert (charge.payment, shop.payments()) == (None, [])
    assert "acct_foreign" in charge.reason


def test_an_event_of_the_other_mode_waits_for_a_person(shop, event):
    shop.apply(event | {"livemode": True})
    assert (StripeCharge.objects.get().payment, shop.payments()) == (None, [])


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [(11900, "usd", Decimal("119.00")), (9900, "eur", Decimal("99.00")), (11900, "jpy", 11900)],
)
def test_another_amount_or_currency_waits_for_a_person(shop, amount, currency, shown):
    """As from a mistake in the dashboard: the metadata are ours, the money is not what we asked."""
    request = shop.session()
    pay_otherwise(shop, amount, currency, {"request": str(request.uuid)})
    shop.apply_all()
    charge = StripeCharge.objects.get()
    assert (charge.payment, charge.amount, charge.currency) == (None, shown, currency.upper())
    assert (shop.payments(), shop.owed) == ([], Decimal("119.00"))


def test_money_that_nobody_asked_for_waits_for_a_person(shop):
    pay_otherwise(shop, 5000, "eur", {})
    shop.apply_all()
    assert (StripeCharge.objects.get().payment, shop.payments()) == (None, [])
    assert StripeCharge.objects.get().amount == Decimal("50.00")


@pytest.mark.parametrize("number", ["x" * 36, "00000000-0000-0000-0000-000000000000", "'"])
def test_money_with_foreign_metadata_waits_for_a_person(shop, number):
    pay_otherwise(shop, 5000, "eur", {"request": number})
    shop.apply_all()
    assert (StripeCharge.objects.get().payment, shop.payments()) == (None, [])


def pay_otherwise(shop, amount, currency, metadata):
    """A payment that was made at Stripe by hand."""
    intent = connect().ask(
        connect().v1.payment_intents.create, amount=amount, currency=currency, metadata=metadata
    )
    shop.stripe.control.pay(intent["id"])


def by_transfer(shop, amount):
    """So much of the invoice comes by bank."""
    bank = MoneyAccount.objects.filter(kind="bank").first()
    record_payment(
        money_account=bank or open_money_account("Bank", by=shop.by),
        received_on=DAY,
        amount=Decimal(amount),
        method="transfer",
        allocations=[(shop.invoice.open_item, Decimal(amount))],
        by=shop.by,
    )


def test_what_was_read_before_a_payment_asks_for_what_is_owed_now(shop):
    stale = Invoice.objects.select_related("open_item").get(pk=shop.invoice.pk)
    first = shop.session()
    by_transfer(shop, "19.00")
    asked = checkout.ask_for(stale, StripeRequest.Kind.SESSION, client=connect(), by=shop.by)
    assert asked.pk != first.pk
    assert asked.amount == shop.owed == Decimal("100.00")


class Interrupted(Client):
    """A client during whose first question something else happens."""

    def __init__(self, meanwhile):
        super().__init__(SECRET_KEY)
        self.meanwhile = [meanwhile]

    def ask(self, call, *ids, **params):
        answer = super().ask(call, *ids, **params)
        while self.meanwhile:
            self.meanwhile.pop()()
        return answer


def test_a_payment_while_somebody_asks_never_leaves_the_amount_of_before(shop):
    shop.session()
    by_transfer(shop, "19.00")

    def meanwhile():
        """Another window opens the page, and then money comes."""
        assert shop.session().amount == Decimal("100.00")
        by_transfer(shop, "50.00")

    asked = checkout.ask_for(
        shop.invoice, StripeRequest.Kind.SESSION, client=Interrupted(meanwhile), by=shop.by
    )
    assert asked.amount == shop.owed == Decimal("50.00")
    assert StripeRequest.objects.filter(state__in=StripeRequest.LIVE).get() == asked


def test_a_session_of_the_test_mode_does_not_stand_in_the_way_of_the_live_one(shop, settings):
    settings.PUBLIC_URL = "https://rechnungen.example"
    first = shop.session()
    live = {"publishable_key": "pk_live_SimulatorWorkmate", "secret_key": LIVE_KEY}
    connecting.save(live, by=shop.by)
    asked = shop.session()
    first.refresh_from_db()
    assert (first.state, asked.state) == (StripeRequest.State.CLOSED, StripeRequest.State.OPEN)
    assert (first.livemode, asked.livemode) == (False, True)
