"""Tables as CSV and XLSX, row by row, for people who open them in a spreadsheet.

A text that a spreadsheet would take for a formula gets an apostrophe in front (CSV injection,
OWASP); numbers stay numbers. CSV is what German Excel opens: UTF-8 with BOM, semicolons, CRLF.
"""

import csv
import datetime
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ROWS = 1_048_575
# The wide ones count as well where Japanese is set up.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file for the csv module that hands every line back."""

    def write(self, line: str) -> str:
        return line


def safe_text(text: str) -> str:
    """The text, harmless in a spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_cell(value: Any) -> str:
    """A value as German spreadsheets read it: `1234,50`, `22.11.2026`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime):
        return f"{localtime(value):%d.%m.%Y %H:%M:%S}"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    # A line that ends inside a text must not look like the end of the row.
    return safe_text(str(value).replace("\r\n", "\n").replace("\r", "\n"))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file line by line, its byte order mark first."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    yield writer.writerow([safe_text(name) for name in header])
    for row in rows:
        yield writer.writerow([csv_cell(value) for value in row])


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download that is written while it is read."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    return response


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A workbook in a temporary file; one row at a time is in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    amount = book.add_format({"num_format": "#,##0.00"})
    moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, start=1):
        if number > XLSX_ROWS:
            raise ValueError("a worksheet has no room for more rows")
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, amount, moment)
    book.close()
    file.seek(0)
    return file


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A download of a workbook."""
    return FileResponse(
        xlsx_file(header, rows), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
    )


def _write_cell(sheet: Any, row: int, column: int, value: Any, amount: Any, moment: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "ja" if value else "nein")
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, amount)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime.datetime):
        sheet.write_datetime(row, column, localtime(value).replace(tzinfo=None), moment)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
