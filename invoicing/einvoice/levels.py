"""How grave a broken rule is for German invoices.

KoSIT's validator configuration lowers and raises some levels of the CEN rules (its
`customLevel`); without that table four valid files of its own test suite would be refused.
Source: validator-configuration-xrechnung 2026-08-31, scenarios.xml.
"""

from collections.abc import Mapping

from invoicing.einvoice.parse import CII, UBL
from invoicing.einvoice.report import Level

_EXTENSION_MARK = "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung"
_CVD_MARK = ":xrechnung:cvd_"

_CIUS = {"BR-CL-21": Level.WARNING, "BR-CL-23": Level.WARNING}
_CVD = {**_CIUS, "BR-CL-13": Level.INFORMATION}
_EXTENSION = {
    "BR-CL-10": Level.INFORMATION,
    "BR-CL-11": Level.INFORMATION,
    "BR-CL-21": Level.INFORMATION,
    "BR-CL-23": Level.WARNING,
    "BR-CL-24": Level.INFORMATION,
    "BR-CL-25": Level.INFORMATION,
    "BR-CL-26": Level.INFORMATION,
}
_EXTENSION_UBL = {
    "BR-CO-16": Level.INFORMATION,
    "UBL-CR-470": Level.INFORMATION,
    "UBL-CR-646": Level.INFORMATION,
}
_UBL = {"UBL-CR-646": Level.ERROR}
_CII = {"CII-SR-452": Level.ERROR, "CII-SR-453": Level.ERROR, "CII-SR-454": Level.ERROR}


def is_xrechnung(guideline: str) -> bool:
    """Whether BT-24 promises XRechnung, in whatever version."""
    return "xrechnung" in guideline.lower()


def level(
    rule: str,
    flag: str,
    *,
    guideline: str,
    syntax: str,
    custom: Mapping[str, Level] | None = None,
) -> Level:
    """The level of a broken rule; a rule without a flag (Factur-X) is fatal.

    `custom` is the table of an installed release; without one that below holds.
    """
    table = _custom(guideline, syntax) if custom is None else custom
    if found := table.get(rule):
        return found
    try:
        return Level(flag or "fatal")
    except ValueError:
        return Level.FATAL


def _custom(guideline: str, syntax: str) -> dict[str, Level]:
    if not is_xrechnung(guideline):
        return {}
    extension = _EXTENSION_MARK in guideline
    if extension:
        levels = dict(_EXTENSION)
    elif _CVD_MARK in guideline:
        levels = dict(_CVD)
    else:
        levels = dict(_CIUS)
    if syntax == UBL:
        levels.update(_EXTENSION_UBL if extension else _UBL)
    if syntax == CII:
        levels.update(_CII)
    return levels
