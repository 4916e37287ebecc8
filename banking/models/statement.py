"""A file of the bank that was read."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from workmate.immutable import frozen, no_truncate


class StatementImportQuerySet(models.QuerySet["StatementImport"]):
    def standing(self) -> "StatementImportQuerySet":
        """Those that nobody took back."""
        return self.filter(undone_at=None)


class StatementImport(models.Model):
    """One file that was read: what was in it, what was new, whether its balance fits.

    Taking it back deletes its bookings; this row and the file stay. `replaced` are the pending
    bookings that it ended, as they were.
    """

    class BalanceCheck(models.TextChoices):
        OK = "ok", "stimmt"
        DIFFERS = "differs", "weicht ab"
        ABSENT = "absent", "ohne Saldo"

    account = models.ForeignKey("banking.BankAccount", models.PROTECT, related_name="imports")
    document = models.ForeignKey("workmate.Document", models.PROTECT, related_name="+")
    format_key = models.CharField("Formatkürzel", max_length=40)
    format = models.CharField("Format", max_length=60)
    encoding = models.CharField("Zeichensatz", max_length=20)
    filename = models.CharField("Datei", max_length=200)
    read = models.PositiveIntegerField("gelesen")
    new = models.PositiveIntegerField("neu")
    known = models.PositiveIntegerField("bekannt")
    pending = models.PositiveIntegerField("vorgemerkt", default=0)
    skipped = models.JSONField("übersprungen", default=list)
    total = models.DecimalField("Summe", max_digits=14, decimal_places=2)
    first_on = models.DateField("von", null=True)
    last_on = models.DateField("bis", null=True)
    opening_balance = models.DecimalField(
        "Anfangssaldo", max_digits=14, decimal_places=2, null=True
    )
    closing_balance = models.DecimalField("Endsaldo", max_digits=14, decimal_places=2, null=True)
    closing_on = models.DateField("Endsaldo vom", null=True)
    balance_check = models.CharField("Saldoprüfung", max_length=7, choices=BalanceCheck.choices)
    warnings = models.JSONField("Hinweise", default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("eingelesen am", auto_now_add=True)
    replaced = models.JSONField(
        "ersetzte Vormerkungen", default=list, editable=False, encoder=DjangoJSONEncoder
    )
    undone_at = models.DateTimeField("zurückgenommen am", null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = StatementImportQuerySet.as_manager()

    class Meta:
        verbose_name = "Kontoauszug"
        verbose_name_plural = "Kontoauszüge"
        ordering = ["-id"]
        permissions = [("import_statement", "Kontoauszüge einlesen")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="statement_undone_by_somebody",
            ),
        ]
        triggers = [
            *frozen(
                "account",
                "document",
                "format_key",
                "format",
                "encoding",
                "filename",
                "read",
                "new",
                "known",
                "pending",
                "skipped",
                "total",
                "first_on",
                "last_on",
                "opening_balance",
                "closing_balance",
                "closing_on",
                "balance_check",
                "warnings",
                "created_by",
                "created_at",
                "replaced",
                once=pgtrigger.Q(old__id__gt=0),
            ),
            pgtrigger.Protect(
                name="undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.filename} vom {localtime(self.created_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("banking:statement", args=[self.pk])
