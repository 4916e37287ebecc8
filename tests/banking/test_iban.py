"""IBANs are checked, banks filled in, and oddities named without refusing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from banking.iban import check, is_valid, written


def test_bank_and_bic_are_filled_in():
    checked = check("de89 3704 0044 0532 0130 00")
    assert checked.iban == "DE89370400440532013000"
    assert checked.bic == "COBADEFFXXX"
    assert checked.bank_name == "Commerzbank"
    assert checked.warnings == ()


def test_an_unknown_bank_is_a_warning():
    checked = check(str(IBAN.generate("DE", bank_code="30120400", account_code="228")))
    assert checked.bank_name == ""
    assert any("Bank" in text for text in checked.warnings)


def test_a_failing_account_check_is_a_warning():
    checked = check(str(IBAN.generate("DE", bank_code="50010517", account_code="5407324932")))
    assert "Kontonummer" in checked.warnings[0]


def test_foreign_ibans_need_no_bic():
    assert check("AT611904300234573201").iban == "AT611904300234573201"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("DE89 3704 0044 0532 0130 01", "Prüfziffern"),
        ("DE89 3704 0044 0532 0130", "22 Zeichen, diese hat 20"),
        ("", "nicht gültig"),
        ("Konto 1", "nicht gültig"),
    ],
)
def test_a_wrong_iban_is_refused_in_german(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        check(text)


@given(st.integers(0, 9_999_999_999))
def test_the_quick_check_agrees_with_the_thorough_one(account):
    iban = str(IBAN.generate("DE", bank_code="37040044", account_code=str(account)))
    assert is_valid(iban)
    wrong = iban[:-1] + str((int(iban[-1]) + 1) % 10)
    assert not is_valid(wrong)


def test_an_iban_is_written_in_groups():
    assert written("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
