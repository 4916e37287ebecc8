"""The simulator as a server on the loopback interface."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from simulators.stripe import checkout, control, disputing, money, paying, refunding, visiting
from simulators.stripe.answering import Api
from simulators.stripe.events import Sender
from simulators.stripe.world import Pace, World

MOST_BYTES = 1024 * 1024


class StripeServer:
    """One simulated Stripe; `control` gives orders, `url` is its API base."""

    def __init__(
        self, *, port: int = 0, pace: Pace | None = None, file: Path | None = None
    ) -> None:
        self.world = World(pace=pace, file=file)
        self.world.acts = {
            **paying.ACTS,
            "payout_arrives": money.payout_arrives,
            "refund_ends": refunding.refund_ends,
            "session_expires": checkout.session_expires,
            "dispute_opens": disputing.open_dispute,
            "payouts": _payouts,
        }
        self.api = Api(self.world)
        self.sender = Sender(self.world)
        self.control = control.Control(self.world, self.api, self.sender)
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.simulator = self
        self.port = self._http.server_address[1]
        self.url = self.world.base_url = f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=[0.05], daemon=True).start()
        self.sender.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.sender.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self.sender.join(5)
        self.world.keep()

    def pay_out_regularly(self) -> None:
        """Make automatic payouts from now on, as an account in use does."""
        if not any(one["act"] == "payouts" for one in self.world.due):
            self.world.later(self.world.pace.every, "payouts", "")


def _payouts(world: World, _nothing: str) -> None:
    money.pay_out(world)
    world.later(world.pace.every, "payouts", "")


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    simulator: StripeServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the inherited name
        return

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self.send_error(413)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        address = urlsplit(self.path)
        if address.path.startswith(("/v1/", "/v2/")):
            self._api(address.path, address.query, body)
        elif address.path.startswith("/_control/"):
            name = address.path.removeprefix("/_control/").strip("/")
            status, answer = control.order(self.server.simulator.control, name, body)
            self.server.simulator.world.keep()
            self._send(status, answer, {"Content-Type": "application/json"})
        else:
            self._page(address.path, body)

    def _api(self, path: str, query: str, body: bytes) -> None:
        api = self.server.simulator.api
        answer = api.answer(self.command, path, self.headers, query, body.decode())
        if answer.dropped:
            self.close_connection = True
            self.connection.close()
            return
        self._send(
            answer.status, answer.body, answer.headers | {"Content-Type": "application/json"}
        )

    def _page(self, path: str, body: bytes) -> None:
        page = visiting.visit(self.server.simulator.world, self.command, path, body.decode())
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        if page.to:
            self._send(303, b"", headers | {"Location": page.to})
        else:
            self._send(page.status, page.text.encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
