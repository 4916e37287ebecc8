"""The simulator says what Stripe says, to the official package."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe as sdk
from stripe import StripeClient

from simulators.stripe import LIVE_KEY, RESTRICTED_KEY, SECRET_KEY, StripeServer

CARD = "4242424242424242"


@pytest.fixture
def simulator():
    with StripeServer() as server:
        yield server


@pytest.fixture
def client(simulator):
    return client_of(simulator)


def client_of(simulator, key=SECRET_KEY, **options):
    return StripeClient(key, base_addresses={"api": simulator.url}, **options)


def session_of(client, cents=11900, currency="eur", **more):
    price = {
        "currency": currency,
        "unit_amount": cents,
        "product_data": {"name": "Rechnung RE-2026-0001"},
    }
    params = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://localhost/danke?s={CHECKOUT_SESSION_ID}",
        "metadata": {"invoice": "7"},
        "payment_intent_data": {"metadata": {"invoice": "7"}},
        "locale": "de",
        "adaptive_pricing": {"enabled": False},
    }
    return client.v1.checkout.sessions.create(params | more)


def kinds(simulator):
    return [one["type"] for one in simulator.control.events()]


def test_the_account_is_german_and_settles_in_euros(client):
    account = client.v1.accounts.retrieve_current()
    assert (account.country, account.default_currency) == ("DE", "eur")


def test_a_card_pays_a_session(simulator, client):
    session = session_of(client, client_reference_id="7")
    assert (session.status, session.payment_status, session.payment_intent) == (
        "open",
        "unpaid",
        None,
    )
    simulator.control.pay(session.id, number=CARD)
    paid = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    intent = paid.payment_intent
    entry = intent.latest_charge.balance_transaction
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert (intent.status, intent.amount_received, intent.metadata.invoice) == (
        "succeeded",
        11900,
        "7",
    )
    assert (entry.amount, entry.fee, entry.net) == (11900, 204, 11696)
    assert kinds(simulator) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_leaves_the_session_open(simulator, client):
    session = session_of(client)
    simulator.control.pay(session.id, number="4000000000009995")
    after = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    error = after.payment_intent.last_payment_error
    assert (after.status, after.payment_intent.status) == ("open", "requires_payment_method")
    assert (error.code, error.decline_code) == ("card_declined", "insufficient_funds")
    assert kinds(simulator)[-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_debit_is_completed_unpaid_and_succeeds_later(simulator, client):
    session = session_of(client)
    simulator.control.pay(session.id, iban="DE89370400440532013000")
    waiting = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    simulator.control.advance(seconds=200)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert kinds(simulator) == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_a_debit_may_fail_later(simulator, client):
    session = session_of(client)
    simulator.control.pay(session.id, iban="DE62370400440532013001")
    simulator.control.advance(seconds=200)
    after = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (after.payment_status, after.payment_intent.status) == (
        "unpaid",
        "requires_payment_method",
    )
    assert kinds(simulator)[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


def test_a_session_expires_by_order_and_by_time(simulator, client):
    ordered, left = session_of(client), session_of(client)
    client.v1.checkout.sessions.expire(ordered.id)
    with pytest.raises(sdk.InvalidRequestError, match="status of expired"):
        client.v1.checkout.sessions.expire(ordered.id)
    simulator.control.advance(days=1)
    assert client.v1.checkout.sessions.retrieve(left.id).status == "expired"
    assert kinds(simulator) == ["checkout.session.expired"] * 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"colour": "red"}, "Received unknown parameter: colour"),
        ({"mode": "gift"}, "Invalid mode: must be one of payment, setup or subscription"),
        ({"expires_at": "soon"}, "Invalid integer: soon"),
        ({"expires_at": 1}, "must be at least 30 minutes"),
        ({"line_items": [{"quantity": 1}]}, r"Missing required param: line_items\[0\]\[price\]"),
        ({"success_url": "here"}, "Not a valid URL"),
        ({"payment_method_types": ["card"]}, "unknown parameter: payment_method_types"),
        ({"allowed_payment_method_types": ["twint"]}, "No valid payment method types"),
        ({"discounts": [{"coupon": "x"}]}, "does not imitate `discounts`"),
        ({"metadata": {"k" * 41: "v"}}, "up to 40 characters"),
        ({"client_reference_id": ""}, "You passed an empty string"),
    ],
)
def test_what_stripe_refuses_is_refused(client, more, message):
    with pytest.raises(sdk.InvalidRequestError, match=message):
        session_of(client, **more)


def test_too_little_and_an_unknown_currency_are_refused(client):
    with pytest.raises(sdk.InvalidRequestError, match=r"at least €0\.50 eur") as small:
        session_of(client, 49)
    assert small.value.code == "amount_too_small"
    with pytest.raises(sdk.InvalidRequestError, match="Invalid currency: xyz"):
        session_of(client, 500, "xyz")


def test_yen_have_no_cents(simulator, client):
    session = session_of(client, 12000, "jpy")
    simulator.control.pay(session.id)
    (entry,) = client.v1.balance_transactions.list().data
    assert (entry.currency, entry.amount, entry.exchange_rate) == ("eur", 7320, 0.0061)


def test_keys_are_told_apart(simulator):
    with pytest.raises(sdk.AuthenticationError, match="Invalid API Key provided: sk_test_"):
        client_of(simulator, "sk_test_wrong0000").v1.balance.retrieve()
    with pytest.raises(sdk.PermissionError, match="rak_account_read"):
        client_of(simulator, RESTRICTED_KEY).v1.accounts.retrieve_current()
    session = session_of(client_of(simulator))
    with pytest.raises(sdk.InvalidRequestError, match="exists in test mode, but a live mode key"):
        client_of(simulator, LIVE_KEY).v1.checkout.sessions.retrieve(session.id)


def test_a_key_repeats_its_answer_and_refuses_another_question(client):
    params = {"amount": 500, "currency": "eur"}
    first = client.v1.payment_intents.create(params, {"idempotency_key": "k1"})
    again = client.v1.payment_intents.create(params, {"idempotency_key": "k1"})
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(sdk.IdempotencyError):
        client.v1.payment_intents.create(params | {"amount": 600}, {"idempotency_key": "k1"})


@pytest.mark.parametrize("dropped", [False, True])
def test_what_was_done_before_the_answer_was_lost_is_not_done_twice(simulator, dropped):
    client = client_of(simulator, max_network_retries=2)
    simulator.control.answer_next(500, done=True, dropped=dropped)
    client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_rate_limit_is_told(simulator, client):
    simulator.control.answer_next(429)
    with pytest.raises(sdk.RateLimitError):
        client.v1.balance.retrieve()
    client.v1.balance.retrieve()


def test_an_intent_is_confirmed_updated_and_cancelled(client):
    intents = client.v1.payment_intents
    paid = intents.create(
        {"amount": 500, "currency": "eur", "payment_method": "pm_card_visa", "confirm": True}
    )
    assert paid.status == "succeeded"
    with pytest.raises(sdk.InvalidRequestError, match="status of succeeded"):
        intents.cancel(paid.id)
    other = intents.create({"amount": 500, "currency": "eur"})
    assert intents.update(other.id, {"amount": 700}).amount == 700
    with pytest.raises(sdk.CardError) as declined:
        intents.confirm(other.id, {"payment_method": "pm_card_chargeDeclined"})
    assert declined.value.code == "card_declined"
    assert intents.cancel(other.id).status == "canceled"


def test_a_payment_link_closes_at_its_limit(simulator, client):
    price = {"currency": "eur", "unit_amount": 5000, "product_data": {"name": "Rechnung"}}
    link = client.v1.payment_links.create(
        {
            "line_items": [{"price_data": price, "quantity": 1}],
            "restrictions": {"completed_sessions": {"limit": 1}},
            "metadata": {"invoice": "7"},
        }
    )
    simulator.control.visit(link.id)
    (session,) = client.v1.checkout.sessions.list({"payment_link": link.id}).data
    assert session.metadata.invoice == "7"
    simulator.control.pay(session.id)
    after = client.v1.payment_links.retrieve(link.id)
    assert (after.active, after.restrictions.completed_sessions.count) == (False, 1)
    assert simulator.control.visit(link.id) is None


def paid_intent(simulator, client, number=CARD, cents=10000, iban=""):
    intent = client.v1.payment_intents.create({"amount": cents, "currency": "eur"})
    simulator.control.pay(intent.id, number=number, iban=iban)
    simulator.control.finish("debit_ends")
    return intent.id


def test_refunds_are_limited_by_what_is_left(simulator, client):
    paid = paid_intent(simulator, client)
    part = client.v1.refunds.create({"payment_intent": paid, "amount": 4000})
    assert part.status == "succeeded"
    with pytest.raises(sdk.InvalidRequestError, match=r"€70.00 eur.*€60.00 eur"):
        client.v1.refunds.create({"payment_intent": paid, "amount": 7000})
    client.v1.refunds.create({"payment_intent": paid})
    with pytest.raises(sdk.InvalidRequestError, match="already been refunded"):
        client.v1.refunds.create({"payment_intent": paid})
    assert kinds(simulator)[-4:] == ["refund.created", "charge.refunded"] * 2


def test_a_refund_that_fails_puts_the_money_back(simulator, client):
    paid = paid_intent(simulator, client, "4000000000005126")
    refund = client.v1.refunds.create({"payment_intent": paid})
    simulator.control.finish("refund_ends")
    after = client.v1.refunds.retrieve(refund.id)
    assert (after.status, after.failure_reason) == ("failed", "expired_or_canceled_card")
    charge = client.v1.charges.list({"payment_intent": paid}).data[0]
    assert (charge.amount_refunded, charge.refunded) == (0, False)


def test_a_dispute_takes_the_money_and_gives_it_back(simulator, client):
    paid_intent(simulator, client, "4000000000000259")
    (dispute,) = client.v1.disputes.list().data
    assert (dispute.status, dispute.balance_transactions[0].net) == ("needs_response", -12000)
    client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True}
    )
    won = client.v1.disputes.retrieve(dispute.id)
    assert (won.status, [one.amount for one in won.balance_transactions]) == (
        "won",
        [-10000, 10000],
    )
    assert kinds(simulator)[-5:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_a_returned_debit_is_lost_at_once(simulator, client):
    paid_intent(simulator, client, iban="DE35370400440532013002")
    (dispute,) = client.v1.disputes.list().data
    assert (dispute.status, dispute.balance_transactions[0].fee) == ("lost", 750)


def test_a_payout_consists_of_its_entries(simulator, client):
    for cents in (10000, 2500):
        paid_intent(simulator, client, cents=cents)
    client.v1.refunds.create({"payment_intent": paid_intent(simulator, client, cents=3000)})
    simulator.control.advance(days=3)
    payout = client.v1.payouts.retrieve(simulator.control.pay_out()["id"])
    simulator.control.advance(days=2)
    entries = list(
        client.v1.balance_transactions.list({"payout": payout.id, "limit": 2}).auto_paging_iter()
    )
    assert sum(one.net for one in entries if one.type != "payout") == payout.amount == 12192
    assert [one.reporting_category for one in entries] == [
        "payout",
        "refund",
        "charge",
        "charge",
        "charge",
    ]
    assert kinds(simulator)[-3:] == [
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    ]


def test_a_manual_payout_cannot_be_itemised(simulator, client):
    paid_intent(simulator, client)
    simulator.control.advance(days=3)
    payout = client.v1.payouts.create({"amount": 5000, "currency": "eur"})
    with pytest.raises(sdk.InvalidRequestError, match="automatic transfers, not manual"):
        client.v1.balance_transactions.list({"payout": payout.id})
    assert client.v1.payouts.retrieve(payout.id).reconciliation_status == "not_applicable"


def test_fees_may_come_late(simulator, client):
    simulator.world.fees_late = True
    paid_intent(simulator, client)
    (charge,) = client.v1.charges.list().data
    assert charge.balance_transaction is None
    simulator.control.finish("fee_known")
    (charge,) = client.v1.charges.list({"expand": ["data.balance_transaction"]}).data
    assert charge.balance_transaction.fee == 175
    assert kinds(simulator)[-1] == "charge.updated"


def test_events_are_listed_page_by_page_newest_first(simulator, client):
    for _ in range(3):
        paid_intent(simulator, client)
    listed = list(client.v1.events.list({"limit": 4}).auto_paging_iter())
    assert [one.id for one in listed] == [one["id"] for one in simulator.control.events()][::-1]
    only = client.v1.events.list({"types": ["charge.succeeded"], "created": {"gte": 1}})
    assert {one.type for one in only.data} == {"charge.succeeded"}


class Listener:
    """An address that keeps what it is sent and answers what it is told."""

    def __init__(self):
        self.status, self.got = 200, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((body, self.headers["Stripe-Signature"]))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()


def test_events_are_delivered_signed(simulator, client, listener):
    simulator.control.hold()
    secret = simulator.control.endpoint(listener.url, enabled=["charge.succeeded"])
    paid_intent(simulator, client)
    assert simulator.control.deliver() == [200]
    ((body, signature),) = listener.got
    event = sdk.Webhook.construct_event(body, signature, secret)
    assert (event.type, event.data.object.amount) == ("charge.succeeded", 10000)
    with pytest.raises(sdk.SignatureVerificationError):
        sdk.Webhook.construct_event(body, signature, "whsec_other")


def test_a_failed_delivery_comes_again_and_a_taken_one_does_not(simulator, client, listener):
    simulator.control.hold()
    simulator.control.endpoint(listener.url, enabled=["charge.succeeded"])
    paid_intent(simulator, client)
    listener.status = 500
    assert simulator.control.deliver() == [500]
    listener.status = 200
    assert simulator.control.deliver() == [200]
    assert simulator.control.deliver() == []


def test_deliveries_may_be_doubled_and_in_any_order(simulator, client, listener):
    simulator.control.hold()
    simulator.control.endpoint(listener.url)
    paid_intent(simulator, client)
    assert simulator.control.deliver(times=2, shuffled=3) == [200] * 6
    kinds = [sdk.Event.construct_from(json.loads(body), "k").type for body, _ in listener.got]
    assert sorted(kinds) == sorted(
        ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"] * 2
    )
    assert kinds[:3] != ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_a_world_is_kept_in_its_file(tmp_path):
    file = tmp_path / "stripe.json"
    with StripeServer(file=file) as first:
        session = session_of(client_of(first))
        first.control.pay(session.id)
    with StripeServer(file=file) as second:
        again = client_of(second).v1.checkout.sessions.retrieve(session.id)
    assert again.payment_status == "paid"
