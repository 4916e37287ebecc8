"""IBANs: checked thoroughly where a person types one, by their check digits where thousands come.

Bank and BIC come from the Bundesbank's register as packed into schwifty. An unknown bank code or
a failing German account check is a warning, not an error: codes are withdrawn while accounts
live on, and some banks check in other ways.
"""

from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

_LETTERS = str.maketrans({chr(code): str(code - 55) for code in range(ord("A"), ord("Z") + 1)})


@dataclass(frozen=True)
class CheckedIban:
    """An IBAN without blanks, its bank where known, and what is odd about it (German)."""

    iban: str
    bic: str = ""
    bank_name: str = ""
    warnings: tuple[str, ...] = ()


def check(text: str) -> CheckedIban:
    """Check what a person typed; raises ValueError with a German sentence."""
    try:
        iban = IBAN(text)
    except SchwiftyException as error:
        raise ValueError(_sentence(text)) from error
    warnings = []
    try:
        iban.validate(validate_bban=True)
    except SchwiftyException:
        warnings.append(
            "Die Kontonummer besteht die Prüfung dieser Bank nicht. Bitte prüfen Sie sie."
        )
    if iban.bank is None:
        warnings.append("Die Bank zu dieser Bankleitzahl ist nicht bekannt.")
    name = iban.bank.name if iban.bank else ""
    return CheckedIban(str(iban.compact), str(iban.bic or ""), name, tuple(warnings))


def _sentence(text: str) -> str:
    compact = "".join(text.split()).upper()
    if len(compact) > 4 and compact[:2] == "DE" and len(compact) != 22:
        return f"Eine deutsche IBAN hat 22 Zeichen, diese hat {len(compact)}."
    return "Diese IBAN ist nicht gültig: Die Prüfziffern passen nicht zur Nummer."


def is_valid(compact: str) -> bool:
    """The check digits alone (ISO 13616, mod 97), for imports."""
    if len(compact) < 15 or not compact.isascii() or not compact.isalnum():
        return False
    return int((compact[4:] + compact[:4]).upper().translate(_LETTERS)) % 97 == 1


def written(compact: str) -> str:
    """The IBAN in groups of four."""
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
