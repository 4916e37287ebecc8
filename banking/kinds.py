"""What kind of booking one is, as far as its booking text and its sign say."""

import re
from functools import lru_cache

FEE, INTEREST, BY_SIGN = "fee", "interest", ""
_FEE = re.compile(r"entgelt|geb(ü|ue)hr|kontof(ü|ue)hrung|^abschluss$|provision", re.IGNORECASE)
_INTEREST = re.compile(r"\b(haben|soll|guthaben|darlehens)?zins", re.IGNORECASE)


@lru_cache(maxsize=1024)
def kind_of(booking_text: str) -> str:
    """Fee or interest where the bank's booking text says so; else empty: the sign decides.

    The database puts income or expense where nothing is named.
    """
    if _INTEREST.search(booking_text):
        return INTEREST
    return FEE if _FEE.search(booking_text.strip()) else BY_SIGN
