"""Document numbers: one gap-free series per kind and year, given at issue.

The series' row stays locked until the caller's transaction ends, so a failed issue spends no
number (§ 14 (4) Nr. 4 UStG, UStAE 14.5 (10)).
"""

from datetime import date

from django.db import connection

from invoicing import errors
from invoicing.models import Invoice, NumberRange

PREFIXES = {
    Invoice.Kind.INVOICE: "RE",
    Invoice.Kind.PARTIAL: "TR",
    Invoice.Kind.ADVANCE: "AR",
    Invoice.Kind.FINAL: "SR",
    Invoice.Kind.CORRECTION: "KR",
    Invoice.Kind.CANCELLATION: "ST",
    Invoice.Kind.QUOTE: "AN",
    Invoice.Kind.CONFIRMATION: "AB",
}

TAKE = """
    INSERT INTO invoicing_numberrange (series, last, last_date) VALUES (%s, 1, %s)
    ON CONFLICT (series) DO UPDATE
       SET last = invoicing_numberrange.last + 1, last_date = excluded.last_date
     WHERE coalesce(invoicing_numberrange.last_date, excluded.last_date) <= excluded.last_date
    RETURNING last
"""


def series_of(kind: str, on: date) -> str:
    """The series that a document of this kind and date belongs to: `RE-2026`."""
    return f"{PREFIXES[Invoice.Kind(kind)]}-{on.year}"


def expected_number(kind: str, on: date) -> str:
    """The number that comes next if nobody else is quicker. Promises nothing."""
    series = series_of(kind, on)
    last = NumberRange.objects.filter(series=series).values_list("last", flat=True).first() or 0
    return _number(series, last + 1)


def take_number(kind: str, on: date) -> str:
    """The next number, and with it the lock on its series until the transaction ends.

    Raises `DATE_BEFORE_LAST` when the series has a later document already.
    """
    return take_in(series_of(kind, on), on)


def take_in(series: str, on: date) -> str:
    """As `take_number`, for a series of another kind of paper, such as receipts."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [series, on])
        row = cursor.fetchone()
    if row is None:
        last = NumberRange.objects.get(series=series)
        raise errors.DATE_BEFORE_LAST(series=series, date=f"{last.last_date:%d.%m.%Y}")
    return _number(series, row[0])


def _number(series: str, value: int) -> str:
    return f"{series}-{value:04d}"
