"""Claim: with 100,000 invoices the pages of every day take at most 1.5 times as long as with 1,000.

Asked are the list of what is overdue by due date, the list as it opens and the overview, through
all middleware as a signed-in owner; beside them a view that returns a constant. Both books lie in
databases of one server, and every round asks both.
"""

import sys
from collections.abc import Callable

import ground  # first: it makes the database and sets Django up
from django.db import connections
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


class Visitor:
    """A signed-in owner of a company with so many invoices, in a database of its own."""

    def __init__(self, database: str, number: int) -> None:
        self.opened = ground.connect(database)
        self.client = Client()
        with ground.on(self.opened):
            books.write(number, today=localdate())
            owner = user_in("Inhaber")
            self.client.force_login(owner, "django.contrib.auth.backends.ModelBackend")

    def ask(self, address: str) -> None:
        with ground.on(self.opened):
            response = self.client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")

    def asking(self, address: str) -> Callable[[], None]:
        return lambda: self.ask(address)

    def questions(self, address: str) -> int:
        """How many questions the page asks the database."""
        with CaptureQueriesContext(self.opened) as asked:
            self.ask(address)
        return len(asked)


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    connections.close_all()
    other = ground.make_database(ground.migrated())
    small, many = Visitor(ground.migrated(), SMALL), Visitor(other, large)
    for name, address in PAGES.items():
        measure(name, address, small, many, large)


def measure(name: str, address: str, small: Visitor, many: Visitor, large: int) -> None:
    """One page on both books beside the constant."""
    variants = {
        "constant": many.asking("/konstant/"),
        "small": small.asking(address),
        "large": many.asking(address),
    }
    ground.interleaved(3, **variants)
    taken = ground.interleaved(ROUNDS, **variants)
    ground.report(
        f"list.{name}",
        invoices=large,
        ratio=taken["large"].ratio(taken["small"]),
        target="<= 1.5",
        to_constant=taken["large"].ratio(taken["constant"]),
        ms=taken["large"].ms,
        ms_at_1000=taken["small"].ms,
        constant_ms=taken["constant"].ms,
        queries=many.questions(address),
    )


if __name__ == "__main__":
    main()
