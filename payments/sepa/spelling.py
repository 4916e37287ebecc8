"""Text in the character set that every bank in SEPA takes. Pure.

Source: EPC217-08 (SEPA requirements for an extended character set), best practice for
conversion; German letters as the Deutsche Kreditwirtschaft writes them (ä → ae).
"""

import re

from text_unidecode import unidecode

_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "ẞ": "SS",
        "&": "+",
        "€": "EUR",
        "@": "(at)",
        "_": "-",
        "„": " ",
        "“": " ",
        "”": " ",
    }
)
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
NAME, PURPOSE, IDENTIFIER = 70, 140, 35  # characters


def spelled(text: str, most: int) -> str:
    """The text with letters that banks know, at most so long, without blanks at its ends."""
    latin = unidecode(text.translate(_GERMAN))
    return " ".join(_FOREIGN.sub(" ", latin).split())[:most].strip()


def identifier(text: str) -> str:
    """A reference: at most 35 characters, no blanks, no slash at an end, never two in a row."""
    plain = re.sub(r"/{2,}", "/", spelled(text, 200).replace(" ", ""))
    return plain.strip("/")[:IDENTIFIER].strip("/")


def is_identifier(text: str) -> bool:
    """Whether a bank takes this reference as it is."""
    return bool(text) and identifier(text) == text
