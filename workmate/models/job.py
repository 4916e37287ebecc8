"""Work in the background, visible: what runs, how far it is, what came of it."""

from django.conf import settings
from django.db import models


class JobRun(models.Model):
    """One run of a job. The row is written first; the queue only carries its id (outbox)."""

    class State(models.TextChoices):
        QUEUED = "queued", "wartet"
        RUNNING = "running", "läuft"
        DONE = "done", "fertig"
        FAILED = "failed", "gescheitert"
        CANCELLED = "cancelled", "abgebrochen"

    name = models.CharField("Aufgabe", max_length=80)
    params = models.JSONField("Parameter", default=dict)
    key = models.CharField("Sperre", max_length=200)
    state = models.CharField(
        "Zustand", max_length=9, choices=State.choices, default=State.QUEUED
    )
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
        return f"{self.name} ({self.get_state_display()})"
