"""What is kept beyond its legal time, and what was erased after it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from workmate.immutable import append_only


class RetentionHold(models.Model):
    """A calendar year whose records stay, although their time is over (§ 147 (3) sentence 5 AO)."""

    year = models.PositiveSmallIntegerField(
        "Kalenderjahr", validators=[MinValueValidator(2000), MaxValueValidator(2999)]
    )
    reason = models.CharField("Grund", max_length=200)
    held_at = models.DateTimeField("seit", auto_now_add=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="von"
    )
    released_at = models.DateTimeField("aufgehoben am", null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "Löschsperre"
        verbose_name_plural = "Löschsperren"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=models.Q(released_at=None),
                name="retention_one_hold_a_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.reason}"


class Erasure(models.Model):
    """The protocol of an erased file: its row stays with name, hash and date, the bytes go."""

    document = models.OneToOneField(
        "workmate.Document", models.PROTECT, related_name="erasure", verbose_name="Dokument"
    )
    basis = models.CharField("Grundlage", max_length=200)
    kept_until = models.DateField("aufbewahrt bis")
    erased_at = models.DateTimeField("gelöscht am", auto_now_add=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="von"
    )

    class Meta:
        verbose_name = "gelöschte Datei"
        verbose_name_plural = "gelöschte Dateien"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.document)
