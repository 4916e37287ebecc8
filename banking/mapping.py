"""Mapping: a CSV file that no known format fits is read by columns that a person has chosen.

A mapping is kept for an account and the header it was made for. From then on a file of that
account with that header is known like those of the banks: exactly, never by likeness. Without a
header the number of columns, and a day and an amount where they belong, stand for it.
"""

import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product

from django.db import transaction
from django.db.models import Q

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.columns import Columns, no_head
from banking.csv_formats.reading import read_with
from banking.csv_formats.table import CsvFormat
from banking.guessing import SIGNS, amounts_of, days_of, guessed
from banking.models import BankAccount, CsvMapping, StatementImport
from banking.sampling import Sample, any_day, month_first
from banking.statement import BalanceCheck, ParsedStatement
from workmate import audit
from workmate.models import User

PROOF = 3  # balances, each of which follows from the one before


def _written_or_cents(text: str) -> Decimal | None:
    """A balance beside amounts in cents: in cents as well, unless it is written with a comma."""
    found = (read(text) for read in (values.cents, values.amount, values.point_amount))
    return next((value for value in found if value is not None), None)


_AMOUNTS = {
    CsvMapping.Amounts.GERMAN: values.amount,
    CsvMapping.Amounts.ENGLISH: values.point_amount,
    CsvMapping.Amounts.CENTS: values.cents,
}
_DAYS = {CsvMapping.Days.DAY_FIRST: any_day, CsvMapping.Days.MONTH_FIRST: month_first}


def format_of(mapping: CsvMapping) -> CsvFormat:
    """The mapping as a format, known by its exact header."""
    roles = dict(mapping.columns)
    purpose = tuple(filter(None, (roles.pop("purpose", ""), roles.pop("purpose2", ""))))
    in_cents = mapping.amounts == CsvMapping.Amounts.CENTS
    columns = Columns(
        **{role: column for role, column in roles.items() if column},
        purpose=purpose,
        signs=SIGNS,
        read_day=_DAYS[CsvMapping.Days(mapping.days)],
        read_amount=_AMOUNTS[CsvMapping.Amounts(mapping.amounts)],
        read_balance=_written_or_cents if in_cents else None,
    )
    return CsvFormat(
        key=format_key_of(mapping.digest),
        title=mapping.name,
        required=tuple(mapping.header),
        read_head=no_head,
        read_row=columns.read_row,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        headerless=None if mapping.has_header else _first_row(mapping.header, columns),
        skip=mapping.skip,
        labelled=True,
    )


def _first_row(header: Sequence[str], columns: Columns) -> Callable[[Sequence[str]], bool]:
    """Whether a row has the day and the amount where the mapping has them."""
    day = header.index(columns.booked_on)
    amounts = [
        header.index(name) for name in (columns.amount, columns.debit, columns.credit) if name
    ]

    def fits(cells: Sequence[str]) -> bool:
        if not max(day, *amounts[:1]) < len(cells) <= len(header):
            return False
        told = [cells[at] for at in amounts if at < len(cells) and cells[at]]
        read = columns.read_amount
        return columns.read_day(cells[day]) is not None and any(
            read(text) is not None for text in told
        )

    return fits


def mapped(account: BankAccount | None = None) -> tuple[CsvFormat, ...]:
    """The formats that people have mapped for the account, or for any where it is not known."""
    rows = CsvMapping.objects.order_by("account", "id")  # those for no account come last
    if account is not None:
        rows = rows.filter(Q(account=account) | Q(account=None))
    return tuple(format_of(mapping) for mapping in rows)


def tried(mapping: CsvMapping, data: bytes) -> ParsedStatement:
    """What the mapping makes of the file; raises what reading raises."""
    return read_with((format_of(mapping),), data)


def columns_of(found: Sample) -> dict[str, str]:
    """Role → column by the guess; raises NO_TABLE where it lacks the day or the amount."""
    columns = guessed(found)
    del columns["amounts"], columns["days"]
    if "booked_on" not in columns or not {"amount", "debit", "credit"} & columns.keys():
        raise errors.NO_TABLE()
    return columns


def ways_of(found: Sample, columns: dict[str, str]) -> list[CsvMapping]:
    """Mappings, not saved, for every way in which amounts and days can be read."""
    return [
        CsvMapping(
            name="Vorschlag",
            delimiter=found.delimiter,
            encoding=found.encoding,
            has_header=found.has_header,
            skip=0 if found.has_header else found.starts - 1,
            header=list(found.header),
            digest=digest_of(found.delimiter, found.header),
            columns=columns,
            amounts=amounts,
            days=days,
        )
        for amounts, days in product(amounts_of(found, columns), days_of(found, columns))
    ]


def proposed(found: Sample, data: bytes) -> CsvMapping:
    """The guess as a mapping, not saved; raises NO_TABLE where it lacks the day or the amount.

    Where amounts or days can be read in several ways, that one which the balances prove, then
    one that keeps the days in sequence.
    """
    ways = ways_of(found, columns_of(found))
    if len(ways) == 1:
        return ways[0]
    read = [tried(one, data) for one in ways]
    ranks = [(not is_proven(one), not one.is_in_sequence) for one in read]
    return ways[ranks.index(min(ranks))]


def is_proven(statement: ParsedStatement) -> bool:
    """Whether running balances prove the bookings, over two steps at least."""
    balances = sum(row.balance_after is not None for row in statement.booked)
    return balances >= PROOF and statement.balance_check == BalanceCheck.OK


def of_other_account(found: Sample) -> CsvMapping | None:
    """The newest mapping for this header, whichever account it was made for."""
    digest = digest_of(found.delimiter, found.header)
    return CsvMapping.objects.filter(digest=digest).order_by("-id").first()


def used_for(imported: StatementImport) -> CsvMapping | None:
    """The mapping with which a file was read, while it is kept as it was then."""
    key = imported.format_key.removeprefix("mapping-")
    if key == imported.format_key:
        return None
    own = CsvMapping.objects.filter(digest__startswith=key)
    return own.filter(Q(account=imported.account_id) | Q(account=None)).order_by("account").first()


@transaction.atomic
def keep(mapping: CsvMapping, *, by: User) -> CsvMapping:
    """Save a mapping, in place of an older one for the same account and header.

    An inferred one never takes the place of another.
    """
    mapping.digest = digest_of(mapping.delimiter, mapping.header)
    mapping.created_by = by
    same = CsvMapping.objects.filter(digest=mapping.digest, account=mapping.account)
    if older := same.select_for_update().first():
        if mapping.inferred:  # a person was quicker
            return older
        mapping.pk, mapping.created_at = older.pk, older.created_at
    mapping.save()
    payload = {
        "columns": mapping.columns,
        "amounts": mapping.amounts,
        "days": mapping.days,
        "inferred": mapping.inferred,
    }
    audit.record("csv_mapping.kept", mapping, by=by, payload=payload)
    return mapping


@transaction.atomic
def drop(mapping: CsvMapping, *, by: User) -> None:
    """Forget a mapping; files with its header are unknown again, what they brought stays."""
    audit.record("csv_mapping.dropped", mapping, by=by, payload={"columns": mapping.columns})
    mapping.delete()


def format_key_of(digest: str) -> str:
    """What statements remember the mapping by."""
    return f"mapping-{digest[:12]}"


def digest_of(delimiter: str, header: Sequence[str]) -> str:
    """Stands for a header; two mappings never share one."""
    return hashlib.sha256(delimiter.join(["", *header]).encode()).hexdigest()
