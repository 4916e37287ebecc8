"""Drafts that were deleted and can come back for a while."""

from django.conf import settings
from django.db import models


class DeletedDraft(models.Model):
    """What a deleted draft said; after `invoicing.restoring.KEPT` it is forgotten."""

    content = models.JSONField("Inhalt")
    customer = models.ForeignKey(
        "invoicing.Customer",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="Kunde",
    )
    gross_total = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gelöscht von"
    )
    deleted_at = models.DateTimeField("gelöscht am", auto_now_add=True)

    class Meta:
        verbose_name = "gelöschter Entwurf"
        verbose_name_plural = "gelöschte Entwürfe"
        ordering = ["-deleted_at", "-id"]
        indexes = [models.Index(fields=["deleted_at", "id"])]

    def __str__(self) -> str:
        return f"Entwurf für {self.customer}" if self.customer else "Entwurf ohne Kunden"
