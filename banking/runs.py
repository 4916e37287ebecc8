"""Texts of transfers cut into runs of letters and of digits, and what the words around them say."""

import re
from typing import NamedTuple

# A day or an amount: no part of a number.
_STOP = (
    r"(?<![\w/-])(?:\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?(?!\d)"
    r"|(?:[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d*|0),\d{2}(?!\d))"
)
STOPS = re.compile(_STOP)
_PIECES = re.compile(rf"(?P<stop>{_STOP})|(?P<letters>[^\W\d_]+)|(?P<digits>\d+)")
_GAP = 3  # characters between two runs of one number
INVOICE_WORDS = frozenset(
    """RE RG R RN RNR RENR RGNR RENUMMER RECHNUNG RECHNUNGEN RECHN RECH RECHNUNGSNR RECHNUNGSNUMMER
    RECHNUNGSNUMMERN RECHNR NR NO NUMMER INV INVOICE FAKTURA BELEG BELEGNR IHRE VOM ZU FUER FÜR UND
    ZAHLUNG SVWZ EREF DANKE""".split()
)
OTHER_WORDS = frozenset(
    """ANGEBOT ANGEBOTS ANGEBOTSNR ANGEBOTSNUMMER AUFTRAG AUFTRAGS AUFTRAGSNR AUFTRAGSNUMMER
    BESTELLUNG BESTELLNR BESTELLNUMMER LIEFERSCHEIN LIEFERSCHEINNR VERTRAG VERTRAGSNR
    VERTRAGSNUMMER KUNDE KUNDEN KUNDENNR KUNDENNUMMER KD KDNR KDNUMMER MITGLIED MITGLIEDSNR
    TICKET PROJEKT IBAN BIC BLZ KTO KONTO TEL PLZ GUTSCHRIFT""".split()
)
# What a transfer may be for besides an invoice; with these an amount alone proves nothing.
OTHER_PURPOSES = re.compile(
    r"\b(ANZAHLUNG|ABSCHLAG|ANGEBOT|KAUTION|DARLEHEN|SPENDE|PROVISION|AUFTRAG|BESTELLUNG|GUTSCHRIFT"
    r"|ABBUCHUNG\s*VOM\s*PAYPAL|SUMUP\b)",
    re.IGNORECASE,
)


# A word for a document and a number soon after it, or letters and digits as numbers have them.
_DOCUMENT = re.compile(
    r"\b(?:RECHNUNG\w*|RE|RG|R|RNR|INVOICE|INV|BELEG\w*|NR)\b[^\w]{0,3}(?:NR\W{0,2})?(?=\w*\d{2})"
    r"|\b[A-Z]{1,5}[-/_]?\d{4}[-/_]\d{2,}\b|\b[A-Z]{1,4}-?\d{4,}\b|\b20\d\d[-/]\d{2,}\b",
    re.IGNORECASE,
)


def mentions_document(text: str) -> bool:
    """Whether a text seems to name some document, known or not."""
    return _DOCUMENT.search(text) is not None


class Run(NamedTuple):
    """A run of letters or digits; `glue` is what stands between it and the run before."""

    text: str
    start: int
    end: int
    digits: bool
    glue: str


def runs_of(text: str) -> list[list[Run]]:
    """The runs of a text, parted where a day, an amount or a long gap stands between."""
    parts: list[list[Run]] = [[]]
    last_end = 0
    for match in _PIECES.finditer(text):
        kind, (start, end) = match.lastgroup, match.span()
        if kind == "stop" or start - last_end > _GAP:
            parts.append([])
        if kind != "stop":
            glue = text[last_end:start]
            parts[-1].append(Run(text[start:end], start, end, kind == "digits", glue))
        last_end = end
    return [part for part in parts if part]


def _tight(glue: str) -> bool:
    """Whether runs on both sides belong together: nothing or one hyphen, dot or underscore."""
    return glue in {"", "-", ".", "_"}


def goes_on(part: list[Run], first: int, last: int) -> bool:
    """Whether the digits go on to the left or right: a piece of a longer number is none."""
    before = first > 0 and part[first - 1].digits and _tight(part[first].glue)
    if before and part[first].digits:
        return True
    following = last + 1 < len(part) and _continues(part[last + 1])
    return following and (part[last].digits or _looks_like_digits(part[last]))


def _continues(run: Run) -> bool:
    """Whether a run continues the digits before it, as digits or as letters that look like some."""
    if run.digits:
        return _tight(run.glue)
    return run.glue == "" and _looks_like_digits(run)


def _looks_like_digits(run: Run) -> bool:
    return not set(run.text) - set("OIL")


def named_otherwise(part: list[Run], first: int) -> bool:
    """Whether the word before says that these digits are no invoice: `Angebot 2026-0001`."""
    return first > 0 and part[first - 1].text in OTHER_WORDS


def may_stand_before(part: list[Run], first: int, prefix: str) -> bool:
    """`AN-2026-0001` is no `RE-2026-0001`; `Rechnung 2026-0001` may be."""
    if first == 0 or part[first - 1].digits:
        return True
    word = part[first - 1].text
    return word == prefix or word in INVOICE_WORDS or not _tight(part[first].glue)
