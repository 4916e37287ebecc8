"""The webhook takes what Stripe has signed, keeps it once, and says so only when it is kept."""

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from payments.stripe import connecting
from payments.stripe.models import StripeAccount, StripeEvent
from tests.payments.stripe.shop import SIGNING, an_event, signed

pytestmark = pytest.mark.django_db
NEXT = "whsec_TestsTestsTestsTests0002"


def tell(body, signature, *, client=None):
    return (client or Client(enforce_csrf_checks=True)).post(
        reverse("api-stripe-webhook"),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )


def test_an_event_is_kept_once_and_its_application_is_ordered_once(
    account, django_capture_on_commit_callbacks
):
    told = signed(an_event())
    with django_capture_on_commit_callbacks() as orders:
        assert [tell(*told).status_code for _ in range(3)] == [200, 200, 200]
    event = StripeEvent.objects.get()
    assert (event.event_id, event.state, event.source) == ("evt_1", "received", "webhook")
    assert len(orders) == 1


def test_what_lets_somebody_pay_is_not_kept(account):
    tell(*signed(an_event()))
    assert "geheim" not in str(StripeEvent.objects.get().payload)


@pytest.mark.parametrize(
    ("secret", "age"), [(NEXT, 0), (SIGNING, 301), (SIGNING, 3600)], ids=["foreign", "301s", "1h"]
)
def test_a_wrong_or_old_signature_is_refused(account, secret, age):
    answer = tell(*signed(an_event(), secret=secret, age=age))
    assert (answer.status_code, answer.json()["code"]) == (400, "STRIPE_2103")
    assert StripeEvent.objects.count() == 0


def test_a_changed_body_is_refused(account):
    body, signature = signed(an_event())
    assert tell(body.replace(b"evt_1", b"evt_2"), signature).status_code == 400


def test_two_secrets_are_valid_while_one_replaces_the_other(account, by):
    connecting.save({"webhook_secret": NEXT}, by=by)
    both = [tell(*signed(an_event(secret), secret=secret)) for secret in (SIGNING, NEXT)]
    assert [answer.status_code for answer in both] == [200, 200]

    connecting.forget_old_secret(by=by)
    assert tell(*signed(an_event("evt_3"))).status_code == 400


def test_without_an_account_nothing_is_taken(db):
    assert tell(*signed(an_event())).status_code == 409


def test_a_failure_to_store_is_told_to_stripe(account, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(StripeEvent.objects, "get_or_create", broken)
    answer = tell(*signed(an_event()), client=Client(raise_request_exception=False))
    assert answer.status_code >= 500


def test_no_json_and_no_event_are_bad_requests(account):
    body, signature = signed({"object": "charge"})
    assert tell(body, signature).status_code == 400


def test_the_secret_is_not_in_the_clear_in_the_database(account):

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM payments_stripeaccount a")
        stored = cursor.fetchone()[0]
    assert SIGNING not in stored
    assert StripeAccount.objects.get().secret_key not in stored
