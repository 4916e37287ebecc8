"""The days that the overview is about, and the same days a year before."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timespan:
    """Days from `start` to `end`, both included."""

    start: datetime.date
    end: datetime.date

    @property
    def year_before(self) -> "Timespan":
        return Timespan(_a_year_before(self.start), _a_year_before(self.end))

    @property
    def months(self) -> list[datetime.date]:
        """The first day of every month that the span touches."""
        first = self.start.replace(day=1)
        found = []
        while first <= self.end:
            found.append(first)
            first = (first + datetime.timedelta(days=31)).replace(day=1)
        return found


def year_of(day: datetime.date) -> Timespan:
    """The calendar year of the day, up to its end."""
    return Timespan(day.replace(month=1, day=1), day.replace(month=12, day=31))


def month_of(day: datetime.date) -> Timespan:
    """The calendar month of the day, up to its end."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Timespan(day.replace(day=1), day.replace(day=last))


def quarter_of(day: datetime.date) -> Timespan:
    """The calendar quarter of the day, up to its end."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Timespan(first, month_of(first.replace(month=first.month + 2)).end)


def presets(today: datetime.date) -> list[tuple[str, Timespan]]:
    """The spans that a click chooses, with their German names."""
    return [
        ("Dieser Monat", month_of(today)),
        ("Dieses Quartal", quarter_of(today)),
        ("Dieses Jahr", year_of(today)),
        ("Letztes Jahr", year_of(today).year_before),
    ]


def joined(spans: Iterable[Timespan]) -> list[Timespan]:
    """The same days as few spans, in order: what overlaps or touches becomes one."""
    found: list[Timespan] = []
    for span in sorted(spans, key=lambda one: one.start):
        if found and span.start <= found[-1].end + datetime.timedelta(days=1):
            found[-1] = Timespan(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _a_year_before(day: datetime.date) -> datetime.date:
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)
