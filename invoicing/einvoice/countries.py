"""Countries by their ISO 3166-1 alpha-2 code, named in German (BT-40, BT-55, BT-80)."""

import gettext
from functools import cache

import pycountry

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
_FIRST = ("DE", "AT", "CH")
_SORT = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "å": "a", "é": "e", "ô": "o"})


@cache
def names() -> dict[str, str]:
    """All countries, code to German name, sorted by name."""
    german = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["de"])
    found = {
        country.alpha_2: german.gettext(getattr(country, "common_name", country.name))
        for country in pycountry.countries
    }
    return dict(sorted(found.items(), key=lambda item: item[1].casefold().translate(_SORT)))


def name(code: str) -> str:
    """The German name of a country; the code itself where it is unknown."""
    return names().get(code, code)


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """Countries for a form: Germany and its neighbours in language first."""
    known = names()
    first = [(code, known[code]) for code in _FIRST]
    return (*first, *((code, text) for code, text in known.items() if code not in _FIRST))


def vat_prefix(country: str) -> str:
    """The prefix of a VAT id of this country: Greece uses EL (Art. 215 of the VAT directive)."""
    return "EL" if country == "GR" else country
