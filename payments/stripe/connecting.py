"""Connecting: the keys of our Stripe account are kept, changed, tried and removed."""

import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from payments.stripe import errors
from payments.stripe.client import Client
from payments.stripe.models import StripeAccount
from workmate import audit
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.ledger.money_accounts import open_money_account
from workmate.models import User

PUBLISHABLE = re.compile(r"pk_(test|live)_[A-Za-z0-9_]{8,180}")
SECRET = re.compile(r"(?:sk|rk)_(test|live)_[A-Za-z0-9_]{8,180}")
WEBHOOK = re.compile(r"whsec_[A-Za-z0-9_+/=-]{8,200}")
# What Stripe shall tell us. Whatever else it tells is kept and has no effect.
EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.canceled",
    "charge.pending",
    "charge.updated",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
)
KEYS = ("publishable_key", "secret_key", "webhook_secret", "old_webhook_secret")


def account() -> StripeAccount | None:
    """The stored account with its money account, if it is connected."""
    rows = StripeAccount.objects.filter(pk=1).select_related("money_account__account")
    found = next(iter(rows.order_by()), None)
    return found if found and found.is_connected else None


def webhook_url() -> str:
    """The address that Stripe shall tell its events to."""
    return settings.PUBLIC_URL + reverse("api-stripe-webhook")


@transaction.atomic
def save(keys: dict[str, str], *, by: User) -> StripeAccount:
    """Keep these keys; an empty one leaves what is stored.

    A new webhook secret makes the one before it the old one, which is accepted too until it is
    removed. Raises ACCOUNT_UNFIT; also where a key is of the test and another of the live mode.
    """
    stored = StripeAccount.objects.select_for_update().filter(pk=1).first() or StripeAccount(pk=1)
    wanted = {name: keys.get(name, "").strip() or getattr(stored, name) for name in KEYS}
    livemode = _checked(wanted)
    new_secret = keys.get("webhook_secret", "").strip()
    if new_secret and stored.webhook_secret and new_secret != stored.webhook_secret:
        wanted["old_webhook_secret"] = stored.webhook_secret
    changed = [name for name, value in wanted.items() if value != getattr(stored, name)]
    if not changed and stored.is_connected:
        return stored
    begun = bool(stored.money_account_id)
    if not stored.is_connected or livemode != stored.livemode or "secret_key" in changed:
        stored.account_id = ""
        stored.polled_until = timezone.now()
    stored.livemode = livemode
    for name, value in wanted.items():
        setattr(stored, name, value)
    if not begun:
        stored.money_account = _money_account(by)
    stored.save()
    payload = {"changed": changed, "mode": "live" if livemode else "test"}
    audit.record("stripe.connected", stored, by=by, payload=payload)
    return stored


@transaction.atomic
def forget_old_secret(*, by: User) -> None:
    """Signatures with the secret before the present one are refused from now on."""
    stored = StripeAccount.objects.select_for_update().filter(pk=1).first()
    if stored and stored.old_webhook_secret:
        stored.old_webhook_secret = ""
        stored.save()
        audit.record("stripe.connected", stored, by=by, payload={"changed": ["old_webhook_secret"]})


@transaction.atomic
def remove(*, by: User) -> None:
    """Forget the keys. What was paid and told stays."""
    stored = StripeAccount.objects.select_for_update().filter(pk=1).first()
    if stored and stored.is_connected:
        for name in KEYS:
            setattr(stored, name, "")
        stored.account_id = ""
        stored.save()
        audit.record("stripe.disconnected", stored, by=by)


def check() -> str:
    """Ask Stripe for something harmless with the stored key; our account's number if it says.

    Raises NOT_CONNECTED, TemporaryFailure, PermanentFailure.
    """
    stored = account()
    if stored is None:
        raise errors.NOT_CONNECTED()
    client = Client(stored.secret_key, read=8)
    client.ask(client.v1.events.list, limit=1)
    try:  # A restricted key need not be allowed to ask this.
        found = str(client.ask(client.v1.accounts.retrieve_current).get("id", ""))
    except Problem:
        found = ""
    StripeAccount.objects.filter(pk=1).update(account_id=found)
    return found


def _checked(keys: dict[str, Any]) -> bool:
    """Whether the keys are of the live mode; raises ACCOUNT_UNFIT."""
    found: dict[str, list[str]] = {}
    public = PUBLISHABLE.fullmatch(keys["publishable_key"])
    secret = SECRET.fullmatch(keys["secret_key"])
    if not public:
        found["publishable_key"] = ["Er beginnt mit pk_test_ oder pk_live_."]
    if not secret:
        found["secret_key"] = ["Er beginnt mit sk_test_, sk_live_, rk_test_ oder rk_live_."]
    for name in ("webhook_secret", "old_webhook_secret"):
        if keys[name] and not WEBHOOK.fullmatch(keys[name]):
            found[name] = ["Er beginnt mit whsec_."]
    if public and secret and public[1] != secret[1]:
        text = "Ein Schlüssel gehört zum Testmodus, der andere zum echten Betrieb."
        found["secret_key"] = [text]
    if found or not secret:
        raise errors.ACCOUNT_UNFIT(fields=found)
    return secret[1] == "live"


def _money_account(by: User) -> MoneyAccount:
    """Where money lies between the customer and our bank."""
    return open_money_account("Stripe", kind=MoneyAccount.Kind.TRANSIT, by=by)
