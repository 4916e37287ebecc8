"""camt files of all kinds are read to the cent, and hostile ones are refused."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from banking import archive, errors
from banking.camt import read_camt
from banking.reading import read_statement
from banking.statement import BalanceCheck, Skipped
from tests.banking.statements import PAYER, camt, entry
from tests.banking.test_csv_formats import SAMPLES
from tests.problems import raises_problem
from workmate.errors import Problem


def entries_of(path) -> list[Decimal]:
    """Signed amounts of all entries, found without our reader."""
    root = etree.fromstring(path.read_bytes())
    return [
        Decimal(one.findtext("{*}Amt")) * (-1 if one.findtext("{*}CdtDbtInd") == "DBIT" else 1)
        for one in root.iterfind(".//{*}Ntry")
    ]


@pytest.mark.skipif(not SAMPLES.exists(), reason="../shared/samples/bank is not here")
@pytest.mark.parametrize("path", sorted(SAMPLES.glob("camt/*.xml")), ids=lambda path: path.stem)
def test_public_camt_files_are_exact_in_count_and_sum(path):
    statement = read_camt(path.read_bytes())
    truth = entries_of(path)
    assert (len(statement.rows), statement.total) == (len(truth), sum(truth))
    assert statement.skipped == ()


@pytest.mark.parametrize("version", range(1, 14))
@pytest.mark.parametrize("kind", ["052", "053", "054"])
def test_every_kind_and_version_is_read(kind, version):
    statement = read_statement(camt(entry("119.00"), kind=kind, version=version))
    assert statement.format == f"camt{kind}"
    (row,) = statement.rows
    assert (row.amount, row.currency) == (Decimal("119.00"), "EUR")
    assert (row.booked_on, row.value_on) == (date(2026, 10, 5), date(2026, 10, 6))
    assert (row.counterparty_name, row.counterparty_iban) == ("Petra Kundig", PAYER)
    assert (row.purpose, row.end_to_end_id) == ("RE-2026-0001", "E2E-1")
    assert row.bank_reference == "BANK-1"
    assert statement.iban == "DE89370400440532013000"


def test_opening_and_closing_prove_the_entries():
    assert read_camt(camt(entry("119.00"))).balance_check == BalanceCheck.OK
    assert read_camt(camt(entry("119.00"), closing="1118.00")).balance_check == "differs"


def test_a_batch_is_split_where_its_parts_add_up_to_it():
    parts = [("100.00", "RE-1"), ("19.00", "RE-2")]
    statement = read_camt(camt(entry("119.00", parts=parts)))
    assert [(row.amount, row.purpose) for row in statement.rows] == [
        (Decimal("100.00"), "RE-1"),
        (Decimal("19.00"), "RE-2"),
    ]


def test_a_batch_whose_parts_do_not_add_up_stays_one_booking():
    statement = read_camt(camt(entry("119.00", parts=[("100.00", "RE-1"), ("20.00", "RE-2")])))
    assert [row.amount for row in statement.rows] == [Decimal("119.00")]


def test_a_taken_back_credit_is_money_out_and_names_the_payer():
    (row,) = read_camt(camt(entry("-119.00", extra="<RvslInd>true</RvslInd>"))).rows
    assert row.amount == Decimal("-119.00")
    assert row.counterparty_name == "Petra Kundig"


def test_a_return_says_why():
    more = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    (row,) = read_camt(camt(entry("-119.00", detail=more))).rows
    assert row.purpose == "RE-2026-0001 Rückgabe AC04"


def test_charges_foreign_amount_and_creditor_reference_are_kept():
    more = (
        '<AmtDtls><InstdAmt><Amt Ccy="USD">130.00</Amt></InstdAmt></AmtDtls>'
        '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">1.50</TtlChrgsAndTaxAmt>'
        '<Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
    )
    structured = "<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>"
    (row,) = read_camt(camt(entry("119.00", detail=more, info=structured))).rows
    assert row.fee == Decimal("1.50")
    assert row.original == (Decimal("130.00"), "USD")
    assert row.purpose == "RF18539007547034"


def test_pending_entries_are_kept_apart_and_information_is_left_out():
    statement = read_camt(
        camt(entry("1.00", status="PDNG") + entry("2.00", status="INFO") + entry("3.00"))
    )
    assert [row.amount for row in statement.pending] == [Decimal("1.00")]
    assert [row.amount for row in statement.booked] == [Decimal("3.00")]
    assert [skip.reason for skip in statement.skipped] == ["nur eine Mitteilung, keine Buchung"]


@pytest.mark.parametrize("amount", ["", "abc", "NaN", "1e999", "0.001"])
def test_an_amount_that_is_none_is_skipped_with_its_reason(amount):
    (skip,) = read_camt(camt(entry("5.00").replace(">5.00<", f">{amount}<", 1))).skipped
    assert isinstance(skip, Skipped)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Document><BkToCstmrStmt/></Document>',
        b'<?xml version="1.0"?><html/>',
        b'<?xml version="1.0"?><Document><BkToCstmrStmt>',
    ],
)
def test_a_doctype_other_xml_and_broken_xml_are_refused(data):
    with raises_problem(errors.NOT_CAMT):
        read_statement(data)


def zipped(*contents: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for number, content in enumerate(contents):
            file.writestr(f"{number}.xml", content)
    return stream.getvalue()


def test_a_zip_of_many_statements_is_one_statement():
    statement = read_statement(zipped(camt(entry("1.00")), camt(entry("2.00"))))
    assert statement.total == Decimal("3.00")
    assert statement.iban == "DE89370400440532013000"


def test_a_zip_that_unpacks_too_large_is_refused():
    with raises_problem(errors.STATEMENT_TOO_LARGE):
        read_statement(zipped(bytes(archive.MAX_SIZE + 1)))


def test_a_broken_zip_is_refused():
    with raises_problem(errors.BROKEN_ARCHIVE):
        read_statement(zipped(camt(entry("1.00")))[:60])


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_crash(noise):
    for start in (b"", b"<?xml version='1.0'?>", b"PK\x03\x04", b":20:X\n:60F:", b":20:X\n:61:"):
        try:
            read_statement(start + noise)
        except Problem:
            continue
