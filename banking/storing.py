"""Storing bookings: all of a statement in one COPY, four times as fast as `bulk_create`.

The triggers of the table run for every row as they do for an INSERT. Whoever calls holds the
lock on the account, so that nobody else numbers its bookings meanwhile.
"""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql

from banking.dedupe import Numbered
from banking.kinds import kind_of
from banking.models import StatementImport, Transaction
from banking.replacing import as_json

COLUMNS = (
    "account_id",
    "statement_id",
    "status",
    "state",
    "booked_on",
    "value_on",
    "amount",
    "currency",
    "counterparty_name",
    "counterparty_iban",
    "counterparty_bic",
    "purpose",
    "end_to_end_id",
    "mandate",
    "creditor_id",
    "bank_reference",
    "booking_text",
    "kind",
    "balance_after",
    "fee",
    "original_amount",
    "original_currency",
    "batch",
    "line",
    "raw",
    "fingerprint",
    "occurrence",
)
_as_json = json.JSONEncoder(ensure_ascii=False).encode
# What a file does not say gets the value that a new transaction has.
_OTHERS = {
    field.column: field.get_default()
    for field in Transaction._meta.concrete_fields
    if field.column and not field.primary_key and field.column not in COLUMNS
}
_COPY = sql.SQL("COPY {} ({}) FROM STDIN").format(
    sql.Identifier(Transaction._meta.db_table),
    sql.SQL(", ").join([sql.Identifier(name) for name in (*_OTHERS, *COLUMNS)]),
)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cycle collector: rows hold no cycles, and looking through 100,000 takes time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def store(imported: StatementImport, rows: Iterable[Numbered], status: Transaction.Status) -> None:
    """Write the rows of this import; needs an open transaction."""
    state = Transaction.State.OPEN.value  # the trigger of the table knows better
    own = (*_OTHERS.values(), imported.account_id, imported.pk, status.value, state)
    with connection.cursor() as cursor, cursor.cursor.copy(_COPY) as copy:
        for numbered in rows:
            copy.write_row((*own, *_values(numbered)))


def _values(numbered: Numbered) -> tuple[Any, ...]:
    row, fingerprint, occurrence = numbered
    original_amount, original_currency = row.original or (None, "")
    return (
        row.booked_on,
        row.value_on,
        row.amount,
        row.currency[:3],
        row.counterparty_name[:200],
        row.counterparty_iban,
        row.counterparty_bic,
        row.purpose,
        row.end_to_end_id[:70],
        row.mandate[:70],
        row.creditor_id[:40],
        row.bank_reference[:70],
        row.booking_text[:140],
        kind_of(row.booking_text[:140]),
        row.balance_after,
        row.fee,
        original_amount,
        original_currency[:3],
        _as_json(as_json(row.batch)) if row.batch else None,
        row.line,
        _as_json(row.raw),
        fingerprint,
        occurrence,
    )
