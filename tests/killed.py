"""A real process that dies by SIGKILL at a chosen point of our code, as by a power cut."""

import importlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connection, connections


def killed(work: Callable[[], Any], *, at: str, after: bool = True, call: int = 1) -> None:
    """Do the work in a process that is killed in this call of a function (`module.name`).

    `after` kills when the function has returned, otherwise before it begins. Returns once the
    process is gone and the database has noticed. Needs real transactions.
    """
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_die, args=(work, at, after, call))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"{at} was not reached: {process.exitcode}"
    _wait_until_alone()


def _die(work: Callable[[], Any], at: str, after: bool, call: int) -> None:
    # Beside the event loop of a browser test Django has another connection for this thread, which
    # the parent has not closed: leave its socket alone, or its session outlives this process.
    for alias in list(connections):
        with suppress(AttributeError):
            del connections[alias]
    place, _, name = at.rpartition(".")
    module = importlib.import_module(place)
    function, calls = getattr(module, name), 0

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **kwargs)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, name, deadly)
    work()


def _wait_until_alone() -> None:
    """The session of the dead process ends, and with it its transaction and its locks."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT pg_sleep(0.01), count(*) FROM pg_locks AS held"
                " JOIN pg_stat_activity AS one USING (pid)"
                " WHERE one.datname = current_database() AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[1]:
                return
    raise AssertionError("the session of the dead process still holds locks")
