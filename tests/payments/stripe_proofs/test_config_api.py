"""The keys over the API: for whoever may set Stripe up, and never told again."""

import pytest

from payments.stripe import connecting
from payments.stripe.models import StripeAccount
from simulators.stripe import LIVE_KEY, PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from tests.books import signed_in
from tests.payments.stripe_proofs.test_secrets import everything_stored
from tests.trade import a_business

URL = "/api/v1/stripe/config/"
KEYS = {
    "publishable_key": PUBLISHABLE_KEY,
    "secret_key": SECRET_KEY,
    "webhook_secret": WEBHOOK_SECRET,
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    a_business()
    return signed_in("Inhaber")


def send(browser, **keys):
    return browser.post(
        URL, keys, content_type="application/json", headers={"Idempotency-Key": "einmal"}
    )


def test_keys_are_set_read_as_four_characters_and_removed(owner):
    assert owner.get(URL).json()["is_connected"] is False
    told = send(owner, **KEYS)
    assert told.status_code == 200
    assert told.json() == owner.get(URL).json()
    assert told.json() == {
        "is_connected": True,
        "livemode": False,
        "account_id": "",
        "publishable_key": PUBLISHABLE_KEY,
        "secret_key": "••••4242",
        "webhook_secret": "••••4242",
        "old_webhook_secret": "",
        "webhook_url": connecting.webhook_url(),
        "events": list(connecting.EVENTS),
    }
    assert owner.delete(URL).status_code == 204
    assert (owner.get(URL).json()["secret_key"], StripeAccount.objects.get().secret_key) == ("", "")


def test_no_secret_comes_out_or_is_stored_in_plain_text(shop, caplog, capfd):
    owner = signed_in("Inhaber")
    shop.pay()
    shop.apply_all()
    new = {"secret_key": SECRET_KEY[:-4] + "9999", "webhook_secret": WEBHOOK_SECRET[:-4] + "9999"}
    answers = [
        send(owner, **new),
        owner.get(URL),
        owner.post(URL, {"secret_key": LIVE_KEY}, content_type="application/json"),
        owner.post(URL, {"secret_key": LIVE_KEY * 9}, content_type="application/json"),
    ]
    assert [one.status_code for one in answers] == [200, 200, 422, 422]
    said = capfd.readouterr()
    seen = [*(one.text for one in answers), caplog.text, said.out, said.err, everything_stored()]
    secrets = (SECRET_KEY, WEBHOOK_SECRET, LIVE_KEY, *new.values())
    assert [text for text in seen if any(one in text for one in secrets)] == []
    assert answers[1].json()["old_webhook_secret"] == "••••4242"


def test_a_mix_of_modes_is_refused_with_the_field(owner):
    answer = send(owner, **KEYS | {"secret_key": LIVE_KEY})
    assert (answer.status_code, answer.json()["code"]) == (422, "STRIPE_2101")
    assert [one["field"] for one in answer.json()["errors"]] == ["secret_key"]
    assert not StripeAccount.objects.exists()


@pytest.mark.parametrize("role", ["Buchhaltung", "Steuerberatung"])
def test_only_who_may_set_it_up_reads_or_changes_it(role):
    a_business()
    browser = signed_in(role)
    answers = [browser.get(URL), send(browser, **KEYS), browser.delete(URL)]
    assert [one.status_code for one in answers] == [403, 403, 403]
