"""Webhook endpoints: every event is signed and sent to each, again after a failure."""

import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, visible

# Seconds until the next try, as often as it has a figure; Stripe goes on for three days.
PAUSES = (5, 30, 120, 600, 3600, 5 * 3600, 10 * 3600, 24 * 3600, 24 * 3600)
TIMEOUT = 20


def create_endpoint(world: World, params: dict[str, Any], *, live: bool) -> Row:
    """POST /v1/webhook_endpoints; only this answer has the secret in it."""
    if not params["url"].startswith("https://" if live else "http"):
        raise Refusal("Invalid URL: URL must be an https URL.", code="url_invalid", param="url")
    return add_endpoint(
        world, params["url"], params["enabled_events"], live=live, version=params.get("api_version")
    )


def add_endpoint(
    world: World,
    url: str,
    enabled: list[str],
    *,
    live: bool = False,
    secret: str = "",
    version: str | None = None,
) -> Row:
    """An address that gets events, all of them for `*`."""
    return world.add(
        "we_",
        live=live,
        api_version=version,
        application=None,
        description=None,
        enabled_events=enabled,
        metadata={},
        secret=secret or world.id("whsec_", 32),
        status="enabled",
        url=url,
    )


def sign(body: bytes, *secrets: str, at: int | None = None) -> str:
    """The header `Stripe-Signature`; several secrets while one is being replaced."""
    moment = int(time.time()) if at is None else at
    signed = f"{moment}.".encode() + body
    parts = [hmac.new(one.encode(), signed, hashlib.sha256).hexdigest() for one in secrets]
    return ",".join([f"t={moment}", *(f"v1={one}" for one in parts)])


def body_of(event: Row) -> bytes:
    """What is sent: the event, written as Stripe writes it."""
    return json.dumps(visible(event), indent=2, ensure_ascii=False).encode()


class Sender(threading.Thread):
    """Delivers what is due, unless `held`; one delivery is one event at one endpoint."""

    def __init__(self, world: World, threads: int = 4) -> None:
        super().__init__(daemon=True)
        self.world = world
        self.held = False
        self.threads = threads
        self.ended = threading.Event()
        self._queue: queue.SimpleQueue[Row] = queue.SimpleQueue()
        world.on_event = self.take

    def take(self, event: Row) -> None:
        """Note a delivery of the event for every endpoint that wants it."""
        for endpoint in self.world.tables["webhook_endpoint"].values():
            wanted = endpoint["enabled_events"]
            same = endpoint["livemode"] == event["livemode"]
            if same and (event["type"] in wanted or "*" in wanted):
                event["pending_webhooks"] += 1
                self.world.deliveries.append(
                    {
                        "id": self.world.id("wd_"),
                        "event": event["id"],
                        "type": event["type"],
                        "endpoint": endpoint["id"],
                        "tries": 0,
                        "next": self.world.now(),
                        "status": None,
                        "sending": False,
                    }
                )

    def run(self) -> None:
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.threads)]
        for one in workers:
            one.start()
        while not self.ended.wait(0.05):
            self.world.tick()
            if not self.held:
                self._start_due()

    def _start_due(self) -> None:
        with self.world.lock:
            now = self.world.now()
            for one in self.world.deliveries:
                if one["next"] is not None and one["next"] <= now and not one["sending"]:
                    one["sending"] = True
                    self._queue.put(one)

    def _work(self) -> None:
        while not self.ended.is_set():
            try:
                delivery = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            self.send(delivery)

    def send(self, delivery: Row) -> int:
        """Deliver once; returns the status of the answer, 0 without one."""
        with self.world.lock:
            event = self.world.tables["event"][delivery["event"]]
            endpoint = self.world.tables["webhook_endpoint"].get(delivery["endpoint"])
            body = body_of(event)
        status = post(endpoint["url"], body, endpoint["secret"]) if endpoint else 0
        with self.world.lock:
            delivery |= {"tries": delivery["tries"] + 1, "status": status, "sending": False}
            done = 200 <= status < 300 or endpoint is None
            left = len(PAUSES) - delivery["tries"] + 1
            again = not done and left > 0
            delivery["next"] = self.world.now() + PAUSES[delivery["tries"] - 1] if again else None
            if done:
                event["pending_webhooks"] = max(event["pending_webhooks"] - 1, 0)
            self.world.keep()
        return status


def post(url: str, body: bytes, *secrets: str, at: int | None = None) -> int:
    """Send a signed body as Stripe does; the status of the answer, 0 without one."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": sign(body, *secrets, at=at),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
    }
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, http.client.HTTPException):
        return 0


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is a failure, as with Stripe."""

    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
