"""The ground under every measurement: a database and an archive of its own, gone at the end.

Import it before anything that has models. The database lies on the embedded PostgreSQL of this
checkout (or on DATABASE_URL) with that server's real settings: a commit waits for the disk.
"""

import atexit
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import truediv
from pathlib import Path
from typing import Any

import django
import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from workmate import localdb  # noqa: E402 — only now it can be found

PREFIX = "workmate_bench_"
NAME = f"{PREFIX}{os.getpid()}"
_server = os.environ.get("DATABASE_URL") or localdb.database_url()
_archive = tempfile.mkdtemp(prefix="workmate-bench-", dir=localdb.data_dir())
_names = itertools.count(1)


def migrated() -> str:
    """The name of the database that is there from the beginning, with all tables."""
    return str(settings.DATABASES["default"]["NAME"])


def make_database(template: str = "") -> str:
    """A new database, empty or a copy of another one that nobody uses; dropped at the end."""
    name = f"{NAME}_{next(_names)}"
    _on_server("CREATE DATABASE {} TEMPLATE {}", name, template or "template0")
    atexit.register(_on_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    return name


def scratch(name: str, data: bytes) -> str:
    """The path of a file with these bytes, gone at the end."""
    path = Path(_archive) / name
    path.write_bytes(data)
    return str(path)


@dataclass
class Taken:
    """Milliseconds of every round: on the clock, and of a core's work here and in PostgreSQL."""

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """The median on the clock."""
        return round(statistics.median(self.clock), 1)

    @property
    def work_ms(self) -> float:
        """The mean of the work; PostgreSQL's is only known to ten milliseconds a time."""
        return round(statistics.mean(self.work), 1)

    @property
    def per_second(self) -> float:
        return round(1000 / statistics.median(self.clock), 1)

    def ratio(self, to: "Taken") -> float:
        """How many times as long; the median over the rounds, as a busy moment slows both."""
        return round(statistics.median(map(truediv, self.clock, to.clock)), 2)

    def work_ratio(self, to: "Taken") -> float:
        """How many times as much work, waiting for disk and turn left out."""
        return round(sum(self.work) / sum(to.work), 2)


def connect(database: str) -> BaseDatabaseWrapper:
    """A connection of its own to a database that `make_database` made; see `on`."""
    opened = connections.create_connection("default")
    opened.settings_dict = opened.settings_dict | {"NAME": database}
    return opened


@contextmanager
def on(opened: BaseDatabaseWrapper) -> Iterator[None]:
    """Everything inside works on this connection."""
    usual = connections["default"]
    connections["default"] = opened
    try:
        yield
    finally:
        connections["default"] = usual


def interleaved(rounds: int, **variants: Callable[[], Any]) -> dict[str, Taken]:
    """Each variant, one after the other in every round: what else the machine does hits all."""
    taken = {name: Taken() for name in variants}
    for _ in range(rounds):
        for name, run in variants.items():
            clock, work = time.perf_counter(), _work()
            run()
            taken[name].clock.append((time.perf_counter() - clock) * 1000)
            taken[name].work.append((_work() - work) * 1000)
    return taken


def _work() -> float:
    """Seconds that this process and its PostgreSQL session have kept a core busy."""
    connection.ensure_connection()
    session = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time() + session.user + session.system


def report(claim: str, **figures: Any) -> None:
    """One JSON line on the standard output."""
    print(json.dumps({"claim": claim} | figures, ensure_ascii=False), flush=True)


def _on_server(statement: str, *names: str) -> None:
    with psycopg.connect(_server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _sweep() -> None:
    """Drop what a killed run has left."""
    with psycopg.connect(_server) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        ).fetchall()
    for (name,) in rows:
        owner = int(name.removeprefix(PREFIX).split("_")[0])
        if not psutil.pid_exists(owner):
            _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _begin() -> None:
    _sweep()
    atexit.register(shutil.rmtree, _archive, ignore_errors=True)
    os.environ.update(
        ALLOWED_HOSTS="testserver",
        ARCHIVE_DIR=_archive,
        EXPORTS_DIR=f"{_archive}/exports",
        DATABASE_URL=_server,
        DEBUG="0",
        DJANGO_SETTINGS_MODULE="workmate.settings",
        FIELD_ENCRYPTION_KEYS="YmVuY2gta2V5LWJlbmNoLWtleS1iZW5jaC1rZXktYmU=",
        HTTPS="0",
        LOG_LEVEL="ERROR",
        SECRET_KEY="a-secret-for-measurements-only-that-is-long-enough-for-every-check",
    )
    settings.DATABASES["default"]["NAME"] = make_database()
    settings.ROOT_URLCONF = "ground.urls"
    # Nothing is collected: the names of static files are looked up where they are written.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    django.setup()
    call_command("migrate", verbosity=0)


_begin()
