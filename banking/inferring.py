"""Inferring: an unknown file is read without asking where its running balances prove how.

Proven is what leaves one reading of days, amounts and signs: every row is a booking with a
balance, each balance follows from the one before, and the days keep to that order. A balance
says nothing about euros and cents where both are whole numbers, nor about the sign on a card,
whose balance may be what is owed: there a person decides. So too without names of columns, by
which the next file would be known.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from banking.csv_formats import values
from banking.mapping import columns_of, of_other_account, tried, ways_of
from banking.models import BankAccount, CsvMapping
from banking.sampling import Sample, beginning, sample
from banking.statement import BalanceCheck, ParsedStatement, Row
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.money import format_amount, format_date

LEAST = 5  # bookings
_CODE = re.compile(r"\b[A-Z]{3}\b")
# A booking in another state than booked: which rows count, a person decides.
_STATE = re.compile(
    r"status|state|vorgemerkt|ausstehend|offen|pending|authori[sz]ed|processing"
    r"|abgelehnt|declined|rejected|storniert|cancell?ed|failed|fehlgeschlagen",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"[$£¥]|dollar", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b", re.ASCII)

Step = tuple[date, Decimal, Decimal]


class Reading(NamedTuple):
    """A mapping, not saved, and what it makes of a file."""

    mapping: CsvMapping
    statement: ParsedStatement


def infer(account: BankAccount, data: bytes, *, filename: str) -> Reading | None:
    """The one reading that the balances of the file prove, None where they leave a doubt."""
    try:
        found = sample(data)
        like = of_other_account(found)
        columns = like.columns if like else columns_of(found)
        if not found.has_header or _speaks_against(account, found, data):
            return None
        columns = _without_own_iban(account, found, columns)
        readings = []
        for way in ways_of(found, columns):
            way.name = like.name if like else title_of(filename)  # before it titles the statement
            readings.append(Reading(way, tried(way, data)))
    except Problem:
        return None
    proven = [one for one in readings if _is_proven(account, one.statement)]
    if len(proven) != 1:  # all on 05/05/2026: alike here, apart in the next file
        return None
    made = proven[0].mapping
    made.account, made.inferred = account, True
    return proven[0]


def title_of(filename: str) -> str:
    """What a format is called at first: like its file, without the ending."""
    return filename.rpartition(".")[0][:60] or "Bank"


def doubts(found: Sample, columns: dict[str, str], data: bytes) -> list[str]:
    """What the file leaves open about its days and amounts, a sentence each."""
    readings = [Reading(way, tried(way, data)) for way in ways_of(found, columns)]
    for is_better in (_is_whole, _is_in_sequence, _adds_up):
        readings = [one for one in readings if is_better(one.statement)] or readings
    days, amounts = _apart(readings, _day), _apart(readings, _amount)
    told = []
    if days:
        text = _cell(found, days[0], columns.get("booked_on", ""))
        told.append(f"Tag oder Monat zuerst? „{text}“ kann {_either(days, _day)} sein.")
    if amounts:
        text = next(
            cell
            for role in ("amount", "credit", "debit")
            if (cell := _cell(found, amounts[0], columns.get(role, "")))
        )
        told.append(
            f"Wie sind die Beträge gemeint? „{text}“ kann {_either(amounts, _amount)} sein."
        )
    return told


def _is_proven(account: BankAccount, statement: ParsedStatement) -> bool:
    """Whether the balances prove all rows in one order, and no other sign could be meant."""
    rows = statement.rows
    if len(rows) < LEAST or not _is_whole(statement) or statement.warnings:
        return False
    if {row.currency for row in rows} != {account.money_account.currency}:
        return False
    steps = [
        (row.booked_on, row.amount, row.balance_after)
        for row in rows
        if row.balance_after is not None and not row.pending
    ]
    if len(steps) < len(rows) or not any(amount for _, amount, _ in steps):
        return False
    turned = [(day, -amount, balance) for day, amount, balance in steps]
    return _orders(steps) == 1 and not _orders(turned)


def _orders(steps: list[Step]) -> int:
    """In how many directions, down or up the file, days never fall and balances add up."""
    return sum(
        all(a[0] <= b[0] and a[2] + b[1] == b[2] for a, b in pairwise(way))
        for way in (steps, steps[::-1])
    )


def _speaks_against(account: BankAccount, found: Sample, data: bytes) -> bool:
    """Whether the file seems to be of another account, or of a card."""
    money = account.money_account
    if money.kind == MoneyAccount.Kind.CARD:
        return True
    if money.currency == "EUR" and _SYMBOL.search(" ".join(found.header)):
        return True
    cells = (cell for row in (found.header, *found.rows) for cell in row)
    if any(_STATE.fullmatch(cell.strip()) for cell in cells):
        return True
    codes = {cell for row in found.rows for cell in row} | set(
        _CODE.findall(" ".join(found.header))
    )
    if codes & values.CURRENCIES - {money.currency}:
        return True
    head = "\n".join(beginning(data, found.encoding).splitlines()[: found.starts - 1])
    named = {"".join(match.split()) for match in _IBAN.findall(head)}
    return any(not one.startswith(money.iban) for one in named if money.iban)


def _without_own_iban(
    account: BankAccount, found: Sample, columns: dict[str, str]
) -> dict[str, str]:
    """The column that repeats the account's own IBAN is not that of the other side."""
    column = columns.get("iban", "")
    own = account.money_account.iban
    if own and column and own in map(values.iban, found.column(column)):
        return {role: name for role, name in columns.items() if role != "iban"}
    return columns


def _is_whole(statement: ParsedStatement) -> bool:
    return bool(statement.rows) and not statement.skipped


def _is_in_sequence(statement: ParsedStatement) -> bool:
    return statement.is_in_sequence


def _adds_up(statement: ParsedStatement) -> bool:
    return statement.balance_check == BalanceCheck.OK


def _day(row: Row) -> str:
    return f"der {format_date(row.booked_on)}"


def _amount(row: Row) -> str:
    return format_amount(row.amount)


def _apart(readings: Sequence[Reading], told: Callable[[Row], str]) -> list[Row]:
    """The first row about which the readings differ, once for each that it can be."""
    for rows in zip(*(one.statement.rows for one in readings), strict=False):
        if len(different := {told(row): row for row in rows}) > 1:
            return list(different.values())
    return []


def _either(rows: Sequence[Row], told: Callable[[Row], str]) -> str:
    return " oder ".join(told(row) for row in rows)


def _cell(found: Sample, row: Row, column: str) -> str:
    return row.raw[found.header.index(column)].strip() if column in found.header else ""
