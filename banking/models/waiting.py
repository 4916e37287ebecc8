"""A bank's file that nobody can read until a person has said what its columns hold."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from workmate.immutable import frozen, no_truncate


class WaitingFileQuerySet(models.QuerySet["WaitingFile"]):
    def open(self) -> "WaitingFileQuerySet":
        """Those that nobody has decided yet."""
        return self.filter(statement=None, discarded_at=None)


class WaitingFile(models.Model):
    """An archived file, once for its bytes, until it is read in or discarded.

    `account` is known where somebody chose it, `statement` is what came of it.
    """

    class Source(models.TextChoices):
        UPLOAD = "upload", "Hochgeladen"
        ARCHIVE = "archive", "Aus einem ZIP"
        FOLDER = "folder", "Überwachter Ordner"

    document = models.OneToOneField("workmate.Document", models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "banking.BankAccount", models.PROTECT, null=True, related_name="+", verbose_name="Konto"
    )
    source = models.CharField("Herkunft", max_length=7, choices=Source.choices)
    received_at = models.DateTimeField("eingegangen am", auto_now_add=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    statement = models.ForeignKey(
        "banking.StatementImport",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="Auszug",
    )
    discarded_at = models.DateTimeField("verworfen am", null=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField("Grund", max_length=200, blank=True, default="")

    objects = WaitingFileQuerySet.as_manager()

    class Meta:
        verbose_name = "wartende Bankdatei"
        verbose_name_plural = "wartende Bankdateien"
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(discarded_at=None, discarded_by=None, reason="")
                | Q(discarded_at__isnull=False, discarded_by__isnull=False) & ~Q(reason=""),
                name="waiting_file_discarded_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(statement=None) | Q(discarded_at=None),
                name="waiting_file_decided_once",
            ),
        ]
        triggers = [
            *frozen(
                "document",
                "source",
                "received_at",
                "received_by",
                once=pgtrigger.Q(old__id__gt=0),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.document.filename

    def get_absolute_url(self) -> str:
        """Where it is decided, or what came of it."""
        if self.statement is not None:
            return self.statement.get_absolute_url()
        return self.mapping_url

    @property
    def mapping_url(self) -> str:
        """The dialog for its columns."""
        place = f"?konto={self.account.money_account_id}" if self.account else ""
        return reverse("banking:mapping", args=[self.document_id]) + place

    @property
    def state(self) -> str:
        """What became of it: waiting, read or discarded."""
        if self.discarded_at is not None:
            return "discarded"
        return "waiting" if self.statement_id is None else "read"
