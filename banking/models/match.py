"""What became of a transaction: matched with open items, or set aside."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Match(models.Model):
    """A transaction made exactly one payment. Undoing reverses it and keeps this row."""

    transaction = models.ForeignKey("banking.Transaction", models.PROTECT, related_name="matches")
    payment = models.OneToOneField("payments.Payment", models.PROTECT, related_name="match")
    automatic = models.BooleanField("automatisch")
    score = models.PositiveSmallIntegerField("Punkte (0 bis 100)")
    reasons = models.JSONField("Gründe", default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("zugeordnet am", auto_now_add=True)
    undone_at = models.DateTimeField("aufgehoben am", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "Zuordnung"
        verbose_name_plural = "Zuordnungen"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["transaction"], condition=Q(undone_at=None), name="match_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transaction} ({self.score})"


class Dismissal(models.Model):
    """That a transaction needs no payment: private withdrawal, own transfer, bank fee."""

    transaction = models.OneToOneField(
        "banking.Transaction", models.PROTECT, related_name="dismissal"
    )
    reason = models.CharField("Grund", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("am", auto_now_add=True)

    class Meta:
        verbose_name = "ausgeschiedener Umsatz"
        verbose_name_plural = "ausgeschiedene Umsätze"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.reason
