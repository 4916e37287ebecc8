"""Where document numbers come from."""

from django.db import models


class NumberRange(models.Model):
    """The last number given in a series; its row is the lock that keeps the series gap-free.

    `series` is kind and year, such as `RE-2026`. Source: § 14 (4) Nr. 4 UStG.
    """

    series = models.CharField("Serie", max_length=20, unique=True)
    last = models.PositiveIntegerField("zuletzt vergeben", default=0)
    last_date = models.DateField("Datum des letzten Belegs", null=True, blank=True)

    class Meta:
        verbose_name = "Nummernkreis"
        verbose_name_plural = "Nummernkreise"
        ordering = ["series"]

    def __str__(self) -> str:
        return self.series
