"""What the simulated Stripe knows: its objects, its clock and what is going to happen.

Everything is JSON, so that a world can be kept in a file. Keys that begin with an underscore are
the simulator's own and never leave it.
"""

import copy
import json
import secrets
import string
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.stripe import refusals

API_VERSION = "2026-10-28.endive"
ACCOUNT = "acct_1SimulatorWorkmate"
SECRET_KEY = "sk_test_SimulatorWorkmate" + "0" * 12 + "4242"
PUBLISHABLE_KEY = "pk_test_SimulatorWorkmate" + "0" * 12 + "4242"
WEBHOOK_SECRET = "whsec_SimulatorWorkmate" + "0" * 12 + "4242"
# The same account in live mode, and a restricted key that may not read the account.
LIVE_KEY = "sk_live_SimulatorWorkmate" + "0" * 12 + "4242"
RESTRICTED_KEY = "rk_test_SimulatorWorkmate" + "0" * 12 + "4242"

# Table of an object by the beginning of its id; the names are those of Stripe's messages.
TABLES = {
    "cs_": "checkout.session",
    "pi_": "payment_intent",
    "pm_": "payment_method",
    "ch_": "charge",
    "py_": "charge",
    "re_": "refund",
    "pyr_": "refund",
    "du_": "dispute",
    "txn_": "balance_transaction",
    "po_": "payout",
    "plink_": "payment_link",
    "price_": "price",
    "prod_": "product",
    "evt_": "event",
    "we_": "webhook_endpoint",
}
_LETTERS = string.ascii_letters + string.digits
Row = dict[str, Any]


@dataclass(frozen=True)
class Pace:
    """Seconds that things take; those of Stripe's test mode unless told otherwise."""

    debit: int = 180  # until a SEPA debit succeeds or fails
    available: int = 2 * 86400  # until money of a charge may be paid out
    payout: int = 86400  # from the payout to its arrival
    capture: int = 0  # until a charge has its balance transaction (fee)
    every: int = 86400  # between automatic payouts


class World:
    """All state, behind one lock."""

    def __init__(self, *, pace: Pace | None = None, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.pace = pace or Pace()
        self.base_url = ""
        self.name = "Musterwerk GmbH"
        self.tables: dict[str, dict[str, Row]] = {name: {} for name in TABLES.values()}
        self.deliveries: list[Row] = []
        self.due: list[Row] = []
        self.begin()
        self.acts: dict[str, Callable[[World, str], Any]] = {}
        self.on_event: Callable[[Row], None] = lambda event: None
        self.request: Row = {"id": None, "idempotency_key": None}
        self._file = file
        if file and file.exists():
            self._read(file)

    def begin(self) -> None:
        """Nothing has happened yet, and nothing is out of the ordinary."""
        with self.lock:
            self.fees_late = False
            self.dispute_fee_back = False
            self.refund_fee = 0  # cents of each refund; below zero: the charge's fee, given back
            self.shift = 0
            for rows in self.tables.values():
                rows.clear()
            self.deliveries.clear()
            self.due.clear()

    def now(self) -> int:
        """Seconds since 1970 on the simulator's clock."""
        return int(time.time()) + self.shift

    # Objects

    def id(self, beginning: str, length: int = 24) -> str:
        """A new id, such as `re_3Jx…`."""
        return beginning + "".join(secrets.choice(_LETTERS) for _ in range(length))

    def add(self, beginning: str, *, live: bool, **values: Any) -> Row:
        """A new object; its id begins so, its mode is given."""
        what = TABLES[beginning]
        prefix = f"cs_{'live' if live else 'test'}_a1" if beginning == "cs_" else beginning
        length = 58 if beginning == "cs_" else 24
        row: Row = {"id": self.id(prefix, length), "object": what, "created": self.now()}
        row |= {"livemode": live} | values
        self.tables[what][row["id"]] = row
        return row

    def get(self, what: str, wanted: str, *, live: bool, param: str = "id") -> Row:
        """The object of this kind and mode, or the refusal for it."""
        row = self.tables[what].get(wanted)
        if row is None:
            raise refusals.no_such(what, wanted, param)
        if row["livemode"] != live:
            raise refusals.no_such(what, wanted, param, other_mode=live)
        return row

    def find(self, wanted: str) -> Row | None:
        """The object with this id, whatever it is."""
        for beginning, what in TABLES.items():
            if wanted.startswith(beginning):
                return self.tables[what].get(wanted)
        return None

    # Events

    def happened(self, kind: str, row: Row, *, before: Row | None = None) -> Row:
        """Record an event with the object as it is now; it is delivered to every endpoint."""
        data: Row = {"object": visible(row)}
        if before is not None:
            data["previous_attributes"] = before
        event = self.add(
            "evt_",
            live=row.get("livemode", False),
            api_version=API_VERSION,
            data=data,
            pending_webhooks=0,
            request=dict(self.request),
            type=kind,
        )
        self.on_event(event)
        return event

    # Time

    def later(self, seconds: int, act: str, wanted: str) -> None:
        """Do something to an object after so many seconds; `act` is a name in `acts`."""
        self.due.append({"at": self.now() + seconds, "act": act, "id": wanted})

    def tick(self) -> None:
        """Do what is due, in the order in which it is."""
        with self.lock:
            while ready := [one for one in self.due if one["at"] <= self.now()]:
                first = min(ready, key=lambda one: one["at"])
                self.due.remove(first)
                self.acts[first["act"]](self, first["id"])
                self.keep()

    def do_now(self, act: str) -> int:
        """Do everything of one kind that is waiting; how much it was."""
        with self.lock:
            waiting = [one for one in self.due if one["act"] == act]
            for one in waiting:
                self.due.remove(one)
                self.acts[act](self, one["id"])
            self.tick()
            return len(waiting)

    @contextmanager
    def asked(self, request_id: str | None, key: str | None) -> Iterator[None]:
        """Events in this block name the request that caused them."""
        self.request = {"id": request_id, "idempotency_key": key}
        try:
            yield
        finally:
            self.request = {"id": None, "idempotency_key": None}

    # The file

    def keep(self) -> None:
        """Write everything down, where there is a file."""
        if self._file is None:
            return
        with self.lock:
            kept = {"tables": self.tables, "due": self.due, "shift": self.shift}
            text = json.dumps(kept | {"deliveries": self.deliveries})
            new = self._file.with_suffix(".new")
            new.write_text(text)
            new.replace(self._file)

    def _read(self, file: Path) -> None:
        kept = json.loads(file.read_text())
        self.tables |= kept["tables"]
        self.due, self.shift = kept["due"], kept["shift"]
        self.deliveries = kept["deliveries"]


def visible(row: Row) -> Row:
    """A copy without what is the simulator's own."""
    return copy.deepcopy({name: value for name, value in row.items() if not name.startswith("_")})


def change(row: Row, **values: Any) -> Row:
    """Set the values; returns those before, as `previous_attributes` names them."""
    before = {name: row.get(name) for name, value in values.items() if row.get(name) != value}
    row.update(values)
    return before
