"""Work in the background, visible: what runs, how far it is, what came of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class Cancelled(Exception):
    """A person asked the running job to stop."""


class JobRun(models.Model):
    """One run of a job. The row is written first; the queue only carries its id (outbox).

    `key` names the lock: runs with the same key never run at the same time.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "wartet"
        RUNNING = "running", "läuft"
        DONE = "done", "fertig"
        FAILED = "failed", "gescheitert"
        CANCELLED = "cancelled", "abgebrochen"

    name = models.CharField("Aufgabe", max_length=80)
    params = models.JSONField("Parameter", default=dict)
    key = models.CharField("Sperre", max_length=200)
    state = models.CharField("Zustand", max_length=9, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField("erledigt", default=0)
    total = models.PositiveIntegerField("gesamt", default=0)
    result = models.JSONField("Ergebnis", default=dict)
    error_code = models.CharField("Fehlercode", max_length=20, blank=True)
    error = models.TextField("Fehler", blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    cancel_requested = models.BooleanField("Abbruch verlangt", default=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    not_before = models.DateTimeField("nicht vor", null=True)
    started_at = models.DateTimeField("begonnen am", null=True)
    finished_at = models.DateTimeField("beendet am", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gestartet von"
    )

    class Meta:
        verbose_name = "Aufgabe"
        verbose_name_plural = "Aufgaben"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="jobrun_waiting",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        from workmate import jobs  # as below

        return reverse(jobs.page_of(self.name), args=[self.pk])

    @property
    def title(self) -> str:
        """What the job is called, for people."""
        from workmate import jobs  # the jobs know their runs, not the other way round

        return jobs.title_of(self.name)

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    @property
    def can_restart(self) -> bool:
        return self.state in (self.State.FAILED, self.State.CANCELLED)

    def progress(self, done: int, total: int = 0) -> None:
        """Show how far the run is; raises `Cancelled` when a person asked it to stop.

        Call it between transactions: what is not committed is not seen.
        """
        changes: dict[str, Any] = {"done": done, "total": total or self.total}
        self.done, self.total = changes["done"], changes["total"]
        rows = JobRun.objects.filter(pk=self.pk)
        rows.update(**changes)
        if rows.filter(cancel_requested=True).exists():
            raise Cancelled
