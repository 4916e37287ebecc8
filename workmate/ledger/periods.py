"""Locking months: what was reported to the tax office stays as it was reported.

Source of the rule: § 146 (4) AO, GoBD Rz. 107 ff. A correction is posted in the first open month.
"""

import calendar
import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Min
from django.db.models.functions import Now

from workmate import audit
from workmate.ledger import errors
from workmate.ledger.models import Entry, Period
from workmate.locks import Lock, hold
from workmate.models.user import User
from workmate.money import format_date

Month = tuple[datetime.date, datetime.date]
DAY = datetime.timedelta(days=1)


def month_of(day: datetime.date) -> Month:
    """First and last day of the month."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


@transaction.atomic
def lock_period(day: datetime.date, *, by: User, on: datetime.date) -> Period:
    """Lock the month of `day` and all before it; `on` is today.

    Waits for postings under way, then nobody posts on or before the end of that month. Raises
    PERIOD_NOT_OVER and ALREADY_LOCKED.
    """
    start, end = month_of(day)
    if on <= end:
        raise errors.PERIOD_NOT_OVER(until=format_date(end))
    hold(Lock.PERIODS)
    until = Period.objects.locked_until()
    if until is not None and end <= until:
        raise errors.ALREADY_LOCKED(until=format_date(until))
    # Each month has its own lock, so that opening the last one leaves those before it locked.
    for first, last in _months(_first_open(until, start), end):
        Period.objects.update_or_create(
            start=first, defaults={"end": last, "locked_at": Now(), "locked_by": by}
        )
    period = Period.objects.get(start=start)
    audit.record("period.locked", period, by=by, payload={"until": end.isoformat()})
    return period


@transaction.atomic
def unlock_period(period: Period, *, by: User, reason: str) -> Period:
    """Open the last locked month again; the reason goes to the audit trail.

    Raises NOT_LAST_LOCKED and REASON_MISSING.
    """
    if not reason.strip():
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    hold(Lock.PERIODS)
    period = Period.objects.select_for_update().get(pk=period.pk)
    if period.locked_at is None or period.end != Period.objects.locked_until():
        raise errors.NOT_LAST_LOCKED()
    period.locked_at = period.locked_by = None
    period.save(update_fields=["locked_at", "locked_by"])
    audit.record("period.unlocked", period, by=by, payload={"reason": reason.strip()})
    return period


def months(on: datetime.date) -> list[Period]:
    """Every month from the first entry to `on`, newest first; unsaved where no row exists."""
    known = {period.start: period for period in Period.objects.select_related("locked_by")}
    start = min([_first_entry(on), *known])
    found = [known.get(begin) or Period(start=begin, end=end) for begin, end in _months(start, on)]
    return found[::-1]


def _first_entry(otherwise: datetime.date) -> datetime.date:
    """The first day of the month in which these books begin."""
    first: datetime.date | None = Entry.objects.aggregate(day=Min("booked_on"))["day"]
    return (first or otherwise).replace(day=1)


def _first_open(until: datetime.date | None, start: datetime.date) -> datetime.date:
    """The first day of the first month that is not locked; `start` at the latest."""
    return min(until + DAY if until else _first_entry(start), start)


def _months(start: datetime.date, until: datetime.date) -> Iterator[Month]:
    """The months from the one of `start` to the one of `until`."""
    while start <= until:
        month = month_of(start)
        yield month
        start = month[1] + DAY
