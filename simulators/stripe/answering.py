"""From a request to an answer: key, limits, idempotency, contract, call."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from simulators.stripe import contract, listing
from simulators.stripe.calls import CALLS, Call
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import (
    API_VERSION,
    LIVE_KEY,
    PUBLISHABLE_KEY,
    RESTRICTED_KEY,
    SECRET_KEY,
    World,
)

# What a restricted key is given that needs no more than this product does.
RIGHTS = {
    "checkout_write",
    "checkout_read",
    "payment_intents_write",
    "payment_intents_read",
    "payment_links_write",
    "payment_links_read",
    "refunds_write",
    "refunds_read",
    "charges_read",
    "balance_transactions_read",
    "payouts_read",
    "disputes_read",
    "events_read",
}
KEY_LIVES = 24 * 3600


@dataclass
class Answer:
    """Status, headers and body; `dropped` breaks the line instead of answering."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    dropped: bool = False


@dataclass
class Wish:
    """An order of a test: the next requests whose path begins so fail like this."""

    status: int
    times: int
    path: str = "/v1/"
    done: bool = False  # whether the work is done all the same
    dropped: bool = False


class Api:
    """Answers the calls on one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.wishes: list[Wish] = []
        self.calls: list[str] = []  # method and path of every request, for tests
        self._keys: dict[tuple[bool, str], dict[str, Any]] = {}

    def answer(self, method: str, path: str, headers: Any, query: str, body: str) -> Answer:
        """The answer to one request; every refusal has Stripe's form."""
        number = self.world.id("req_", 14)
        self.calls.append(f"{method} {path}")
        wish = self._wish(path)
        if wish and not wish.done:
            return self._head(_failure(wish), number)
        try:
            answer = self._once(method, path, headers, query, body, number)
        except Refusal as refusal:
            answer = _refused(refusal)
        if wish:
            answer = _failure(wish)
        self.world.tick()
        self.world.keep()
        if key := headers.get("Idempotency-Key"):
            answer.headers["Idempotency-Key"] = key
        return self._head(answer, number)

    def _head(self, answer: Answer, number: str) -> Answer:
        answer.headers = {"Request-Id": number, "Stripe-Version": API_VERSION} | answer.headers
        return answer

    def _wish(self, path: str) -> Wish | None:
        for wish in self.wishes:
            if wish.times and path.startswith(wish.path):
                wish.times -= 1
                return wish
        return None

    def _once(
        self, method: str, path: str, headers: Any, query: str, body: str, number: str
    ) -> Answer:
        key = _key(headers)
        call, wanted = _find(method, path)
        _allow(key, call)
        version = headers.get("Stripe-Version", API_VERSION)
        if not re.fullmatch(r"20\d\d-\d\d-\d\d(\.\w+)?", version):
            raise Refusal(f"Invalid Stripe API version: {version}.")
        given = contract.parse(query if method == "GET" else body)
        params = contract.check(given, call.contract)
        repeat = headers.get("Idempotency-Key") if method == "POST" else None
        live = "_live_" in key
        with self.world.lock, self.world.asked(number, repeat):
            if not repeat:
                return self._do(call, params, live, wanted)
            return self._repeatable(repeat, call, params, live, wanted, path + body, number)

    def _do(self, call: Call, params: dict[str, Any], live: bool, wanted: list[str]) -> Answer:
        row = call.act(self.world, params, live, *wanted)
        shown = listing.shown(self.world, row, params.get("expand", []))
        if call.method == "POST" and row["object"] == "webhook_endpoint":
            shown["secret"] = row["secret"]
        return Answer(200, json.dumps(shown, indent=2, ensure_ascii=False).encode())

    def _repeatable(
        self,
        key: str,
        call: Call,
        params: dict[str, Any],
        live: bool,
        wanted: list[str],
        request: str,
        number: str,
    ) -> Answer:
        """Do it once for this key and answer the same ever after, also where it failed."""
        if len(key) > 255:
            raise Refusal("Idempotency keys can have up to 255 characters.")
        digest = hashlib.sha256(request.encode()).hexdigest()
        kept = self._keys.get((live, key))
        if kept and kept["at"] > self.world.now() - KEY_LIVES:
            if kept["digest"] != digest:
                raise Refusal(
                    "Keys for idempotent requests can only be used with the same parameters they "
                    f"were first used with. Try using a key other than '{key}' if you meant to "
                    "execute a different request.",
                    kind="idempotency_error",
                )
            again = {"Idempotent-Replayed": "true", "Original-Request": kept["request"]}
            return Answer(kept["status"], kept["body"], again)
        try:
            answer = self._do(call, params, live, wanted)
        except Refusal as refusal:
            answer = _refused(refusal)
        self._keys[live, key] = {
            "at": self.world.now(),
            "body": answer.body,
            "digest": digest,
            "request": number,
            "status": answer.status,
        }
        return answer


def _key(headers: Any) -> str:
    """The secret key of the request, by Bearer or as the user of Basic authentication."""
    kind, _, given = headers.get("Authorization", "").partition(" ")
    key = given.strip() if kind.lower() == "bearer" else ""
    if not key:
        raise Refusal(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY').",
            status=401,
        )
    if key == PUBLISHABLE_KEY:
        raise Refusal(
            "This API call cannot be made with a publishable API key. Please use a secret API "
            "key. You can find a list of your API keys at https://dashboard.stripe.com/apikeys.",
            status=403,
            code="secret_key_required",
        )
    if key not in (SECRET_KEY, LIVE_KEY, RESTRICTED_KEY):
        hidden = key[:8] + "*" * max(len(key) - 12, 4) + key[-4:]
        raise Refusal(f"Invalid API Key provided: {hidden}", status=401)
    return key


def _allow(key: str, call: Call) -> None:
    if key == RESTRICTED_KEY and call.needs not in RIGHTS:
        hidden = f"{key[:8]}***{key[-4:]}"
        raise Refusal(
            f"The provided key '{hidden}' does not have the required permissions for this "
            f"endpoint. Having the 'rak_{call.needs}' permission would allow this request to "
            "continue.",
            status=403,
            code="more_permissions_required",
        )


def _find(method: str, path: str) -> tuple[Call, list[str]]:
    for call in CALLS:
        if call.method == method and (match := call.address.fullmatch(path)):
            return call, list(match.groups())
    raise Refusal(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we "
        "can help at https://support.stripe.com/.",
        status=404,
    )


def _refused(refusal: Refusal) -> Answer:
    body = json.dumps({"error": refusal.body}, indent=2, ensure_ascii=False)
    return Answer(refusal.status, body.encode())


def _failure(wish: Wish) -> Answer:
    if wish.status == 429:
        text = "Request rate limit exceeded. Learn more about rate limits here "
        text += "https://stripe.com/docs/rate-limits."
        answer = _refused(Refusal(text, status=429, code="rate_limit"))
        answer.headers["Stripe-Rate-Limited-Reason"] = "global-rate"
    else:
        text = "Sorry! There was an error while talking to Stripe."
        answer = _refused(Refusal(text, status=wish.status, kind="api_error"))
    answer.dropped = wish.dropped
    return answer
