import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.problems import raises_problem
from workmate import errors, outside
from workmate.outside import Door, PermanentFailure, TemporaryFailure


class Party:
    """Somebody outside who answers what the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []


@pytest.fixture
def party() -> Iterator[Party]:
    own = Party()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            own.asked.append((self.command, self.path, body))
            status, headers, content = own.answers.pop(0) if own.answers else (200, {}, b"{}")
            if status == 0:
                self.connection.close()
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 — names that http.server calls

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.block_on_close = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    own.url = f"http://127.0.0.1:{server.server_port}/api/"  # type: ignore[attr-defined]
    yield own
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def door(party: Party) -> Iterator[Door]:
    own = Door("Die Bank", party.url, pause=0, read=0.5)  # type: ignore[attr-defined]
    yield own
    own.session.close()


def test_an_answer_is_handed_on(party, door):
    party.answers = [(200, {}, json.dumps({"ä": 1}).encode())]
    assert door.request("GET", "accounts", params={"q": "x"}).json() == {"ä": 1}
    assert party.asked == [("GET", "/api/accounts?q=x", b"")]


def test_a_bad_moment_is_tried_again(party, door):
    party.answers = [(503, {}, b""), (0, {}, b""), (200, {}, b"ok")]
    assert door.request("GET", "x").text == "ok"
    assert len(party.asked) == 3


def test_when_it_stays_bad_the_failure_is_temporary(party, door):
    party.answers = [(429, {"Retry-After": "0"}, b"")] * 3
    with pytest.raises(TemporaryFailure) as raised:
        door.request("GET", "x")
    assert raised.value.code == "SYSTEM_9002"
    assert "Die Bank" in raised.value.message


def test_a_post_is_sent_once_unless_it_may_be_repeated(party, door):
    party.answers = [(503, {}, b"")]
    with pytest.raises(TemporaryFailure):
        door.request("POST", "x", json={})
    assert len(party.asked) == 1
    party.answers = [(503, {}, b""), (200, {}, b"")]
    door.request("POST", "x", json={}, repeatable=True)
    assert len(party.asked) == 3


def test_a_refusal_is_permanent_and_keeps_the_answer(party, door):
    party.answers = [(422, {}, b"no such account")]
    with pytest.raises(PermanentFailure) as raised:
        door.request("PUT", "x")
    assert raised.value.answer.text == "no such account"
    assert len(party.asked) == 1
    with raises_problem(errors.OUTSIDE_PERMANENT):
        raise raised.value


def test_silence_is_temporary(party):
    class Silent(BaseHTTPRequestHandler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    door = Door("Die Bank", f"http://127.0.0.1:{server.server_port}/", retries=0, read=0.05)
    with pytest.raises(TemporaryFailure):
        door.request("GET", "x")
    server.server_close()
    with pytest.raises(TemporaryFailure):
        door.request("GET", "x")
    door.session.close()


def test_redirects_are_not_followed(party, door):
    party.answers = [(302, {"Location": "http://evil.example/"}, b"")]
    assert door.request("GET", "x").status_code == 302
    assert len(party.asked) == 1


@pytest.mark.parametrize("path", ["http://evil.example/", "//evil.example/x", "https://127.0.0.1/"])
def test_the_door_leads_to_one_party_only(party, door, path):
    answer = door.request("GET", path) if path.startswith("//") else None
    if answer is None:
        with pytest.raises(PermanentFailure):
            door.request("GET", path)
        assert party.asked == []
    else:
        assert party.asked[0][1] == "/api/evil.example/x"


def test_an_endless_answer_is_cut_off(party, door, monkeypatch):
    monkeypatch.setattr(outside, "MOST_BYTES", 1000)
    party.answers = [(200, {}, b"x" * 2000)]
    with pytest.raises(PermanentFailure):
        door.request("GET", "x")


def test_a_party_is_reached_through_tls():
    with pytest.raises(ValueError, match="TLS"):
        Door("Die Bank", "http://bank.example/")
    Door("Die Bank", "https://bank.example/").session.close()


def test_the_log_has_the_path_and_no_secrets(party, door, caplog):
    with caplog.at_level(logging.INFO, logger="workmate.outside"):
        door.request("GET", "x?token=geheim", headers={"Authorization": "Bearer geheim"})
    record = caplog.records[-1]
    assert (record.party, record.method, record.path, record.status) == (
        "Die Bank",
        "GET",
        "/api/x",
        200,
    )
    assert "geheim" not in str(vars(record))
