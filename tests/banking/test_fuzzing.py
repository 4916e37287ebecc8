"""Whatever comes as a bank's file is read or refused with a code of ours, within bounds."""

import io
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from banking import errors, mapping
from banking.archive import MAX_SIZE
from banking.collecting import SETTLED, collect
from banking.importing import import_statement
from banking.models import StatementImport, Transaction
from banking.reading import read_statement
from banking.sampling import sample
from banking.uploading import upload
from tests.banking.bank import an_account
from tests.banking.exports import EXPORTS
from tests.banking.statements import camt, dkb, entry, ing, mt940, sparkasse_camt
from tests.books import books
from workmate.errors import Problem
from workmate.models import Document
from workmate.money import LIMIT

BOOKING = b":61:2610051005C119,00NTRFNONREF\r\n:86:166?00GUTSCHRIFT?20RE-1?32Kundig\r\n"
KNOWN_CSV = [data for data, *_ in EXPORTS.values()] + [
    ing([("28.09.2026", "Café Linde", "Kaffee", -450)]),
    dkb([{"Betrag (€)": "-62,3"}]),
    sparkasse_camt([{"Verwendungszweck": "RE-1"}]),
]
UNKNOWN_CSV = [
    b"Tag;Wer;Text;Wert\n05.10.2026;Kundig;RE-1;1.190,00\n06.10.2026;Amt;Gas;-62,30\n",
    b"date|net|balance\n10/25/2026|-1.50|8.50\n10/26/2026|2.00|10.50\n",
]
CAMT = [camt(entry("119.00")), camt(entry("-5.00", parts=[("-2.00", "a"), ("-3.00", "b")]))]
MT940 = [mt940(BOOKING.decode()), mt940(BOOKING.decode()).replace(b"\r\n", b"@@")]

cells = st.text(st.sampled_from("0123456789.,-;\"'\n\r\t|/ SHEURäß\ufffd\u2212"), max_size=12)
tables = st.lists(st.lists(cells, max_size=5), max_size=12)
quick = settings(max_examples=60, deadline=timedelta(seconds=2), database=None)


@st.composite
def damaged(draw, originals):
    """A file of which something was cut, doubled, moved or written over."""
    data = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(data)))
        end = draw(st.integers(begin, min(len(data), begin + 40)))
        put = draw(st.binary(max_size=4) | st.sampled_from([b"", data[begin:end] * 3, b'"', b";"]))
        data = data[:begin] + put + data[end:]
    return data


def archived(*members):
    with io.BytesIO() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, data in enumerate(members):
                archive.writestr(f"{number}.csv", data)
        return target.getvalue()


def read_or_refused(data, read=read_statement):
    code, rows = "", ()
    try:
        rows = read(data).rows
    except Problem as problem:
        code = problem.code
    assert code.startswith("FINANCE_30" if code else "")
    assert all(abs(row.amount) < LIMIT for row in rows)
    assert all(row.amount.as_tuple().exponent >= -2 for row in rows)


def read_as_guessed(data):
    return mapping.tried(mapping.proposed(sample(data), data), data)


def code_of(data):
    with pytest.raises(Problem) as refused:
        read_statement(data)
    return refused.value.code


@quick
@given(st.binary(max_size=400))
def test_any_bytes(data):
    read_or_refused(data)


@quick
@given(damaged(KNOWN_CSV))
def test_damaged_csv_of_known_banks(data):
    read_or_refused(data)


@quick
@given(damaged(CAMT))
def test_damaged_camt(data):
    read_or_refused(data)


@quick
@given(damaged(MT940))
def test_damaged_mt940(data):
    read_or_refused(data)


@settings(quick, max_examples=25)
@given(st.lists(damaged([*KNOWN_CSV[:3], *CAMT, *MT940]), max_size=2), st.data())
def test_damaged_archives_and_what_is_in_them(members, data):
    read_or_refused(archived(*members))
    read_or_refused(data.draw(damaged([archived(*members)])))


@quick
@given(tables, st.sampled_from(";,\t|"))
@example([["Datum", "Betrag", "Text"], ["05.10.2026", "1,00", "x"]], ";")
def test_any_table_is_guessed_and_tried_or_refused(rows, delimiter):
    text = "\n".join(delimiter.join(row) for row in rows)
    read_or_refused(text.encode(), read_as_guessed)


@quick
@given(damaged(UNKNOWN_CSV))
def test_damaged_csv_of_unknown_banks(data):
    read_or_refused(data, read_as_guessed)


LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "ha">%s]><Document>&j;</Document>"""
)
ENTITIES = b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in b"bcdefghij"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<Document>&x;</Document>"
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (LAUGHS % ENTITIES, errors.NOT_CAMT),
        (OUTSIDE, errors.NOT_CAMT),
        (b"<?xml version='1.0'?>" + b"<a>" * 100_000, errors.NOT_CAMT),
        (archived(archived(CAMT[0])), errors.NESTED_ARCHIVE),
        (archived(b"\0" * 1000), errors.NOT_A_TEXT_FILE),
        (b"Datum;Betrag\n05.10.2026;1\0,00\n", errors.NOT_A_TEXT_FILE),
        (b"%PDF-1.7\n\0\0\0", errors.NOT_A_TEXT_FILE),
        (archived(*[b"x"] * 1001), errors.STATEMENT_TOO_LARGE),
        (b"PK\x03\x04 and no archive", errors.BROKEN_ARCHIVE),
        (b" " * (MAX_SIZE + 1), errors.STATEMENT_TOO_LARGE),
        (MT940[0] + b" " * MAX_SIZE, errors.STATEMENT_TOO_LARGE),
        (CAMT[0] + b" " * MAX_SIZE, errors.STATEMENT_TOO_LARGE),
        (b" \r\n", errors.STATEMENT_EMPTY),
    ],
    ids=[
        "billion laughs",
        "external entity",
        "deep XML",
        "ZIP in a ZIP",
        "NUL bytes in a ZIP",
        "NUL byte in CSV",
        "PDF",
        "ZIP of 1001 files",
        "no ZIP at all",
        "CSV above the limit",
        "MT940 above the limit",
        "camt above the limit",
        "nothing but blanks",
    ],
)
def test_an_attack_or_a_mistake_is_refused_with_its_code(data, problem):
    assert code_of(data) == problem.code


def test_a_zip_bomb_is_refused_and_takes_no_more_memory_than_the_limit():
    """One that lies about its size: what it really unpacks to is counted."""
    size, bomb = (MAX_SIZE * 2).to_bytes(4, "little"), archived(b"0" * MAX_SIZE * 2)
    bomb = bomb.replace(size, (1000).to_bytes(4, "little"))
    assert len(bomb) < MAX_SIZE // 100
    tracemalloc.start()
    try:
        assert code_of(bomb) in {errors.STATEMENT_TOO_LARGE.code, errors.BROKEN_ARCHIVE.code}
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_SIZE
    finally:
        tracemalloc.stop()


def test_a_zip_that_claims_a_gigabyte_for_a_small_file_is_refused():
    size = len(CAMT[0]).to_bytes(4, "little")
    claimed = archived(CAMT[0]).replace(size, (1 << 30).to_bytes(4, "little"))
    assert code_of(claimed) == errors.STATEMENT_TOO_LARGE.code


@pytest.mark.django_db
def test_an_upload_that_claims_a_gigabyte_is_refused_unread():
    class Claimed:
        name, size = "auszug.csv", 1 << 30

        def read(self):
            raise AssertionError("was read")

    user = books()
    with pytest.raises(Problem) as refused:
        upload(an_account(user), Claimed(), by=user)
    assert refused.value.code == errors.STATEMENT_TOO_LARGE.code


@pytest.mark.django_db
def test_a_gigabyte_in_the_watched_folder_is_refused_and_never_wholly_read(tmp_path):
    user = books()
    with (tmp_path / "auszug.csv").open("wb") as file:
        file.truncate(1 << 30)
    at = (tmp_path / "auszug.csv").stat().st_ctime + SETTLED
    assert collect(tmp_path, at=at, by=user) == {"done": 0, "waiting": 0, "failed": 1}
    reason = (tmp_path / "fehlgeschlagen/auszug.csv.grund.txt").read_text()
    assert reason.startswith(errors.STATEMENT_TOO_LARGE.code)


@pytest.mark.django_db
def test_what_is_refused_leaves_no_trace_in_the_books_or_the_archive():
    user = books()
    account = an_account(user)
    before = Document.objects.count()
    for data in (LAUGHS % ENTITIES, CAMT[0][:-20], archived(CAMT[0], b"\0")):
        with pytest.raises(Problem):
            import_statement(account, data, filename="auszug", by=user)
    assert not StatementImport.objects.exists()
    assert not Transaction.objects.exists()
    assert Document.objects.count() == before
