"""What the bank says happened on an account."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils.timezone import localtime

from workmate.immutable import append_only, frozen


class StatementImport(models.Model):
    """One file that was read: what was in it, what was new, whether its balance fits."""

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
    closing_balance = models.DecimalField("Endsaldo", max_digits=14, decimal_places=2, null=True)
    balance_check = models.CharField("Saldoprüfung", max_length=7, choices=BalanceCheck.choices)
    warnings = models.JSONField("Hinweise", default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("eingelesen am", auto_now_add=True)

    class Meta:
        verbose_name = "Kontoauszug"
        verbose_name_plural = "Kontoauszüge"
        ordering = ["-id"]
        permissions = [("import_statement", "Kontoauszüge einlesen")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.filename} vom {localtime(self.created_at):%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("banking:statement", args=[self.pk])


class TransactionQuerySet(models.QuerySet["Transaction"]):
    """Questions to what the bank says. A transaction of nothing needs no decision."""

    def booked(self) -> "TransactionQuerySet":
        return self.filter(status=Transaction.Status.BOOKED)

    def matched(self) -> "TransactionQuerySet":
        return self.filter(Exists(_live_match()))

    def dismissed(self) -> "TransactionQuerySet":
        return self.filter(dismissal__isnull=False)

    def open(self) -> "TransactionQuerySet":
        """What waits for a decision."""
        return (
            self.booked().exclude(amount=0).filter(~Exists(_live_match()), dismissal__isnull=True)
        )

    def with_state(self) -> "TransactionQuerySet":
        """With `state`: pending, matched, dismissed, nothing or open."""
        return self.annotate(
            state=Case(
                When(status=Transaction.Status.PENDING, then=Value("pending")),
                When(Exists(_live_match()), then=Value("matched")),
                When(dismissal__isnull=False, then=Value("dismissed")),
                When(amount=0, then=Value("nothing")),
                default=Value("open"),
            )
        )


def _live_match() -> models.QuerySet[models.Model]:
    matches: Any = apps.get_model("banking.Match").objects
    return matches.live().filter(transaction=OuterRef("pk"))


class Transaction(models.Model):
    """One booking of the bank; positive came in, negative went out. Booked rows never change.

    `fingerprint` and `occurrence` say which real booking this is: identical bookings of one day
    are told apart by counting them.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "vorgemerkt"
        BOOKED = "booked", "gebucht"

    account = models.ForeignKey("banking.BankAccount", models.PROTECT, related_name="transactions")
    statement = models.ForeignKey(StatementImport, models.PROTECT, related_name="transactions")
    status = models.CharField("Stand", max_length=7, choices=Status.choices)
    booked_on = models.DateField("Buchungstag")
    value_on = models.DateField("Wertstellung", null=True)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3, default="EUR")
    counterparty_name = models.CharField("Auftraggeber/Empfänger", max_length=200, blank=True)
    counterparty_iban = models.CharField("IBAN", max_length=34, blank=True)
    counterparty_bic = models.CharField("BIC", max_length=11, blank=True)
    purpose = models.TextField("Verwendungszweck", blank=True)
    end_to_end_id = models.CharField("End-to-End-Referenz", max_length=70, blank=True)
    mandate = models.CharField("Mandatsreferenz", max_length=70, blank=True)
    creditor_id = models.CharField("Gläubiger-ID", max_length=40, blank=True)
    bank_reference = models.CharField("Bankreferenz", max_length=70, blank=True)
    booking_text = models.CharField("Buchungstext", max_length=140, blank=True)
    balance_after = models.DecimalField("Saldo danach", max_digits=14, decimal_places=2, null=True)
    line = models.PositiveIntegerField("Zeile", default=0)
    raw = models.JSONField("Inhalt der Zeile", default=list)
    fingerprint = models.CharField(max_length=64)
    occurrence = models.PositiveIntegerField(default=1)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = "Umsatz"
        verbose_name_plural = "Umsätze"
        ordering = ["-booked_on", "-id"]
        permissions = [("reconcile_transaction", "Umsätze zuordnen")]
        indexes = [
            models.Index(fields=["account", "booked_on", "id"]),
            models.Index(fields=["booked_on", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "status", "fingerprint", "occurrence"],
                name="transaction_once",
            ),
        ]
        triggers = frozen(
            "account",
            "status",
            "booked_on",
            "value_on",
            "amount",
            "currency",
            "counterparty_name",
            "counterparty_iban",
            "counterparty_bic",
            "purpose",
            "end_to_end_id",
            "mandate",
            "creditor_id",
            "bank_reference",
            "booking_text",
            "balance_after",
            "statement",
            "line",
            "fingerprint",
            "occurrence",
            "raw",
            once=pgtrigger.Q(old__status="booked"),
        )

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.counterparty_name}"

    def get_absolute_url(self) -> str:
        return reverse("banking:transaction", args=[self.pk])
