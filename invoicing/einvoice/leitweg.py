"""The Leitweg-ID: how an invoice finds its way to a German public authority (BT-10).

Source: Formatspezifikation Leitweg-ID 2.0.2 (KoSIT): coarse address of 2 to 12 digits, optional
fine address of up to 30 characters, two check digits by ISO/IEC 7064 MOD 97-10.
"""

import re

_FORM = re.compile(r"(?P<coarse>\d{2,12})(-(?P<fine>[A-Z0-9]{1,30}))?-(?P<check>\d{2})", re.ASCII)


def check_digits(coarse: str, fine: str = "") -> str:
    """The two check digits of an address without them."""
    return f"{98 - _number(coarse + fine) * 100 % 97:02d}"


def normalise(text: str) -> str:
    """The Leitweg-ID as it is written into an invoice: upper case, no blanks."""
    return "".join(text.split()).upper()


def looks_like_one(text: str) -> bool:
    """Whether the text has the form of a Leitweg-ID, whatever its check digits."""
    return _FORM.fullmatch(normalise(text)) is not None


def problem(text: str) -> str:
    """What is wrong with a Leitweg-ID, in German; empty when nothing is."""
    match = _FORM.fullmatch(normalise(text))
    if match is None:
        return "Eine Leitweg-ID hat die Form 04011000-12345-03: Ziffern, Feinadresse, Prüfziffer."
    if _number(match["coarse"] + (match["fine"] or "") + match["check"]) % 97 != 1:
        return "Die Prüfziffer der Leitweg-ID stimmt nicht. Bitte prüfen Sie auf Tippfehler."
    return ""


def _number(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
