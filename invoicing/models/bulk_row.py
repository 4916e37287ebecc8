"""A document that waits for something done to many at once, and what came of it."""

import pgtrigger
from django.db import models


class BulkRow(models.Model):
    """One document of one run. It changes in the very transaction that does the act."""

    class State(models.TextChoices):
        WAITING = "waiting", "wartet"
        ISSUED = "issued", "gestellt"
        SENT = "sent", "im Versand"
        DELETED = "deleted", "gelöscht"
        REFUSED = "refused", "abgelehnt"

    run = models.ForeignKey(
        "workmate.JobRun", models.PROTECT, related_name="bulk_rows", verbose_name="Aufgabe"
    )
    # NULL once the draft was deleted before its turn; the label still names it.
    invoice = models.ForeignKey(
        "invoicing.Invoice", models.SET_NULL, null=True, related_name="+", verbose_name="Beleg"
    )
    # Stays when the document goes.
    document_number = models.PositiveBigIntegerField("Kennung des Belegs", null=True)
    version = models.PositiveIntegerField("bestätigte Fassung")
    label = models.CharField("Beleg", max_length=240)
    state = models.CharField("Zustand", max_length=7, choices=State.choices, default=State.WAITING)
    findings = models.JSONField("Gründe", default=list)
    code = models.CharField("Fehlercode", max_length=20, blank=True)

    class Meta:
        verbose_name = "Zeile eines Sammellaufs"
        verbose_name_plural = "Zeilen von Sammelläufen"
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "state", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["run", "invoice"], name="bulkrow_once_a_run")
        ]
        triggers = [
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="waiting")
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
            )
        ]

    def __str__(self) -> str:
        return self.label
