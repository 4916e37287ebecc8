"""The same thing done by several people at the same moment."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(function: Callable[[int], Any], times: int = 8) -> list[Any]:
    """Call `function(0)` … `function(times - 1)` in parallel; results, or what was raised.

    Needs a test with real transactions (`django_db(transaction=True)`).
    """
    line = threading.Barrier(times)

    def call(number: int) -> Any:
        try:
            line.wait()
            return alone(function, number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))


def alone(function: Callable[..., Any], *args: Any) -> Any:
    """Call the function in this thread and close the connection that it opened."""
    try:
        return function(*args)
    finally:
        connection.close()


def wait_for_a_waiter(seconds: int = 10) -> None:
    """Return as soon as another session waits for a lock that somebody holds."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_sleep(0.01), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody waits")
