"""The measured rule for encodings: what was written is what is read."""

import random

import pytest

from banking.csv_formats.encoding import decode

WORDS = [
    "Überweisung",
    "Müller",
    "Straße",
    "Größe",
    "Äpfel",
    "Österreich",
    "Café",
    "Žižka",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15"])
def test_four_hundred_german_texts_are_recovered_exactly(encoding):
    chance = random.Random(encoding)
    special = {"cp1252": "„Zitat“ – 5 €", "iso-8859-15": "5 € für Žižka"}.get(encoding, "5 €")
    for _ in range(400):
        words = [word for word in WORDS if encoding != "latin-1" or word != "Žižka"]
        text = " ".join([*chance.choices(words, k=12), special])
        assert decode(text.encode(encoding))[0] == text


def test_plain_latin_text_is_read_as_windows_1252():
    assert decode("Müller Straße".encode("latin-1")) == ("Müller Straße", "cp1252")


def test_a_euro_sign_of_iso_8859_15_is_one():
    assert decode("Müller 5 €".encode("iso-8859-15")) == ("Müller 5 €", "iso-8859-15")


def test_bytes_that_windows_1252_lacks_are_read_as_latin_1():
    assert decode(b"M\xfcller \x81") == ("Müller \x81", "latin-1")


def test_utf_16_is_known_by_its_byte_order_mark():
    assert decode("Müller".encode("utf-16")) == ("Müller", "utf-16")
