import csv
import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from workmate import exports

HEADER = ["Nummer", "Betrag", "Datum"]


def read_csv(rows) -> list[list[str]]:
    text = "".join(exports.csv_lines(HEADER, rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "ja"),
        (Decimal("-1234.50"), "-1234,50"),
        (Decimal("1E+3"), "1000"),
        (12, "12"),
        (datetime.date(2026, 11, 2), "02.11.2026"),
        (datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC), "02.07.2026 00:30:00"),
        ('Größe; "x"', 'Größe; "x"'),
        ("Hof\r\nTor\r2", "Hof\nTor\n2"),
        ("\r=1", "'\n=1"),
    ],
)
def test_csv_is_written_for_german_spreadsheets(value, cell):
    assert read_csv([[value, "", ""]])[1][0] == cell


@pytest.mark.parametrize("text", ["=1+1", "+49 40", "-2", "@SUM(A1)", "\tx", "\n=1", "＝1"])
def test_a_text_cannot_become_a_formula(text):
    assert exports.csv_cell(text) == f"'{text}"


def test_a_head_cannot_become_a_formula():
    assert next(line for line in exports.csv_lines(["=a"], []) if "a" in line) == "'=a\r\n"


def test_xlsx_keeps_kinds_and_has_no_formulas():
    moment = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)
    rows = [
        ["=1+1", Decimal("1234.50"), datetime.date(2026, 11, 2), moment, True, None, 7, "http://x"]
    ]
    with exports.xlsx_file([*"abcdefgh"], rows) as file:
        sheet = openpyxl.load_workbook(file).active
    cells = [cell.value for cell in sheet[2]]
    assert cells[:2] == ["=1+1", 1234.5]
    assert cells[2].date() == datetime.date(2026, 11, 2)
    assert cells[3] == datetime.datetime(2026, 7, 2, 0, 30)
    assert cells[4:] == ["ja", None, 7, "http://x"]
    assert sheet["A2"].data_type == "s"
    assert sheet["H2"].hyperlink is None


def test_rows_are_taken_one_by_one():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield [number]

    lines = exports.csv_lines(["n"], rows())
    next(lines), next(lines), next(lines)
    assert taken == [0]
