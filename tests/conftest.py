"""The ground under every test: a throw-away PostgreSQL and Valkey, fixed secrets, a real worker.

The main process starts PostgreSQL for the run; every test process gets a database, a broker and
an archive of its own. Settings are read after the environment below is set.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psutil
import psycopg
import pytest
from django.conf import settings

from workmate import localdb

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from tests.background import Worker

MAIN = "PYTEST_XDIST_WORKER" not in os.environ
NAME = os.environ.get("PYTEST_XDIST_WORKER", "main")
if MAIN:
    os.environ["WORKMATE_TEST_RUN"] = str(localdb.data_dir() / "test" / f"run-{os.getpid()}")
RUN = Path(os.environ["WORKMATE_TEST_RUN"])
OWN = RUN / NAME
BROKER = localdb.Broker(OWN)

os.environ.update(
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1],testserver",
    API_RATE_ANONYMOUS="100000/min",  # a test that means it says so
    ARCHIVE_DIR=str(OWN / "archive"),
    EXPORTS_DIR=str(OWN / "exports"),
    AUDIT_HEADS=str(OWN / "audit-heads.jsonl"),
    DEBUG="0",
    DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's loop runs in the thread that asks the database.
    DJANGO_SETTINGS_MODULE="workmate.settings",
    FIELD_ENCRYPTION_KEYS="dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE=",
    HTTPS="0",
    PUBLIC_URL="http://localhost:8000",
    REDIS_URL=localdb.broker_url(OWN),
    RULES_DIR=str(OWN / "rules"),
    SECRET_KEY="a-secret-for-tests-only-that-is-long-enough-for-every-check-of-it",
)
# Throw-away data need not survive a power cut.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def _start_servers() -> None:
    _sweep(RUN.parent)
    RUN.mkdir(parents=True)
    url = os.environ["DATABASE_URL"] = localdb.database_url(RUN)
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


def _sweep(runs: Path) -> None:
    """End and remove what a killed run has left."""
    for run in runs.glob("run-*"):
        if psutil.pid_exists(int(run.name.removeprefix("run-"))):
            continue
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("WORKMATE_TEST_RUN") == str(run):
                    process.kill()
        shutil.rmtree(run, ignore_errors=True)


if MAIN:
    _start_servers()
BROKER.start()
# Here and not in a hook: the conftest modules below this one may import models.
django.setup()
# The processes of pytest-xdist inherit this environment. Were the settings named in it, there
# pytest-django would read them before the lines above give the process a broker of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]
assert localdb.broker_url(OWN) == settings.REDIS_URL, "the settings were read too early"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STATIC_ROOT = None  # Nothing is collected; files come from where they are written.


def pytest_unconfigure() -> None:
    """Stop the servers and forget their data."""
    BROKER.stop()
    if MAIN and RUN.exists():
        localdb.start_database(RUN).stop()
        shutil.rmtree(RUN, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """Extend pytest-django's database: see `tests.emptying`.

    At the end a browser may still hold a connection to the test server open, and its thread one
    to the database, which could not be dropped then.
    """
    from django.db import connection

    from tests.emptying import keep_seed

    with django_db_blocker.unblock():
        keep_seed()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def _worker_process(
    django_db_setup: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator["Worker"]:
    from tests.background import Worker

    worker = Worker(OWN / "worker.log")
    with django_db_blocker.unblock():
        worker.start()
    yield worker
    worker.stop()


@pytest.fixture
def worker(transactional_db: None, _worker_process: "Worker") -> Iterator["Worker"]:
    """A real worker that takes on this test's jobs; `worker.finish()` waits for them."""
    _worker_process.resume()
    yield _worker_process
    _worker_process.finish()
    _worker_process.pause()
