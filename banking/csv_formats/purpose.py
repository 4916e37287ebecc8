"""SEPA keywords that banks run together inside the purpose, taken apart."""

import re
from typing import NamedTuple

from banking.csv_formats.values import squeeze

_KEYWORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|BREF|RREF|PURP)\+")
# The spelling of account services, seen in exports of ING.
_NAMED = re.compile(
    r"mandatereference:(?P<mandate>[^,]*),creditorid:(?P<creditor>[^,]*),"
    r"remittanceinformation:(?P<purpose>.*)",
    re.DOTALL,
)
_NOTHING = frozenset({"", "NOTPROVIDED", "NONREF"})


class Purpose(NamedTuple):
    text: str
    end_to_end_id: str = ""
    mandate: str = ""
    creditor_id: str = ""


def reference(text: str) -> str:
    """A reference as it is, empty where it only says that there is none."""
    text = squeeze(text)
    return "" if text.upper() in _NOTHING else text


def take_apart(text: str) -> Purpose:
    """`EREF+…MREF+…CRED+…SVWZ+…` and `mandatereference:…`; other text stays whole."""
    if named := _NAMED.fullmatch(text.strip()):
        return Purpose(
            squeeze(named["purpose"]),
            mandate=reference(named["mandate"]),
            creditor_id=reference(named["creditor"]),
        )
    pieces = _KEYWORD.split(text)
    if len(pieces) == 1:
        return Purpose(squeeze(text))
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    free = squeeze(" ".join((pieces[0], parts.get("SVWZ", ""))))
    return Purpose(
        free,
        # A file of ours that was booked as one sum has only the reference of the file.
        end_to_end_id=reference(parts.get("EREF", "")) or reference(parts.get("KREF", "")),
        mandate=reference(parts.get("MREF", "")),
        creditor_id=reference(parts.get("CRED", "")),
    )
