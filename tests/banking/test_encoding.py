"""The trial of 2,000 texts: what was written in any of five encodings is what is read."""

import random

import pytest

from banking.csv_formats.encoding import decode

COMMON = """Überweisung Müller Straße Größe Äpfel Österreich Café Miete RE-2026-0001 Groß & Söhne
    Señor Crème Lastschrift 1.190,00 Ærø Peter´s Rock´n L´Oréal geht´s""".split()
# What each encoding alone can write; a text has one or several of them, often only one.
OWN = {
    "utf-8": ["€", "Žižka", "„Zitat“", "Łódź", "Đorđe", "œuvre", "1½"],
    "utf-8-sig": ["€", "Žižka", "„Zitat“", "Łódź", "Đorđe", "œuvre", "1½"],
    "cp1252": ["€", "„Zitat“", "–", "Žižka", "Škoda", "Œuvre", "’s", "…"],
    "latin-1": [
        "1½",
        "¾",
        "Rock´n",
        "Dell´Arte",
        "L´OREAL",
        "´s",
        "½kg",
        "PETER´S",
        "¦",
        "´Zitat´",
    ],
    "iso-8859-15": ["€", "Škoda", "Maša", "Žižka", "BOŽENA", "Tomaž", "Božena", "Œuvre", "cœur"],
}


def texts(encoding, count=400):
    chance = random.Random(encoding)
    for number in range(count):
        words = chance.choices(COMMON, k=12)
        if encoding == "iso-8859-15":  # a ´ it cannot write
            words = [word for word in words if "´" not in word]
        own = OWN[encoding]
        words += chance.choices(own, k=chance.randint(1, 3)) if number % 2 else [chance.choice(own)]
        chance.shuffle(words)
        yield " ".join(["Überweisung", *words])


@pytest.mark.parametrize("encoding", OWN)
def test_four_hundred_texts_are_recovered_exactly(encoding):
    wrong = [text for text in texts(encoding) if decode(text.encode(encoding))[0] != text]
    assert wrong == []


@pytest.mark.parametrize("word", ["Ÿ", "Œ", "œ", "Š", "š", "Ž", "ž"])
def test_a_single_own_letter_within_a_word_is_enough_for_iso_8859_15(word):
    text = f"Überweisung an {word}ilina"
    assert decode(text.encode("iso-8859-15")) == (text, "iso-8859-15")


@pytest.mark.parametrize("text", ["Für´n Tag", "3½ Jahre Größe", "Größe ½", "Größe ¦ Länge"])
def test_an_apostrophe_a_fraction_or_a_bar_make_no_slavic_name(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_plain_latin_text_is_read_as_windows_1252():
    assert decode("Müller Straße".encode("latin-1")) == ("Müller Straße", "cp1252")


def test_a_euro_sign_of_iso_8859_15_is_one():
    assert decode("Müller 5 €".encode("iso-8859-15")) == ("Müller 5 €", "iso-8859-15")


def test_bytes_that_windows_1252_lacks_are_read_as_latin_1():
    assert decode(b"M\xfcller \x81") == ("Müller \x81", "latin-1")


def test_utf_16_is_known_by_its_byte_order_mark():
    assert decode("Müller".encode("utf-16")) == ("Müller", "utf-16")
