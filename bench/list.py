"""Claim: with 100,000 invoices the pages of every day take at most 1.5 times as long as with 1,000.

Asked are the list of what is overdue by due date, the list as it opens and the overview, through
all middleware as a signed-in owner; beside them a view that returns a constant. Both books lie in
databases of one server, and every round asks both.
"""

import sys

import ground  # first: it makes the database and sets Django up
from django.db import connections
from django.utils.timezone import localdate
from ground import books
from ground.visiting import Visitor, compare

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
    small = Visitor(ground.migrated(), lambda _: books.write(SMALL, today=localdate()))
    many = Visitor(other, lambda _: books.write(large, today=localdate()))
    for name, address in PAGES.items():
        compare(f"list.{name}", address, small, many, rounds=ROUNDS, target="<= 1.5")


if __name__ == "__main__":
    main()
