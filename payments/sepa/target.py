"""The days on which banks in Europe settle (TARGET calendar). Pure.

Closed are Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
Source: ECB, long-term calendar for TARGET closing days of 14 December 2000.
"""

import datetime

from dateutil.easter import easter

_FIXED = {(1, 1), (5, 1), (12, 25), (12, 26)}
DAY = datetime.timedelta(days=1)


def is_open(day: datetime.date) -> bool:
    """Whether banks settle on that day."""
    if day.weekday() >= 5 or (day.month, day.day) in _FIXED:
        return False
    sunday = easter(day.year)
    return day not in (sunday - 2 * DAY, sunday + DAY)


def on_or_after(day: datetime.date) -> datetime.date:
    """That day, or the next one on which banks settle."""
    while not is_open(day):
        day += DAY
    return day


def after(day: datetime.date, days: int) -> datetime.date:
    """So many settling days (one or more) after a day."""
    for _ in range(days):
        day = on_or_after(day + DAY)
    return day
