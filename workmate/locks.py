"""Locks by number: what only one transaction at a time may do. One table, so that none has two."""

from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """PostgreSQL's advisory locks; those of triggers are taken in the database."""

    AUDIT = 4711  # events are sealed one by one; a trigger takes it at commit
    PERIODS = 4712  # every posting holds it shared, locking a month holds it alone
    PARTNERS = 4713  # the next number of a debtor or creditor
    MATCHING = 4714  # one run at a time books matches
    PRODUCTS = 4715  # the next number of a product
    MONEY_ACCOUNTS = 4716  # the next account of the chart for money
    RETENTION = 4717  # erasing files, and holding a year back from it


def hold(lock: Lock) -> None:
    """Wait for the lock and keep it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
