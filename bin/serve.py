"""Starts everything and ends everything: database, broker, web server, worker and timetable.

The embedded servers start first and stop last, so that a worker can finish what it has begun.
"""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

import environ

from workmate import localdb

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
# Where the demo's simulated Stripe answers.
STRIPE_PORT = PORT + (4111 if PORT < 60000 else -4111)
# Seconds that a process gets to finish; a job that is killed is repeated after the next start.
PATIENCE = 10
START_TIMEOUT = 90
# On a bare machine, in a container: Celery's warning about the superuser helps nobody here.
AS_ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"


class Stop(Exception):
    """Time to end: the text says why, the code is the exit code of the command."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


class Part:
    """One process, in a session of its own, its lines printed behind its name."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=BASE_DIR,
            env=os.environ | {"PYTHONWARNINGS": AS_ROOT_IS_FINE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=localdb.end_with_parent,
        )
        assert self.process.stdout is not None
        self.printer = threading.Thread(target=self._print, args=[self.process.stdout], daemon=True)
        self.printer.start()

    def _print(self, lines: IO[bytes]) -> None:
        for line in lines:
            print(f"{self.name:6} | {line.decode(errors='replace').rstrip()}", flush=True)

    def end(self, patience: float) -> None:
        """Wait for what was asked to end; kill it with all its children if it does not."""
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            print(f"{self.name} is busy and is killed; its job will be repeated.", flush=True)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.printer.join(2)


def main() -> int:
    """Run until Ctrl-C or until a part ends by itself; returns the exit code."""
    environ.Env.read_env(BASE_DIR / ".env")
    os.environ.setdefault("LOG_FORMAT", "plain")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _alone(), _servers():
            _serve()
    except Stop as stop:
        print(stop, file=sys.stderr if stop.code else sys.stdout, flush=True)
        return stop.code
    return 0


def _stop(number: int, _frame: FrameType | None) -> None:
    """Ctrl-C once: end in order. Further ones are ignored, everything is ending already."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stop("\nEverything has ended, the data is kept.", 0)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the data folder and find the port free, or say who is in the way."""
    with (localdb.data_dir() / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"WorkmateOS already runs on the data in {localdb.data_dir()}.", 1) from None
        for port in (PORT, STRIPE_PORT):
            _find_free(port)
        yield


def _find_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Stop(
                f"Port {port} on {HOST} cannot be used ({error.strerror}): "
                f"choose another one, for example: make run PORT={PORT + 1}",
                1,
            ) from None


@contextlib.contextmanager
def _servers() -> Iterator[None]:
    """The embedded PostgreSQL and Valkey, unless the environment names others."""
    broker = database = None
    try:
        if not os.environ.get("DATABASE_URL"):
            database = localdb.start_database()
            os.environ["DATABASE_URL"] = str(database.get_uri("postgres"))
            # Only data of our own is filled with a demo unasked.
            os.environ.setdefault("DEMO", "1")
            if os.environ["DEMO"] == "1":
                os.environ.setdefault("EMAIL_URL", "outbox:")
        if not os.environ.get("REDIS_URL"):
            broker = localdb.Broker().start()
            os.environ["REDIS_URL"] = localdb.broker_url()
        yield
    finally:
        if broker:
            broker.stop()
        if database:
            database.cleanup()


def _serve() -> None:
    simulated = os.environ.get("DEMO") == "1" and not os.environ.get("STRIPE_API_BASE")
    if simulated:
        os.environ["STRIPE_API_BASE"] = f"http://localhost:{STRIPE_PORT}"
    prepare = [sys.executable, "-u", "-m", "bin.prepare"]
    if subprocess.run(prepare, cwd=BASE_DIR, check=False).returncode:
        raise Stop("The database could not be prepared, see above.", 1)
    schedule = localdb.data_dir() / "beat-schedule"
    parts = []
    try:
        if simulated:
            webhook = f"http://localhost:{PORT}/api/v1/stripe/webhook/"
            address = ["--port", str(STRIPE_PORT), "--webhook", webhook]
            state = str(localdb.data_dir() / "stripe.json")
            parts.append(Part("stripe", "simulators.stripe", *address, "--file", state))
        parts.append(Part("web", "gunicorn", "-c", "deploy/gunicorn.py"))
        celery = ["celery", "--quiet", "--app", "workmate"]
        alone = ["--without-gossip", "--without-mingle"]
        worker = ["worker", "--concurrency=2", "--loglevel=INFO", *alone]
        parts.append(Part("worker", *celery, *worker))
        beat = ["beat", "--loglevel=INFO", f"--schedule={schedule}", "--pidfile="]
        parts.append(Part("beat", *celery, *beat))
        _wait_for_first_page(parts)
        print(_welcome(), flush=True)
        while True:
            _check(parts)
            time.sleep(0.5)
    finally:
        for part in reversed(parts):
            part.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for part in reversed(parts):
            part.end(max(deadline - time.monotonic(), 0))


def _check(parts: list[Part]) -> None:
    for part in parts:
        if (code := part.process.poll()) is not None:
            raise Stop(f"{part.name} has ended by itself (code {code}), so everything ends.", 1)


def _wait_for_first_page(parts: list[Part]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        _check(parts)
        connection = http.client.HTTPConnection(HOST, PORT, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/anmelden/")
            if connection.getresponse().status < 500:
                return
        connection.close()
        time.sleep(0.2)
    raise Stop(f"The web server did not answer within {START_TIMEOUT} seconds.", 1)


def _welcome() -> str:
    logins = localdb.data_dir() / "logins.txt"
    known = logins.read_text().rstrip() if logins.exists() else ""
    line = "─" * 72
    address = f"WorkmateOS Finance: http://localhost:{PORT}/"
    return f"\n{line}\n{address}\n{known}\nCtrl-C ends everything.\n{line}"


if __name__ == "__main__":
    sys.exit(main())
