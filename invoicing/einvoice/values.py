"""Values as the XML of both syntaxes carries them."""

import re
from decimal import Decimal

# Everything that XML 1.0 cannot carry, even escaped: a pasted control character, half a surrogate.
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text as XML can carry it: no control characters, one kind of line end."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_of(text: str) -> str:
    return clean(text).strip()


def terms_of(text: str) -> str:
    """BT-20 keeps its last line end, since every Skonto line needs one (BR-DE-18)."""
    text = clean(text)
    return text if text.strip() else ""


def number(value: Decimal) -> str:
    """A price, a quantity or a percentage without the zeros that the database adds."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal) -> str:
    """An amount with at least two decimals; more of them are an error that the rules will name."""
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and exponent > -2
    return format(value.quantize(Decimal("0.01")) if short else value, "f")
