"""The official client of Stripe, sent through our one door to the outside.

One client for one use, or one for each thread that asks again and again; none is shared, so that
two keys never meet. The door keeps time, repeats what may be repeated and logs no more than method,
host, path and status. Stripe's refusals become
PermanentFailure in their words, everything that may pass by itself TemporaryFailure.
"""

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

import stripe
from django.conf import settings

from payments.stripe import errors
from payments.stripe.models import StripeAccount
from workmate import logs
from workmate.outside import Door, PermanentFailure, TemporaryFailure

PARTY = "Stripe"
# Keys as Stripe repeats them, with stars in the middle.
KEYS = re.compile(r"\b(?:sk|rk|pk)_(?:test|live)_[^\s.,]*|\bwhsec_[^\s.,]*")
# What this version of the product was tested with; a newer one of theirs changes nothing here.
API_VERSION = "2026-10-28.endive"

stripe.enable_telemetry = False


class ThroughTheDoor(stripe.HTTPClient):
    """Carries the client's requests; a refusal goes back to the client, which names its kind."""

    name = "door"

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send it; a POST may be repeated where it bears an idempotency key."""
        repeatable = method.upper() != "POST" or "Idempotency-Key" in (headers or {})
        try:
            answer = self.door.request(
                method, url, repeatable=repeatable, headers=dict(headers or {}), data=post_data
            )
        except PermanentFailure as failure:
            if failure.answer is None:
                raise
            answer = failure.answer
            if answer.status_code == 409:  # The same key is being worked on.
                raise TemporaryFailure(PARTY) from failure
        return answer.text, answer.status_code, answer.headers

    def close(self) -> None:
        self.door.session.close()


class Client:
    """Our account at Stripe, ready for questions."""

    def __init__(self, secret_key: str, *, read: float = 30) -> None:
        self.of = (secret_key, settings.STRIPE_API_BASE)
        self._way = ThroughTheDoor(Door(PARTY, settings.STRIPE_API_BASE, read=read))
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": settings.STRIPE_API_BASE},
            max_network_retries=0,
            http_client=self._way,
        )
        self.v1 = self._client.v1

    def ask(
        self, call: Callable[..., Any], *ids: str, key: str = "", **params: Any
    ) -> dict[str, Any]:
        """Call `client.v1.….retrieve` or another, its answer as a plain dict.

        `key` is the idempotency key of a POST. Raises TemporaryFailure, PermanentFailure.
        """
        options: Any = {"idempotency_key": key} if key else {}
        try:
            found = call(*ids, params=params, options=options)
        except stripe.StripeError as error:
            raise PermanentFailure(PARTY, words(error)) from None
        answer: dict[str, Any] = found.to_dict()
        return answer

    def all(self, call: Callable[..., Any], **params: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page."""
        rows: list[dict[str, Any]] = []
        while True:
            page = self.ask(call, **params, limit=100)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            params["starting_after"] = page["data"][-1]["id"]

    def close(self) -> None:
        """Give its connections back."""
        self._way.close()


_kept = threading.local()


def keep_open(secret_key: str) -> Client:
    """This thread's client with this key: its connection is used again, without a new handshake."""
    kept: Client | None = getattr(_kept, "client", None)
    if kept is None or kept.of != (secret_key, settings.STRIPE_API_BASE):
        if kept is not None:
            kept.close()
        kept = _kept.client = Client(secret_key)
    return kept


def connect(*, read: float = 30) -> Client:
    """The client of the stored account; raises NOT_CONNECTED."""
    account = StripeAccount.objects.filter(pk=1).first()
    if account is None or not account.is_connected:
        raise errors.NOT_CONNECTED()
    return Client(account.secret_key, read=read)


def words(error: stripe.StripeError) -> str:
    """What Stripe says, without anything that looks like a key."""
    text = str(error.user_message or error.code or type(error).__name__)
    return logs.redact(KEYS.sub(logs.HIDDEN, text))[:300]
