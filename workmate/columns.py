"""Columns and cells of lists: how a value looks is decided here, once for every page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from workmate.money import format_amount, format_date, format_decimal, format_quantity

NUMERIC = {"money", "number", "quantity", "percent"}
# On a phone, where a row is a card, these say what they are; a date only where others stand too.
NAMED, NAMED_LATER = {*NUMERIC, "boolean"}, {"date", "moment"}
LONG = 14  # characters that always find room; more are told in full on hover
NBSP = "\u00a0"


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `key` is an attribute path, `value` a function of the row instead.

    `kind`: text, money, number, quantity, percent, date, moment, status, boolean, template.
    `sort`: field or annotation to order by; the key itself when it is a plain field, "" for none.
    `priority`: 1 always, 2 from tablet width, 3 from desktop width.
    `total`: sum it in the foot; `currency`: attribute path of an amount's currency.
    `tones`: value → positive, attention, negative, info, neutral, or a function of the row.
    `note`: a second, muted line.
    """

    key: str
    label: str
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    sort: str | None = None
    link: bool = False
    priority: int = 1
    total: bool = False
    currency: str = ""
    tones: dict[str, str] | Callable[[Any], str] = field(default_factory=dict)
    note: Callable[[Any], str] | str = ""
    template: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @cached_property
    def css(self) -> str:
        """The classes of its cells: alignment, and on which widths it leaves."""
        leaves = {1: "", 2: "hide-phone", 3: "hide-narrow hide-phone"}[self.priority]
        return f"{'amount' if self.numeric else self.kind} {leaves}".strip()

    @property
    def sort_field(self) -> str:
        if self.sort is not None:
            return self.sort
        return "" if self.value or "." in self.key else self.key

    def of(self, row: Any) -> Any:
        """The plain value, as exports write it."""
        return self.value(row) if self.value else follow(row, self.key)

    def cell(self, row: Any, *, first: bool = False) -> "Cell":
        """The value of a row, ready for the template."""
        value = self.of(row)
        text = self._text(row, value)
        named = self.kind in NAMED or (self.kind in NAMED_LATER and not first)
        currency = follow(row, self.currency) if self.currency else "EUR"
        return Cell(
            column=self,
            text=text,
            title=text if self.kind == "text" and len(text) > LONG else "",
            label=self.label if text and named else "",
            currency=("€" if currency == "EUR" else currency) if self.kind == "money" else "",
            badge=badge(text, self._tone(row, value)) if self.kind == "status" and text else "",
            note=(self.note(row) if callable(self.note) else follow(row, self.note)) or "",
        )

    def _tone(self, row: Any, value: Any) -> str:
        tones = self.tones
        return tones(row) if callable(tones) else tones.get(str(value), "neutral")

    def _text(self, row: Any, value: Any) -> str:
        if value is None:
            return ""
        if self.kind == "status" and not self.value:
            display = getattr(row, f"get_{self.key}_display", None)
            return str(display() if display else value)
        write = _WRITTEN.get(self.kind)
        return write(value) if write else str(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is shown; `label` is its column's name where that must stand beside it."""

    column: Column
    text: str
    title: str = ""
    label: str = ""
    currency: str = ""
    badge: str = ""
    note: str = ""


@lru_cache(maxsize=256)
def badge(text: str, tone: str) -> SafeString:
    """A state in its tone; there are few, and a list shows each of them many times."""
    return render_to_string("lists/badge.html", {"text": text, "tone": tone})


def follow(row: Any, path: str) -> Any:
    """The value at an attribute path (`customer.name`); nothing where a link is empty."""
    for part in path.split(".") if path else ():
        if row is None:
            return None
        row = getattr(row, part)
        if callable(row):
            row = row()
    return row if path else None


def _number(value: Any) -> str:
    return format_decimal(Decimal(value), 0) if isinstance(value, int) else format_quantity(value)


def _moment(value: datetime.datetime) -> str:
    return f"{localtime(value):%d.%m.%Y %H:%M}"


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "money": format_amount,
    "number": _number,
    "quantity": format_quantity,
    "percent": lambda value: f"{format_decimal(value, 0, most=2)}{NBSP}%",
    "date": format_date,
    "moment": _moment,
    "boolean": lambda value: "ja" if value else "nein",
}
