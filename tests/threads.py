"""The same thing done by several people at the same moment."""

import threading
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
            return function(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(call, range(times)))
