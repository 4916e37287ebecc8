"""Claim: with 100,000 invoices the pages of every day take at most 1.5 times as long as with 1,000.

Asked are the list of what is overdue by due date, the list as it opens and the overview, through
all middleware as a signed-in owner; beside them a view that returns a constant. Both books lie in
databases of one server, and every round asks both.
"""

import sys
from collections.abc import Callable
from typing import Any

import ground  # first: it makes the database and sets Django up
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from ground import books

from tests.factories import user_in

SMALL, LARGE, ROUNDS = 1_000, 100_000, 25
PAGES = {
    "overdue": "/rechnungen/?status=overdue&sort=due_date",
    "default": "/rechnungen/",
    "overview": "/",
}


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    connections.close_all()
    other = ground.make_database(ground.migrated())
    small = visitor(ground.migrated(), SMALL)
    many = visitor(other, large)
    for name, address in PAGES.items():
        measure(name, address, small, many, large)


def visitor(database: str, number: int) -> Callable[[str], Callable[[], Any]]:
    """Fill the database; gives back how a signed-in owner asks for an address there."""
    opened = ground.connect(database)
    client = Client()
    with ground.on(opened):
        books.write(number, today=localdate())
        client.force_login(user_in("Inhaber"), "django.contrib.auth.backends.ModelBackend")

    def asking(address: str) -> Callable[[], Any]:
        def ask() -> Any:
            with ground.on(opened):
                response = client.get(address)
                if response.status_code != 200:
                    raise RuntimeError(f"{address} answers {response.status_code}")
                return response

        return ask

    return asking


def measure(name: str, address: str, small: Any, many: Any, large: int) -> None:
    """One page on both books beside the constant."""
    variants = {
        "constant": many("/konstant/"),
        "small": small(address),
        "large": many(address),
    }
    ground.interleaved(3, **variants)
    taken = ground.interleaved(ROUNDS, **variants)
    with CaptureQueriesContext(connection) as asked:
        small(address)()
    ground.report(
        f"list.{name}",
        invoices=large,
        ratio=taken["large"].ratio(taken["small"]),
        target="<= 1.5",
        to_constant=taken["large"].ratio(taken["constant"]),
        ms=taken["large"].ms,
        ms_at_1000=taken["small"].ms,
        constant_ms=taken["constant"].ms,
        queries=len(asked),
    )


if __name__ == "__main__":
    main()
