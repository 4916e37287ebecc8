"""What the bank says happened on an account."""

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


class TransactionQuerySet(models.QuerySet["Transaction"]):
    """Questions to what the bank says. A transaction of nothing needs no decision."""

    def booked(self) -> "TransactionQuerySet":
        return self.filter(status=Transaction.Status.BOOKED)

    def matched(self) -> "TransactionQuerySet":
        return self.filter(state=Transaction.State.MATCHED)

    def dismissed(self) -> "TransactionQuerySet":
        return self.filter(state=Transaction.State.DISMISSED)

    def open(self) -> "TransactionQuerySet":
        """What waits for a decision."""
        return self.filter(state=Transaction.State.OPEN)


# Follows from the row, its matches and its dismissal; nobody can set anything else. What changes
# those touches the row: see `Match`, `Dismissal` and the migration about reversals.
FIND_STATE = """
    NEW.state := CASE
        WHEN NEW.status = 'pending' THEN 'pending'
        WHEN TG_OP = 'UPDATE' AND EXISTS (
            SELECT 1 FROM banking_match match
             WHERE match.transaction_id = NEW.id AND match.undone_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM payments_reversal reversal
                                WHERE reversal.payment_id = match.payment_id)) THEN 'matched'
        WHEN TG_OP = 'UPDATE' AND EXISTS (
            SELECT 1 FROM banking_dismissal WHERE transaction_id = NEW.id) THEN 'dismissed'
        WHEN NEW.amount = 0 THEN 'nothing'
        ELSE 'open' END;
    RETURN NEW;
"""
# A booked row goes only with its import, and that says first that it is taken back.
KEPT = """
    IF NOT EXISTS (SELECT 1 FROM banking_statementimport
                    WHERE id = OLD.statement_id AND undone_at IS NOT NULL) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
"""
TOUCH = """
    UPDATE banking_transaction SET state = state
     WHERE id = coalesce(NEW.transaction_id, OLD.transaction_id);
    RETURN NULL;
"""


def touches_transaction() -> pgtrigger.Trigger:
    """Whatever happens to a row of this table, its transaction finds its state anew."""
    return pgtrigger.Trigger(
        name="touches",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.After,
        func=TOUCH,
    )


class Transaction(models.Model):
    """One booking of the bank; positive came in, negative went out. Booked rows never change.

    `fingerprint` and `occurrence` say which real booking this is: identical bookings of one day
    are told apart by counting them.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "vorgemerkt"
        BOOKED = "booked", "gebucht"

    class State(models.TextChoices):
        PENDING = "pending", "vorgemerkt"
        OPEN = "open", "offen"
        MATCHED = "matched", "zugeordnet"
        DISMISSED = "dismissed", "ausgeschieden"
        NOTHING = "nothing", "ohne Betrag"

    account = models.ForeignKey("banking.BankAccount", models.PROTECT, related_name="transactions")
    statement = models.ForeignKey(StatementImport, models.PROTECT, related_name="transactions")
    status = models.CharField("Stand", max_length=7, choices=Status.choices)
    state = models.CharField(
        "Zuordnung", max_length=9, choices=State.choices, default=State.OPEN, editable=False
    )
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
    fee = models.DecimalField("darin Entgelt", max_digits=14, decimal_places=2, default=0)
    original_amount = models.DecimalField(
        "ursprünglicher Betrag", max_digits=14, decimal_places=2, null=True
    )
    original_currency = models.CharField("ursprüngliche Währung", max_length=3, blank=True)
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
            models.Index(
                fields=["state", "account", "booked_on", "id"],
                name="transaction_waiting",
                condition=models.Q(state__in=["open", "pending"]),
            ),
            models.Index(
                fields=["counterparty_iban"],
                name="transaction_payer",
                condition=~models.Q(counterparty_iban=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "status", "fingerprint", "occurrence"],
                name="transaction_once",
            ),
        ]
        triggers = [
            *frozen(
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
                "fee",
                "original_amount",
                "original_currency",
                "statement",
                "line",
                "fingerprint",
                "occurrence",
                "raw",
                once=pgtrigger.Q(old__status="booked"),
            )[:1],
            pgtrigger.Trigger(
                name="kept",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__status="booked"),
                func=KEPT,
            ),
            pgtrigger.Trigger(
                name="find_state",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=FIND_STATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.counterparty_name}"

    def get_absolute_url(self) -> str:
        return reverse("banking:transaction", args=[self.pk])
