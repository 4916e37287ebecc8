"""Bytes to text for files of German banks.

A byte order mark decides; then strict UTF-8; then ISO-8859-15 where no byte lies in 80–9F and its
own letters stand where letters stand; else Windows-1252; else Latin-1. Guessing libraries are
wrong more often. The bytes alone do not tell: B4 is the Ž of a name, or the accent that people
type for an apostrophe; BD is œ in the one encoding and ½ in the other.
"""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_EURO = b"\xa4"  # in Windows-1252 a ¤, which nobody writes
_OTHER_LETTERS = re.compile(rb"[\xa6\xa8\xb4\xb8\xbc-\xbe]")
_LETTER = rb"[A-Za-z\xa8\xb8\xc0-\xd6\xd8-\xf6\xf8-\xff]"  # š and ž among them
_VOWEL = rb"[AEIOUYaeiouy\xc0-\xc6\xc8-\xcf\xd2-\xd6\xd8-\xdd\xe0-\xe6\xe8-\xef\xf2-\xf6\xf8-\xfd]"
_AS_LETTER = re.compile(
    b"|".join(
        (
            rb"(?<=%(letter)s)[\xa6\xa8\xb8\xbc-\xbe]",  # Tomaž, Blaž
            rb"[\xa6\xa8\xb8](?=%(letter)s)",  # Škoda
            rb"(?<![0-9])[\xbc-\xbe](?=%(vowel)s)",  # Œuvre, not 3½ or ½kg
            rb"(?<!%(letter)s)\xb4(?=(?:%(vowel)s|[LRlr])%(letter)s)",  # Žižka, not ´n Abend
            rb"(?<=%(letter)s%(vowel)s)\xb4(?=%(vowel)s)",  # BOŽENA, not L´OREAL or PETER´S
        )
    )
    % {b"letter": _LETTER, b"vowel": _VOWEL}
)


def decode(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding; every input has one, Latin-1 at the last."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if not _WINDOWS_ONLY.search(data) and _is_latin_9(data):
        return data.decode("iso-8859-15"), "iso-8859-15"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _is_latin_9(data: bytes) -> bool:
    """Whether the letters that only ISO-8859-15 has occur, and every one as a letter."""
    if _EURO in data:
        return True
    count = len(_OTHER_LETTERS.findall(data))
    return count > 0 and count == len(_AS_LETTER.findall(data))
