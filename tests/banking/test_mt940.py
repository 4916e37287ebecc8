"""MT940 is read with the right signs, IBANs and days."""

from datetime import date
from decimal import Decimal

import pytest

from banking.reading import read_statement
from banking.statement import BalanceCheck
from tests.banking.statements import PAYER, mt940


def booking(line: str, details: str = "166?00GUTSCHRIFT?20SVWZ+RE-2026-0001?32Kundig") -> str:
    return f":61:{line}\r\n:86:{details}\r\n"


ORDINARY = "2610061005C119,00NTRFNONREF//BANK-1"


def test_question_mark_31_is_the_iban_and_not_a_part_of_the_name():
    details = (
        "166?00GUTSCHRIFT?20EREF+E1?21MREF+M-1?22CRED+DE98ZZZ09999999999?23SVWZ+RE-2026-0001"
        f"?30BYLADEM1001?31{PAYER}?32Gesellschaft fuer Bauwesen ?33Kundig mbH"
    )
    (row,) = read_statement(mt940(booking(ORDINARY, details))).rows
    assert (row.counterparty_name, row.counterparty_iban) == (
        "Gesellschaft fuer Bauwesen Kundig mbH",
        PAYER,
    )
    assert (row.counterparty_bic, row.purpose) == ("BYLADEM1001", "RE-2026-0001")
    assert (row.end_to_end_id, row.mandate) == ("E1", "M-1")
    assert row.creditor_id == "DE98ZZZ09999999999"
    assert (row.booked_on, row.value_on) == (date(2026, 10, 5), date(2026, 10, 6))
    assert row.bank_reference == "BANK-1"


@pytest.mark.parametrize(
    ("mark", "amount"),
    [("C", "119.00"), ("D", "-119.00"), ("RC", "-119.00"), ("RD", "119.00"), ("CR", "119.00")],
)
def test_each_mark_has_its_sign(mark, amount):
    (row,) = read_statement(mt940(booking(ORDINARY.replace("C119", f"{mark}119")))).rows
    assert row.amount == Decimal(amount)


def test_details_that_wrap_at_column_65_are_joined():
    details = (
        "166?00GUTSCHRIFT?20SVWZ+Rechnung RE-2026-0001 vom fuenften Oktob\r\ner, danke?32Kundig"
    )
    (row,) = read_statement(mt940(booking(ORDINARY, details))).rows
    assert row.purpose == "Rechnung RE-2026-0001 vom fuenften Oktober, danke"


def test_lines_of_fints_end_with_two_at_signs():
    data = mt940(booking(ORDINARY)).replace(b"\r\n", b"@@")
    assert read_statement(data).total == Decimal("119.00")


def test_the_thirtieth_of_february_is_the_last_day_of_the_month():
    (row,) = read_statement(mt940(booking("2602300228C1,00NTRFNONREF"))).rows
    assert row.value_on == date(2026, 2, 28)


def test_a_long_statement_number_is_read():
    data = mt940(booking(ORDINARY)).replace(b":28C:1/1", b":28C:0000000123456/00001")
    assert len(read_statement(data).rows) == 1


def test_balances_prove_the_bookings_over_several_statements():
    first = mt940(booking(ORDINARY), opening="1000,00", closing="1119,00")
    second = mt940(booking(ORDINARY), opening="1119,00", closing="1238,00")
    assert read_statement(first + second).balance_check == BalanceCheck.OK
    assert read_statement(first + first).balance_check == BalanceCheck.ABSENT
    wrong = mt940(booking(ORDINARY), opening="1000,00", closing="1118,00")
    assert read_statement(wrong).balance_check == BalanceCheck.DIFFERS


def test_the_account_is_named_by_its_number():
    assert read_statement(mt940(booking(ORDINARY))).iban == "532013000"
