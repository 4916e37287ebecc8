"""Skonto: what may be deducted for paying early, in steps.

A step is days from the invoice date and percent of what is owed; it is printed with its day and
amount, written into BT-20 as XRechnung wants it, and taken when the payment comes
(§ 14 (4) Nr. 7 UStG: what was agreed belongs on the invoice; § 17 UStG: VAT shrinks with it).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from workmate.money import format_decimal, round_money

MOST_STEPS = 3
MOST_DAYS = 365
_TEXT = re.compile(
    r"(?P<percent>\d+(?:[.,]\d{1,2})?)\s*%?\s*(?:bis|in|:|/|,|;)?\s*(?P<days>\d+)\s*(?:Tagen?|T)?\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Step:
    """So many percent off when paid within so many days of the invoice date."""

    days: int
    percent: Decimal

    def until(self, issue_date: date) -> date:
        """The last day of the step."""
        return issue_date + timedelta(days=self.days)

    def amount(self, owed: Decimal) -> Decimal:
        """What may be deducted from what is owed, in its currency."""
        return round_money(owed * self.percent / 100)

    @property
    def text(self) -> str:
        """As a person writes it: `2 % in 7 Tagen`."""
        return f"{format_decimal(self.percent, 0, most=2)} % in {self.days} Tagen"


def steps(stored: Iterable[dict[str, Any]] | None) -> tuple[Step, ...]:
    """The steps as the database keeps them, the earliest first."""
    found = (Step(int(one["days"]), Decimal(str(one["percent"]))) for one in stored or ())
    return tuple(sorted(found))


def to_json(found: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps for the database."""
    return [{"days": one.days, "percent": f"{one.percent:.2f}"} for one in sorted(found)]


def parse(text: str) -> tuple[Step, ...]:
    """Read `2 % in 7 Tagen, 1 % in 14 Tagen` or `2/7 1/14`; raises ValueError in German."""
    found, rest = [], text.strip()
    while rest:
        match = _TEXT.match(rest)
        if match is None:
            raise ValueError("Schreiben Sie Skonto so: 2 % in 7 Tagen, 1 % in 14 Tagen.")
        found.append(Step(int(match["days"]), Decimal(match["percent"].replace(",", "."))))
        rest = rest[match.end() :].lstrip(" ,;.\n")
    if found and (wrong := problem(found)):
        raise ValueError(wrong)
    return tuple(sorted(found))


def write(found: Sequence[Step]) -> str:
    """The steps as one text field shows them."""
    return ", ".join(one.text for one in found)


def problem(found: Sequence[Step]) -> str:
    """What is wrong with these steps, in German; empty when nothing is."""
    if len(found) > MOST_STEPS:
        return f"Höchstens {MOST_STEPS} Stufen Skonto sind möglich."
    ordered = sorted(found)
    for one in ordered:
        if not 0 < one.percent < 100:
            return "Skonto ist mehr als 0 % und weniger als 100 %."
        if not 0 <= one.days <= MOST_DAYS:
            return f"Die Skontofrist hat höchstens {MOST_DAYS} Tage."
    for earlier, later in pairwise(ordered):
        if earlier.days == later.days:
            return f"Zur Frist von {later.days} Tagen gibt es zwei Sätze."
        if earlier.percent <= later.percent:
            return "Wer früher zahlt, muss mehr Skonto bekommen als wer später zahlt."
    return ""


def stored_problem(stored: Any) -> str:
    """What is wrong with steps on their way into the database, whoever wrote them."""
    try:
        return problem(steps(stored))
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return "Skonto besteht aus Stufen mit Tagen und Prozent."
