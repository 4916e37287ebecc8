"""The keys of our account: checked, kept encrypted, never shown again."""

import pytest
from django.urls import reverse

from payments.stripe import connecting
from payments.stripe.models import StripeAccount
from simulators.stripe import PUBLISHABLE_KEY, SECRET_KEY
from tests.books import signed_in
from tests.payments.stripe.shop import SIGNING
from workmate.errors import Problem
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
LIVE = "sk_live_" + "a" * 24


def test_the_connection_is_tried_and_names_the_account(account, server):
    assert connecting.check().startswith("acct_")
    assert StripeAccount.objects.get().account_id.startswith("acct_")


def test_keys_of_both_modes_are_refused(by):
    with pytest.raises(Problem) as refusal:
        connecting.save({"publishable_key": PUBLISHABLE_KEY, "secret_key": LIVE}, by=by)
    assert refusal.value.fields == {
        "secret_key": ["Ein Schlüssel gehört zum Testmodus, der andere zum echten Betrieb."]
    }


def test_something_that_is_no_key_is_refused(by):
    with pytest.raises(Problem) as refusal:
        connecting.save({"publishable_key": LIVE, "secret_key": "geheim"}, by=by)
    assert set(refusal.value.fields) == {"publishable_key", "secret_key"}


def test_an_empty_field_leaves_the_key_and_a_removed_account_has_none(account, by):
    connecting.save({"publishable_key": PUBLISHABLE_KEY}, by=by)
    assert connecting.account().secret_key == SECRET_KEY
    connecting.remove(by=by)
    assert connecting.account() is None
    stored = StripeAccount.objects.get()
    assert (stored.secret_key, stored.webhook_secret) == ("", "")


def test_the_page_shows_the_last_four_characters_and_no_more(account):
    page = signed_in("Inhaber").get(reverse("payments:stripe")).content.decode()
    assert "••••4242" in page
    assert SECRET_KEY not in page
    assert SIGNING not in page
    assert connecting.webhook_url() in page


def test_the_trail_says_which_key_changed_but_not_to_what(account):
    event = AuditEvent.objects.get(event="stripe.connected")
    assert event.payload == {
        "changed": ["publishable_key", "secret_key", "webhook_secret"],
        "mode": "test",
    }


def test_a_page_that_refuses_keeps_no_secret_in_its_answer(by, server):
    answer = signed_in("Inhaber").post(
        reverse("payments:stripe"), {"publishable_key": PUBLISHABLE_KEY, "secret_key": LIVE}
    )
    assert answer.status_code == 422
    assert LIVE not in answer.content.decode()


def test_accountants_do_not_see_the_keys(account):
    assert signed_in("Buchhaltung").get(reverse("payments:stripe")).status_code == 403
