"""Claim: an export of 100,000 bookings comes in at least half as fast as PostgreSQL can write it.

`end_to_end` reads an ING file, finds out what is new, archives it, stores and audits it;
`again` is the same file once more; `raw` is COPY of the finished rows into the same table with
its indexes and triggers (what `\\copy` does); `row_by_row` asks and commits for each booking.
"""

import itertools
import resource
import statistics
import sys
import time
from collections.abc import Callable

import ground  # first: it makes the database and sets Django up
from django.db import connection
from psycopg import sql
from schwifty import IBAN

from banking.importing import import_statement
from banking.models import BankAccount, StatementImport, Transaction
from banking.storing import COLUMNS
from tests.banking.bank import IBAN as WRITTEN
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import books

ROWS, ROUNDS, BY_ROW = 100_000, 3, 1_000
TABLE = sql.Identifier(Transaction._meta.db_table)
NAMES = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
_numbers = itertools.count(1_000_000)


def account() -> BankAccount:
    """A new one: bookings cannot be taken away again."""
    number = str(next(_numbers))
    iban = str(IBAN.generate("DE", bank_code="37040044", account_code=number))
    return an_account(OWNER, iban=iban, name=f"Konto {number}")


def export(into: BankAccount, rows: int) -> bytes:
    """Bookings of two years, names and purposes as usual, newest first."""
    bookings = [
        (
            f"{28 - n * 28 // rows:02d}.{1 + n % 9:02d}.2026",
            f"Kundig & Söhne GmbH {n % 400}",
            f"SVWZ+Rechnung RE-2026-{n:06d} vielen Dank EREF+NOTPROVIDED",
            (n % 9_000 + 100) * (1 if n % 3 else -1),
        )
        for n in range(rows)
    ]
    own = into.money_account.iban
    spaced = " ".join(own[at : at + 4] for at in range(0, len(own), 4))
    return ing(bookings).replace(
        b" ".join(WRITTEN.encode()[at : at + 4] for at in range(0, 22, 4)), spaced.encode()
    )


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def take_in(into: BankAccount, data: bytes) -> StatementImport:
    return import_statement(into, data, filename="umsaetze.csv", by=OWNER)


def finished_rows(imported: StatementImport, into: BankAccount) -> bytes:
    """What COPY needs to write the same bookings into another account."""
    chosen = sql.SQL("SELECT {} FROM {} WHERE statement_id = {}").format(NAMES, TABLE, imported.pk)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE moved AS SELECT * FROM banking_transaction LIMIT 0")
        cursor.execute(sql.SQL("INSERT INTO moved ({}) {}").format(NAMES, chosen))
        cursor.execute("UPDATE moved SET account_id = %s", [into.pk])
        with cursor.cursor.copy(
            sql.SQL("COPY (SELECT {} FROM moved) TO STDOUT").format(NAMES)
        ) as copy:
            data = b"".join(bytes(block) for block in copy)
        cursor.execute("DROP TABLE moved")
    return data


def raw(data: bytes) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(TABLE, NAMES)
    with connection.cursor() as cursor, cursor.cursor.copy(command) as copy:
        for at in range(0, len(data), 65_536):
            copy.write(data[at : at + 65_536])


def row_by_row(imported: StatementImport, into: BankAccount) -> None:
    """The simplest importer there is: is it there? then write it, and commit."""
    rows = list(Transaction.objects.filter(statement=imported).order_by("pk")[:BY_ROW])
    for row in rows:
        same = {"account": into, "fingerprint": row.fingerprint, "occurrence": row.occurrence}
        if not Transaction.objects.filter(**same, status="booked").exists():
            row.pk, row.account, row._state.adding = None, into, True
            row.save()


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    take_in(first := account(), export(first, 1_000))  # warm
    found = []
    for _ in range(ROUNDS):
        into = account()
        data = export(into, rows)
        imported: list[StatementImport] = []
        whole = timed(lambda: imported.append(take_in(into, data)))  # noqa: B023 — called here
        again = timed(lambda: take_in(into, data))  # noqa: B023 — called here
        finished = finished_rows(imported[0], account())
        found.append((whole, again, timed(lambda: raw(finished))))  # noqa: B023 — called here
        if imported[0].new != rows:
            raise RuntimeError(f"{imported[0].new} of {rows} bookings came in")
    single = timed(lambda: row_by_row(imported[0], account())) / min(BY_ROW, rows) * rows
    ratio = statistics.median(limit / whole for whole, _, limit in found)
    whole, again, limit = map(statistics.median, zip(*found, strict=True))
    ground.report(
        "import",
        rows=rows,
        rows_per_second=round(rows / whole),
        to_raw_copy=round(ratio, 2),
        target=">= 0.5",
        to_row_by_row=round(single / whole, 1),
        seconds=round(whole, 2),
        again_seconds=round(again, 2),
        raw_seconds=round(limit, 2),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )


OWNER = books()
if __name__ == "__main__":
    main()
