"""What a test may order: time, failures, deliveries; the same over HTTP under `/_control/`.

POST /_control/advance {"days": 2}
"""

import json
import random
from typing import Any

from simulators.stripe import cards, checkout, disputing, events, links, money, paying
from simulators.stripe.answering import Api, Wish
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, visible

ORDERS = frozenset(
    "advance answer_next deliver decide_dispute endpoint enter events fail_payout finish hold pay "
    "pay_out resume return_debit state visit".split()
)


class Control:
    """Orders to one simulator."""

    def __init__(self, world: World, api: Api, sender: events.Sender) -> None:
        self._world = world
        self._api = api
        self._sender = sender

    # Time and failures

    def advance(self, *, days: float = 0, seconds: int = 0) -> None:
        """Let time pass on the simulator's clock, and happen what happens in it."""
        with self._world.lock:
            self._world.shift += int(days * 86400) + seconds
            self._world.tick()

    def finish(self, act: str) -> int:
        """Do at once what was waiting: debit_ends, fee_known, refund_ends, payout_arrives."""
        return self._world.do_now(act)

    def answer_next(
        self,
        status: int,
        *,
        times: int = 1,
        path: str = "/v1/",
        done: bool = False,
        dropped: bool = False,
    ) -> None:
        """Answer the next requests so; `done`: after the work, `dropped`: with a broken line."""
        self._api.wishes.append(Wish(status, times, path, done, dropped))

    # What people and banks do

    def pay(self, wanted: str, *, number: str = "4242424242424242", iban: str = "") -> Row:
        """Pay the session or intent as its customer; a decline is an ordinary outcome."""
        with self._world.lock:
            row = self._world.find(wanted)
            if row is None:
                raise Refusal(f"No such object: '{wanted}'", status=404)
            live, who = row["livemode"], {"name": "Karla Kundin", "email": "karla@kundin.example"}
            if iban:
                method = cards.account(self._world, iban, live=live, **who)
            else:
                method = cards.card(self._world, number, live=live, **who)
            session = row["object"] == "checkout.session"
            act = checkout.pay if session else paying.confirm
            try:
                act(self._world, row, method, authenticated=True)
            except Refusal as refusal:
                if refusal.status != 402:
                    raise
            self._world.tick()
            return visible(row)

    def visit(self, link: str) -> str | None:
        """Open a Payment Link; the id of the session that its visitor gets."""
        with self._world.lock:
            session = links.visit_link(self._world, self._world.tables["payment_link"][link])
            return str(session["id"]) if session else None

    def return_debit(self, charge: str) -> Row:
        """Open a dispute on the charge; a SEPA debit is returned for good."""
        with self._world.lock:
            return visible(disputing.open_dispute(self._world, charge))

    def decide_dispute(self, dispute: str, outcome: str) -> Row:
        """The bank decides: `won` or `lost`."""
        with self._world.lock:
            row = self._world.tables["dispute"][dispute]
            return visible(disputing.close(self._world, row, outcome))

    def pay_out(self) -> Row | None:
        """Make the automatic payout of what is available."""
        with self._world.lock:
            payout = money.pay_out(self._world)
            self._world.tick()
            return payout and visible(payout)

    def enter(
        self, kind: str, category: str, cents: int, *, fee: int = 0, text: str | None = None
    ) -> Row:
        """A movement of the balance that comes from nothing known: a fee, a reserve, a top-up."""
        source: Row = {"id": None, "currency": money.SETTLED_IN, "livemode": False}
        fees = [("Stripe fee", fee)]
        with self._world.lock:
            return visible(
                money.enter(self._world, source, kind, category, cents, fees=fees, description=text)
            )

    def fail_payout(self, payout: str) -> None:
        """The bank sends the payout back."""
        with self._world.lock:
            money.payout_fails(self._world, payout)

    # Webhooks

    def endpoint(self, url: str, *, secret: str = "", enabled: list[str] | None = None) -> str:
        """Send events to this address; returns the secret that signs them."""
        with self._world.lock:
            row = events.add_endpoint(self._world, url, enabled or ["*"], secret=secret)
            return str(row["secret"])

    def listen(self, url: str, *, secret: str) -> None:
        """Send events to this address alone; again and again the same."""
        with self._world.lock:
            self._world.tables["webhook_endpoint"].clear()
            events.add_endpoint(self._world, url, ["*"], secret=secret)

    def hold(self) -> None:
        """Deliver nothing by itself from now on."""
        self._sender.held = True

    def resume(self) -> None:
        """Deliver by itself again, what is due and what comes."""
        self._sender.held = False

    def events(self, kind: str = "") -> list[Row]:
        """The events so far, oldest first; those of a kind where one is named."""
        with self._world.lock:
            rows = self._world.tables["event"].values()
            return [visible(one) for one in rows if kind in ("", one["type"])]

    def deliver(
        self,
        event: str = "",
        *,
        times: int = 1,
        shuffled: int | None = None,
        secret: str = "",
        at: int | None = None,
    ) -> list[int]:
        """Deliver an event, or all that no endpoint has taken; the statuses of the answers.

        `times`: as duplicates; `shuffled`: in another order, the number names which; `secret`:
        signed with a wrong one; `at`: signed as of then, in seconds since 1970.
        """
        with self._world.lock:
            chosen = [
                one
                for one in self._world.deliveries
                if (one["event"] == event if event else one["next"] is not None)
            ] * times
        if shuffled is not None:
            random.Random(shuffled).shuffle(chosen)  # noqa: S311 — the same order for the same number
        if not secret and at is None:
            return [self._sender.send(one) for one in chosen]
        return [self._send_badly(one, secret, at) for one in chosen]

    def _send_badly(self, delivery: Row, secret: str, at: int | None) -> int:
        with self._world.lock:
            endpoint = self._world.tables["webhook_endpoint"][delivery["endpoint"]]
            body = events.body_of(self._world.tables["event"][delivery["event"]])
        return events.post(endpoint["url"], body, secret or endpoint["secret"], at=at)

    def state(self) -> Row:
        """Everything, for whoever looks for a mistake."""
        with self._world.lock:
            return {
                name: [visible(one) for one in rows.values()]
                for name, rows in self._world.tables.items()
            } | {"deliveries": self._world.deliveries, "now": self._world.now()}


def order(control: Control, name: str, body: bytes) -> tuple[int, bytes]:
    """Carry out an order that came by HTTP."""
    if name not in ORDERS:
        return 404, b'{"error": "no such order"}'
    try:
        given: dict[str, Any] = json.loads(body or b"{}")
        found = getattr(control, name)(**given)
    except (Refusal, TypeError, KeyError, ValueError) as error:
        return 400, json.dumps({"error": str(error)}).encode()
    return 200, json.dumps(found).encode()
