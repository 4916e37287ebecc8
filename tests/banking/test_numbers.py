"""Numbers are found however they are written, and never inside other numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.numbers import NumberIndex, Spelling, squashed

NUMBERS = [
    "RE-2026-0001",
    "RE-2026-1000",
    "RE-2026-10001",
    "RE-2025-0001",
    "2026/17",
    "R10234",
    "10555",
]


def find(text: str, numbers: list[str] = NUMBERS) -> dict[str, Spelling]:
    return {str(hit.key): hit.spelling for hit in NumberIndex((n, n) for n in numbers).find(text)}


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Rechnung RE-2026-0001 vom 03.05.2026", Spelling.EXACT),
        ("re-2026-0001", Spelling.EXACT),
        ("RE-2026-0001/RE-2026-9", Spelling.EXACT),
        ("RE 2026 0001", Spelling.RESPACED),
        ("RE20260001", Spelling.RESPACED),
        ("RE_2026.0001", Spelling.RESPACED),
        ("RE-2026-\n0001", Spelling.RESPACED),
        ("RE-2026-00 01", Spelling.RESPACED),
        ("RechnungRE-2026-0001", Spelling.EXACT),
        ("RE-2O26-OOO1", Spelling.LOOK_ALIKE),
        ("RE-2026-000I", Spelling.LOOK_ALIKE),
        ("RE-2026-1", Spelling.FEWER_ZEROS),
        ("RE 2026/01", Spelling.FEWER_ZEROS),
        ("Rechnung 2026-0001", Spelling.NO_PREFIX),
        ("Rechnungsnr. 20260001", Spelling.NO_PREFIX),
        ("2026 0001 danke", Spelling.NO_PREFIX),
        ("RE-0001", Spelling.SHORT),
        ("RE-2026-0001 22.11.2026 1.190,00", Spelling.EXACT),
    ],
)
def test_a_number_is_recognised_in_any_spelling(text, spelling):
    assert find(text)["RE-2026-0001"] == spelling


@pytest.mark.parametrize(
    "text",
    [
        "RE-2026-00012",
        "RE-2026-0001-2",
        "AN-2026-0001",
        "Angebot 2026-0001",
        "Auftrag 20260001",
        "120260001",
        "20260001-5",
        "vom 20.26.0001",
        "Rechnung 2026/00010",
        "",
    ],
)
def test_a_piece_of_another_number_is_none(text):
    assert "RE-2026-0001" not in find(text)


def test_a_longer_number_is_not_taken_for_a_shorter_one():
    assert list(find("RE-2026-10001")) == ["RE-2026-10001"]
    assert list(find("RE-2026-1000")) == ["RE-2026-1000"]
    assert find("RE-2026-10001", ["RE-2026-1000"]) == {}
    assert find("RE-2026-100O1", ["RE-2026-1000", "RE-2026-100"]) == {}


def test_a_wrap_that_could_be_two_numbers_is_unsure_about_both():
    hits = NumberIndex((n, n) for n in NUMBERS).find("RE-2026-1000 1")
    assert {(hit.key, hit.unsure) for hit in hits} == {
        ("RE-2026-1000", True),
        ("RE-2026-10001", True),
    }


def test_dates_are_no_numbers():
    assert find("2026-11-22 am 22.11.2026", ["2026/11", "22-11", "RE-2026-11"]) == {}


def test_several_numbers_in_one_text_are_all_found():
    assert set(find("RE-2026-0001, RE-2026-1000 und 2026/17")) == {
        "RE-2026-0001",
        "RE-2026-1000",
        "2026/17",
    }


def test_a_customer_number_is_no_invoice_number():
    assert find("KD 10555") == {}
    assert find("RG 10555") == {"10555": Spelling.EXACT}


def test_a_number_without_digits_is_left_out():
    assert find("Danke RECHNUNG", ["RECHNUNG"]) == {}


SCHEMES = st.sampled_from(["RE-2026-{:04d}", "2026/{:03d}", "R{:05d}", "INV{:06d}", "26-{:05d}"])


@given(
    SCHEMES,
    st.integers(1, 99_999),
    st.integers(1, 99_999),
    st.sampled_from(
        ["Rechnung {}", "{} vom 01.02.2026", "Zahlung zu {}, danke", "{}", "RG-Nr. {}"]
    ),
)
def test_only_the_number_in_the_text_is_found(scheme, number, other, text):
    written, unwritten = scheme.format(number), scheme.format(other)
    found = find(text.format(written), [written, unwritten])
    assert found[written] == Spelling.EXACT
    assert number == other or unwritten not in found


@given(SCHEMES, st.integers(1, 9_999), st.data())
def test_separators_may_be_anything_short(scheme, number, data):
    written = scheme.format(number)
    noisy = "".join(
        data.draw(st.sampled_from([" ", "-", "", "/", " - "])) if character in "-/" else character
        for character in written
    )
    assert written in find(f"Rechnung: {noisy} Danke", [written])


@given(st.text(max_size=120))
def test_no_text_makes_it_crash(text):
    find(text)


PIECES = [
    "RE",
    "2026",
    "2O26",
    "0001",
    "1",
    "I",
    "10001",
    "17",
    "10234",
    "R",
    "-",
    " ",
    "/",
    "Nr. ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_found_has_its_last_digits_in_the_squashed_text(text):
    """The database looks for these digits before anything is read."""
    for number in find(text):
        digits = re.search("([0-9]+)[^0-9]*$", number)[1].lstrip("0")
        assert digits in squashed(text)


WORDS = [*NUMBERS, "2026-0001", "RE", "Rechnung", "Angebot", "Kd.-Nr.", "K41751", "AC06", "R1", "1"]
WORDS += ["vom", "03.05.2026", "1.190,00", "SVWZ", "danke!", "2026"]
JOINTS = st.sampled_from([" ", " ", ", ", "; ", "+", " + ", "-", "/", ""])


@given(st.lists(st.tuples(st.sampled_from(WORDS), JOINTS), max_size=6))
def test_digits_far_away_change_nothing(words):
    """Texts with stray digits are read another way than plain ones, with the same result."""
    text = "".join(word + joint for word, joint in words)
    assert find(text) == find(f"8 ##### {text}")
