"""Reading whatever a bank hands out: CSV, camt, MT940, or a ZIP of these."""

from collections.abc import Callable

from banking import csv_formats, errors
from banking.archive import is_archive, unpack
from banking.camt import is_camt, read_camt
from banking.csv_formats import CsvFormat
from banking.mt940 import is_mt940, read_mt940
from banking.statement import BalanceCheck, Head, ParsedStatement, Row, Skipped
from workmate.errors import Problem

FORMATS = ("camt.052", "camt.053", "camt.054", "MT940", "ZIP mit mehreren Auszügen")


# Name and bytes of a file in a ZIP that no format fits; what is to be taken for it, if anything.
Unknown = Callable[[str, bytes], ParsedStatement | None]


def read_statement(
    data: bytes, mapped: tuple[CsvFormat, ...] = (), unknown: Unknown | None = None
) -> ParsedStatement:
    """Read a statement of any known format by what is in it, never by its name.

    `mapped` are formats that people have added. `unknown` may read or leave out files of a ZIP
    that no format fits; where all are left out the ZIP is as unknown as they.

    Raises what `csv_formats.read_statement` raises, and `NOT_CAMT`, `NOT_MT940`,
    `BROKEN_ARCHIVE`, `NESTED_ARCHIVE`.
    """
    if is_archive(data):
        return _read_all(unpack(data), mapped, unknown)
    return _read_one(data, mapped)


def media_type(data: bytes) -> str:
    """The type under which the archive keeps the bytes."""
    if is_archive(data):
        return "application/zip"
    if is_camt(data):
        return "application/xml"
    return "text/plain" if is_mt940(data) else "text/csv"


def _read_all(
    files: list[tuple[str, bytes]], mapped: tuple[CsvFormat, ...], unknown: Unknown | None
) -> ParsedStatement:
    read: list[ParsedStatement] = []
    refused = None
    for name, content in files:
        try:
            read.append(_read_member(content, mapped))
        except Problem as problem:
            if unknown is None or problem.code != errors.UNKNOWN_FORMAT.code:
                raise
            refused = problem
            if (statement := unknown(name, content)) is not None:
                read.append(statement)
    if refused and not read:
        raise refused
    return _joined(read)


def _read_member(data: bytes, mapped: tuple[CsvFormat, ...]) -> ParsedStatement:
    if is_archive(data):
        raise errors.NESTED_ARCHIVE()
    return _read_one(data, mapped)


def _read_one(data: bytes, mapped: tuple[CsvFormat, ...]) -> ParsedStatement:
    if is_camt(data):
        return read_camt(data)
    if is_mt940(data):
        return read_mt940(data)
    return csv_formats.read_statement(data, mapped)


def _joined(statements: list[ParsedStatement]) -> ParsedStatement:
    """Several statements as one, oldest first; the worst balance check is that of all."""
    if not statements:
        raise errors.STATEMENT_EMPTY()
    if len(statements) == 1:
        return statements[0]
    ordered = sorted(statements, key=_first_day)
    checks = {one.balance_check for one in ordered}
    check = next(
        (c for c in (BalanceCheck.DIFFERS, BalanceCheck.ABSENT) if c in checks), BalanceCheck.OK
    )
    rows: list[Row] = [row for one in ordered for row in one.rows]
    skipped: list[Skipped] = [skip for one in ordered for skip in one.skipped]
    ibans = {one.head.iban for one in ordered}
    newest = ordered[-1]
    head = Head(
        iban=next(iter(ibans)) if len(ibans) == 1 else "",
        closing_balance=newest.closing_balance,
        closing_on=newest.closing_on,
    )
    return ParsedStatement(
        format=newest.format,
        title=newest.title,
        encoding=newest.encoding,
        head=head,
        rows=tuple(rows),
        skipped=tuple(skipped),
        warnings=tuple(dict.fromkeys(warning for one in ordered for warning in one.warnings)),
        balance_check=check,
    )


def _first_day(statement: ParsedStatement) -> str:
    period = statement.period
    return period[0].isoformat() if period else ""
