"""MT940 through the package mt-940, with the two options without which it errs.

`applicant_iban`: `?31` is the IBAN of the other side, not a part of its name. `reversal_sign`:
`RC`, a taken back credit, is money out. Lines of HIKAZ (FinTS) end with `@@`.
Source of the format: SWIFT MT940, DK Anlage 3 chapter 8 (`:86:` with `?` fields).
"""

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import mt940 as package
from mt940.options import Options

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.encoding import decode
from banking.csv_formats.purpose import reference, take_apart
from banking.statement import Head, ParsedStatement, Row, Skipped, check_balance
from workmate.money import LIMIT

MAX_SIZE = 50 * 1024 * 1024  # bytes
_OPTIONS = Options(
    applicant_iban=True,
    reversal_sign=True,
    merge_keeps_values=True,
    case_insensitive_marks=True,
    unbounded_details=True,
    strip_bom=True,
)
_FIRST_TAG = re.compile(r"^(?:\{1:.*)?:20:", re.MULTILINE)
_STATEMENT = re.compile(r"^:(?:61|60[FM]|62[FM]):", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
# Longer than the five digits that the package reads; nobody asks for the number.
_LONG_NUMBER = re.compile(r"^:28C?:\d{6,}\S*", re.MULTILINE)
# What the package cannot read it would write into the log, with names and purposes.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)
_ACCOUNT = re.compile(r"\d{8}/0*(\d{1,10})(?:EUR)?")


def is_mt940(data: bytes) -> bool:
    """Whether `:20:` and a balance or a booking stand in the first lines."""
    start = data[:4000].decode("latin-1").replace("@@", "\n").replace("\r", "\n")
    return bool(_FIRST_TAG.search(start) and _STATEMENT.search(start))


def read_mt940(data: bytes) -> ParsedStatement:
    """All statements of a file as one; raises `NOT_MT940` and `STATEMENT_TOO_LARGE`."""
    if len(data) > MAX_SIZE:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
    text, encoding = decode(data)
    text = _LONG_NUMBER.sub(":28C:0", text.replace("@@", "\r\n"))
    try:
        statements = package.parse_statements(text, options=_OPTIONS)
        heads = [_head(statement) for statement in statements]
        rows, skipped = _rows(statements, _lines(text))
    except (ValueError, ArithmeticError, LookupError, RuntimeError) as error:
        raise errors.NOT_MT940() from error
    head = _joined(heads)
    return ParsedStatement(
        format="mt940",
        title="MT940",
        encoding=encoding,
        head=head,
        rows=tuple(rows),
        skipped=tuple(skipped),
        warnings=tuple(_warnings(text, rows, skipped)),
        balance_check=check_balance(head, rows),
    )


def _lines(text: str) -> list[int]:
    """The lines on which the bookings begin."""
    return [text.count("\n", 0, match.start()) + 1 for match in _LINE.finditer(text)]


def _rows(statements: Any, lines: list[int]) -> tuple[list[Row], list[Skipped]]:
    rows: list[Row] = []
    skipped: list[Skipped] = []
    number = 0
    for statement in statements:
        account = _account(str(statement.data.get("account_identification") or ""))
        for booking in statement:
            if "amount" not in booking.data:
                continue
            line = lines[number] if number < len(lines) else 0
            number += 1
            amount = booking.data["amount"]
            if amount is None or abs(amount.amount) >= LIMIT:
                skipped.append(Skipped(line, "Betrag nicht lesbar"))
                continue
            rows.append(_row(booking.data, line, account))
    return rows, skipped


def _row(data: dict[str, Any], line: int, account: str) -> Row:
    value_on = _plain_day(data.get("date"))
    booked_on = _plain_day(data.get("entry_date") or data.get("guessed_entry_date")) or value_on
    if booked_on is None:
        raise ValueError("no day")
    free = data.get("transaction_details")
    purpose = take_apart(str(free or data.get("purpose") or "").replace("\n", " "))
    return Row(
        line=line,
        booked_on=booked_on,
        value_on=value_on,
        amount=_cents(data["amount"].amount),
        currency=str(data["amount"].currency or data.get("currency") or "EUR").upper(),
        counterparty_name=values.squeeze(
            _of(data, "applicant_name") or _of(data, "recipient_name")
        ),
        counterparty_iban=values.iban(
            _of(data, "applicant_iban") or _of(data, "gvc_applicant_iban")
        ),
        counterparty_bic=values.bic(_of(data, "applicant_bin") or _of(data, "gvc_applicant_bin")),
        purpose=purpose.text,
        end_to_end_id=reference(_of(data, "end_to_end_reference")) or purpose.end_to_end_id,
        mandate=reference(_of(data, "additional_position_reference")) or purpose.mandate,
        creditor_id=reference(_of(data, "applicant_creditor_id")) or purpose.creditor_id,
        bank_reference=reference(_of(data, "bank_reference")),
        booking_text=values.squeeze(_of(data, "posting_text")),
        account=account,
    )


def _of(data: dict[str, Any], name: str) -> str:
    return str(data.get(name) or "")


def _cents(amount: Decimal) -> Decimal:
    if amount != (exact := amount.quantize(Decimal("0.01"))):
        raise ValueError("more than two digits behind the comma")
    return exact


def _plain_day(day: Any) -> date | None:
    return date(day.year, day.month, day.day) if day else None


def _account(text: str) -> str:
    """`50010517/0532013000` as the account number, or the IBAN."""
    match = _ACCOUNT.fullmatch(text.strip())
    return match[1] if match else values.account(text.strip())


def _head(statement: Any) -> Head:
    data = statement.data
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    return Head(
        iban=_account(_of(data, "account_identification")),
        opening_balance=_cents(opening.amount.amount) if opening else None,
        closing_balance=_cents(closing.amount.amount) if closing else None,
        closing_on=_plain_day(closing.date) if closing else None,
    )


def _joined(heads: list[Head]) -> Head:
    """First opening and last closing, where each statement goes on from the one before."""
    if len(heads) < 2:
        return heads[0] if heads else Head()
    same = len({head.iban for head in heads}) == 1
    linked = same and all(
        earlier.closing_balance == later.opening_balance for earlier, later in pairwise(heads)
    )
    return Head(
        iban=heads[0].iban if same else "",
        opening_balance=heads[0].opening_balance if linked else None,
        closing_balance=heads[-1].closing_balance if linked else None,
        closing_on=heads[-1].closing_on if linked else None,
    )


def _warnings(text: str, rows: list[Row], skipped: list[Skipped]) -> Iterator[str]:
    written = len(_LINE.findall(text))
    if written != len(rows) + len(skipped):
        yield f"Von {written} Buchungen der Datei sind {len(rows)} lesbar."
    for currency in sorted({row.currency for row in rows} - values.CURRENCIES):
        yield f"Unbekannte Währung „{currency}“."
    if "\ufffd" in text:
        yield "Zeichen sind in der Datei zerstört. Laden Sie sie unverändert von der Bank."
    if not rows:
        yield "Die Datei enthält keine Buchung."
