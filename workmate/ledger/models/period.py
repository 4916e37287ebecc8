"""Months of the books, open or locked."""

import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Max, Q

from workmate.immutable import no_truncate
from workmate.locks import Lock


class PeriodQuerySet(models.QuerySet["Period"]):
    """Questions to the calendar of the books."""

    def locked_until(self) -> datetime.date | None:
        """The last day into which nothing can be posted; None while nothing is locked."""
        last: datetime.date | None = self.filter(locked_at__isnull=False).aggregate(Max("end"))[
            "end__max"
        ]
        return last


class Period(models.Model):
    """A month of the books, both ends included.

    Once it is locked nothing is posted on or before its end, in gaps and earlier months neither:
    a balance that was reported stays as it was.
    """

    start = models.DateField("von", unique=True)
    end = models.DateField("bis")
    locked_at = models.DateTimeField("gesperrt am", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "Buchungsperiode"
        verbose_name_plural = "Buchungsperioden"
        ordering = ["-start"]
        permissions = [("lock_period", "Buchungsperioden sperren und öffnen")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="period_in_order"),
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by=None)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="period_locked_by_someone",
            ),
            ExclusionConstraint(
                name="period_no_overlap",
                expressions=[
                    (
                        Func(
                            "start",
                            "end",
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="alone",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"PERFORM pg_advisory_xact_lock({Lock.PERIODS}); RETURN NEW;",
            ),
            pgtrigger.Protect(
                name="days_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("start", "end"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.start:%m/%Y}"
