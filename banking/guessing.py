"""Guessing: what the columns of an unknown file hold, and how its amounts and days are written.

The names of the columns are taken first, where what stands below fits; then the cells alone.
"""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise, permutations, product

from banking.csv_formats import values
from banking.models import CsvMapping
from banking.sampling import Sample, any_day, month_first

# What columns are called, the most telling first; compared in small letters, as whole or as part.
SYNONYMS = {
    "booked_on": (
        "buchungstag",
        "buchungsdatum",
        "booking date",
        "date",
        "datum",
        "buchung",
        "tag",
    ),
    "value_on": ("valutadatum", "wertstellung", "valuta", "value date"),
    "amount": ("betrag", "umsatz", "amount", "net", "wert", "soll/haben"),
    "sign": ("soll/haben", "s/h", "sollhaben", "debit/credit"),
    "debit": ("soll", "ausgang", "debit", "belastung", "paid out"),
    "credit": ("haben", "eingang", "credit", "gutschrift", "paid in"),
    "name": ("empfänger", "auftraggeber", "name", "begünstigter", "counterparty", "payee"),
    "iban": ("gegenkonto", "iban", "kontonummer"),
    "purpose": (
        "verwendungszweck",
        "buchungstext",
        "details",
        "zweck",
        "text",
        "beschreibung",
        "description",
        "reference",
    ),
    "bank_reference": ("transaktions-id", "transaction id", "umsatz-id"),
    "balance": ("saldo", "kontostand", "balance", "stand"),
    "currency": ("währung", "currency", "waehrung"),
}
SIGNS = dict.fromkeys(("s", "soll", "d", "dr", "debit", "-", "out"), -1) | dict.fromkeys(
    ("h", "haben", "c", "cr", "credit", "+", "in"), 1
)

_READS = {
    CsvMapping.Amounts.GERMAN: values.amount,
    CsvMapping.Amounts.ENGLISH: values.point_amount,
    CsvMapping.Amounts.CENTS: values.cents,
}
_MONEY = ("amount", "debit", "credit", "balance")


def guessed(found: Sample) -> dict[str, str]:
    """Role → column as far as names and cells tell, and how amounts and days look."""
    roles = _by_name(found)
    if "booked_on" not in roles or not {"amount", "debit", "credit"} & roles.keys():
        roles |= _by_content(found, roles)
    if "amount" in roles:
        roles.pop("debit", None)
        roles.pop("credit", None)
    return roles | {"amounts": amounts_of(found, roles)[0], "days": days_of(found, roles)[0]}


def amounts_of(found: Sample, roles: dict[str, str]) -> list[str]:
    """The ways in which all amounts can be read, the likeliest first; never none."""
    told = [text for role in ("amount", "debit", "credit") for text in _texts(found, roles, role)]
    ways = [way for way, read in _READS.items() if _all_readable(read, told)]
    if "cent" in " ".join(roles.get(role, "").casefold() for role in ("amount", "debit", "credit")):
        ways.sort(key=lambda way: way != CsvMapping.Amounts.CENTS)
    if not ways:
        ways = [max(_READS, key=lambda way: sum(_READS[way](text) is not None for text in told))]
    return [str(way) for way in ways]


def days_of(found: Sample, roles: dict[str, str]) -> list[str]:
    """The ways in which all days can be read, the likeliest first; never none."""
    told = _texts(found, roles, "booked_on")
    days = {CsvMapping.Days.DAY_FIRST: any_day, CsvMapping.Days.MONTH_FIRST: month_first}
    ways = [str(way) for way, read in days.items() if _all_readable(read, told)]
    return ways or [str(CsvMapping.Days.DAY_FIRST)]


def _by_name(found: Sample) -> dict[str, str]:
    roles: dict[str, str] = {}
    free = list(found.header) if found.has_header else []
    for role, names in SYNONYMS.items():
        fitting = [column for column in free if _fits(found, role, column)]
        hit = next((c for name in names for c in fitting if c.casefold() == name), None)
        hit = hit or next((c for name in names for c in fitting if name in c.casefold()), None)
        if hit:
            roles[role] = hit
            free.remove(hit)
    return roles


def _fits(found: Sample, role: str, column: str) -> bool:
    """Whether the cells can be what the role wants; an empty column only where it may be."""
    texts = found.column(column)
    if role == "booked_on":
        return _mostly(lambda text: any_day(text) or month_first(text), texts)
    if role == "value_on":
        return not texts or _mostly(lambda text: any_day(text) or month_first(text), texts)
    if role == "sign":
        return _mostly(lambda text: SIGNS.get(text.casefold()), texts)
    if role == "amount":
        return _mostly(_money, texts)
    if role in _MONEY:
        return not texts or _mostly(_money, texts)
    return True


def _by_content(found: Sample, roles: dict[str, str]) -> dict[str, str]:
    """What the cells alone tell about the columns that have no role yet."""
    free = [column for column in found.header if column not in roles.values()]
    more: dict[str, str] = {}

    def take(role: str, fitting: list[str]) -> None:
        if role not in roles and role not in more and fitting:
            more[role] = fitting[0]
            free.remove(fitting[0])

    def day(text: str) -> object:
        return any_day(text) or month_first(text)

    take("booked_on", [column for column in free if _mostly(day, found.column(column))])
    take("value_on", [column for column in free if _mostly(day, found.column(column))])
    take("iban", [c for c in free if any(values.iban(text) for text in found.column(c))])
    money = [column for column in free if _mostly(_money, found.column(column))]
    chain = next((pair for pair in permutations(money, 2) if _chained(found, *pair)), None)
    take("amount", list(chain[:1]) if chain else sorted(money, key=lambda c: -_marks(found, c)))
    take("balance", list(chain[1:]) if chain else [])
    take("sign", [c for c in free if _fits(found, "sign", c)])
    take("currency", [c for c in free if _mostly(values.CURRENCIES.__contains__, found.column(c))])
    texts = [column for column in free if found.column(column) and column not in money]
    texts.sort(key=lambda column: -sum(map(len, found.column(column))))
    take("purpose", texts)
    take("name", texts[1:])
    return more


def _chained(found: Sample, amount: str, balance: str) -> bool:
    """Whether the one column adds up to the other, upwards or downwards, at least twice."""
    at = found.header.index(amount), found.header.index(balance)
    rows = [(row[at[0]], row[at[1]]) for row in found.rows if len(row) > max(at)]
    for first, second in product(_READS.values(), (values.amount, values.point_amount)):
        pairs = [(first(one), second(other)) for one, other in rows]
        told = [(one, other) for one, other in pairs if one is not None and other is not None]
        if len(told) > 2 and any(_adds_up(order) for order in (told, told[::-1])):
            return True
    return False


def _adds_up(pairs: list[tuple[Decimal, Decimal]]) -> bool:
    return all(a[1] + b[0] == b[1] for a, b in pairwise(pairs))


def _marks(found: Sample, column: str) -> int:
    """How many cells have a sign or a decimal mark, as amounts do and numbers do not."""
    return sum(any(mark in text for mark in ",.-+") for text in found.column(column))


def _texts(found: Sample, roles: dict[str, str], role: str) -> list[str]:
    """The filled cells of the column that has this role, in rows that have a day."""
    if role not in roles:
        return []
    return found.column(roles[role])


def _money(text: str) -> bool:
    return values.amount(text) is not None or values.point_amount(text) is not None


def _mostly(read: Callable[[str], object], texts: list[str]) -> bool:
    """Nine of ten, so that a footer or a pending row does not hide what a column is."""
    return bool(texts) and sum(bool(read(text)) for text in texts) >= 0.9 * len(texts) - 1


def _all_readable(read: Callable[[str], object], texts: list[str]) -> bool:
    return bool(texts) and all(read(text) is not None for text in texts)
