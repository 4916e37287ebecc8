"""Names of payers compared: legal forms do not count, umlauts and word order do not matter."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

_FOLD = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "á": "a", "ó": "o", "ç": "c"}
)
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_DOTTED = re.compile(r"\b([a-z])\.(?:\s*([a-z])\b\.?)?")
_LEGAL_FORMS = frozenset(
    """gmbh mbh ggmbh ag kg kgaa ohg gbr ug ek ev eg se co cie partg partgmbb mbb ltd limited inc
    llc sarl sas bv nv haftungsbeschraenkt inh inhaber firma fa herr frau dr prof und""".split()
)

ONE_OF_SEVERAL = 80  # percent at most where one name is a single word and the other is not


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """The telling words of a name: folded to plain letters, without legal forms and titles."""
    folded = name.casefold().translate(_FOLD)
    folded = _DOTTED.sub(lambda match: match[1] + (match[2] or "") + " ", folded)
    every = [word for word in _NOT_PLAIN.split(folded) if word]
    telling = [word for word in every if word not in _LEGAL_FORMS]
    return tuple(telling or every)


def similarity(left: tuple[str, ...], right: tuple[str, ...], *, least: int = 0) -> int:
    """Percent of agreement of two names given as `words`; 0 where it is less than the least.

    One shared word out of several is no agreement: "Müller" is not "Müller Bau".
    """
    if not left or not right:
        return 0
    ratio = fuzz.token_set_ratio(" ".join(left), " ".join(right), score_cutoff=least)
    if ratio > ONE_OF_SEVERAL and (len(set(left)) == 1) != (len(set(right)) == 1):
        ratio = ONE_OF_SEVERAL
    return round(ratio)
