"""Text that every bank takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.sepa.spelling import identifier, is_identifier, spelled

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Müller & Söhne GmbH", "Mueller + Soehne GmbH"),
        ("Weiß, Straße 5", "Weiss, Strasse 5"),
        ("ÄÖÜ", "AeOeUe"),
        ("Café Łódź", "Cafe Lodz"),
        ("Rechnung „RE-2026-0012“", "Rechnung RE-2026-0012"),
        ("100 € @ home_office", "100 EUR (at) home-office"),
        ("  zwei\n\tZeilen ", "zwei Zeilen"),
        ("Ελλάδα", "Ellada"),
    ],
)
def test_letters_become_those_of_the_banks(written, sent):
    assert spelled(written, 70) == sent


@given(st.text(max_size=200))
def test_nothing_else_gets_through_and_nothing_is_too_long(text):
    sent = spelled(text, 70)
    assert ALLOWED.fullmatch(sent)
    assert len(sent) <= 70
    assert sent == sent.strip()


@given(st.text(max_size=80))
def test_an_identifier_is_one_and_stays_what_it_is(text):
    made = identifier(text)
    assert len(made) <= 35
    assert identifier(made) == made
    assert made == "" or is_identifier(made)


@pytest.mark.parametrize("text", ["", "M 17", "/M17", "M17/", "M//17", "Müller-1", "x" * 36])
def test_what_a_bank_would_refuse_is_no_identifier(text):
    assert not is_identifier(text)
