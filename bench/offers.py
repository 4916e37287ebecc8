"""Claim: with 100,000 open bookings and 20,000 invoices the page of all proposals takes < 1 s.

Asked through all middleware as a signed-in owner, beside the screen on which one is decided.

    bench/offers.py [BOOKINGS [INVOICES]]
"""

import sys

import ground  # first: it makes the database and sets Django up
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate
from ground import books

from banking.accounts import open_account
from banking.models import StoredProposal, Transaction
from tests.banking.bank import IBAN, take_in
from tests.banking.statements import sparkasse_camt
from tests.factories import user_in

BOOKINGS, INVOICES, ROUNDS = 100_000, 20_000, 5
PAGES = {"offers": "/bank/zuordnen/gesammelt/", "screen": "/bank/zuordnen/"}
# As many open bookings as asked for, made out of one.
MANY = """
INSERT INTO banking_transaction (id, {columns})
SELECT 1000000 + at, {values}
FROM (SELECT * FROM banking_transaction ORDER BY id DESC LIMIT 1) AS one,
generate_series(1, %s) AS at
"""


def main() -> None:
    given = [int(one) for one in sys.argv[1:]]
    bookings, invoices = [*given, *(BOOKINGS, INVOICES)[len(given) :]]
    books.write(invoices, today=localdate())
    owner = user_in("Inhaber")
    multiply(bookings, owner)
    client = Client()
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    for name, address in PAGES.items():
        taken = ground.interleaved(ROUNDS, page=lambda to=address: client.get(to))
        ground.report(
            f"matching.{name}",
            bookings=bookings,
            invoices=invoices,
            ms=taken["page"].ms,
            target="< 1,000 ms",
        )


def multiply(bookings: int, owner: object) -> None:
    """Open bookings, each with a stored proposal."""
    account = open_account("Giro", iban_text=IBAN, by=owner)
    row = {"Auftragskonto": IBAN, "Betrag": "119,00", "Buchungstag": "05.10.26"}
    take_in(account, sparkasse_camt([row]), owner)
    changed = {"fingerprint": "md5(at::text)", "line": "at", "booked_on": "booked_on - (at %% 700)"}
    names = [one.column for one in Transaction._meta.concrete_fields if not one.primary_key]
    values = [changed.get(name, name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(columns=", ".join(names), values=", ".join(values)), [bookings])
        cursor.execute(
            f"INSERT INTO {StoredProposal._meta.db_table} (transaction_id, score, reasons, against,"
            " effect, key, created_at) SELECT id, 60 + id % 40, '[\"Betrag genau\"]', '[]',"
            " 'Bezahlt RE-1 vollständig.', '0', now() FROM banking_transaction"
        )
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
