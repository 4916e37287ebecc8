"""Claim: with 100,000 bookings the bank's pages take at most 1.5 times as long as with 1,000.

2.5 times where all bookings are added up (the figures above the list, the chart of an account),
four times where each has to be looked at (words searched for, another order). Asked through all
middleware as a signed-in owner. Bookings come from one file a month, as they do.
"""

import sys
from datetime import timedelta

import ground  # first: it makes the database and sets Django up
from django.db import connection, connections
from django.utils.timezone import localdate
from ground.visiting import Visitor, compare

from banking.importing import import_statement
from banking.models import Transaction
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import books
from workmate.models import User

SMALL, LARGE, ROUNDS, MONTHS, WAITING = 1_000, 100_000, 15, 24, 200
PAGES = {
    "list": ("/bank/umsaetze/", 2.5),
    "incoming": ("/bank/umsaetze/?direction=in&account=1", 2.5),
    "searched": ("/bank/umsaetze/?q=RE-2026-000017", 4),
    "by_amount": ("/bank/umsaetze/?sort=amount", 4),
    "account": ("/bank/konten/1/", 2.5),
    "gaps": ("/bank/konten/1/auszuege/", 1.5),
    "statements": ("/bank/auszuege/", 1.5),
    "statement": ("/bank/auszuege/1/", 1.5),
    "matching": ("/bank/zuordnen/", 1.5),
}


def fill(number: int, owner: User) -> None:
    """One account, one file a month, the latest yesterday; all but the last are decided."""
    books()
    account, balance = an_account(owner), 100_000
    last, each = localdate() - timedelta(days=1), number // MONTHS
    for month in reversed(range(MONTHS)):
        day = last - timedelta(days=30 * month)
        bookings = [
            (
                f"{day - timedelta(days=n * 29 // each):%d.%m.%Y}",
                f"Kundig & Söhne GmbH {n % 400}",
                f"Rechnung RE-2026-{month * each + n:06d} vielen Dank",
                (n % 9_000 + 100) * (1 if n % 3 else -1),
            )
            for n in range(each)
        ]
        data = ing(bookings, opening=balance)
        import_statement(account, data, filename=f"umsaetze-{month}.csv", by=owner)
        balance += sum(cents for *_, cents in bookings)
    rows = Transaction.objects.order_by("-booked_on").values("pk")
    Transaction.objects.exclude(pk__in=rows[:WAITING]).update(state=Transaction.State.MATCHED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    connections.close_all()
    other = ground.make_database(ground.migrated())
    small = Visitor(ground.migrated(), lambda owner: fill(SMALL, owner))
    many = Visitor(other, lambda owner: fill(large, owner))
    for name, (address, most) in PAGES.items():
        claim = f"transactions.{name}"
        compare(claim, address, small, many, rounds=ROUNDS, target=f"<= {most}")


if __name__ == "__main__":
    main()
