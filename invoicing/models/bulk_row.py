"""A draft that waits to be issued together with others, and what came of it."""

import pgtrigger
from django.db import models


class BulkRow(models.Model):
    """One draft of one run. It changes in the very transaction that issues the draft."""

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        ISSUED = "issued", "gestellt"
        REFUSED = "refused", "nicht gestellt"

    run = models.ForeignKey(
        "workmate.JobRun", models.PROTECT, related_name="bulk_rows", verbose_name="Aufgabe"
    )
    # NULL once the draft was deleted before its turn; the label still names it.
    invoice = models.ForeignKey(
        "invoicing.Invoice", models.SET_NULL, null=True, related_name="+", verbose_name="Beleg"
    )
    version = models.PositiveIntegerField("bestätigte Fassung")
    label = models.CharField("Entwurf", max_length=240)
    state = models.CharField("Zustand", max_length=7, choices=State.choices, default=State.WAITING)
    findings = models.JSONField("Gründe", default=list)

    class Meta:
        verbose_name = "Zeile einer Sammelstellung"
        verbose_name_plural = "Zeilen von Sammelstellungen"
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "state", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["run", "invoice"], name="bulkrow_once_a_run")
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["issued", "refused"])
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
            )
        ]

    def __str__(self) -> str:
        return self.label
