"""What the bank says happened on an account."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from banking.models.statement import StatementImport
from workmate.immutable import frozen


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
    IF TG_OP = 'UPDATE' AND NEW.replaced_by_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM banking_dismissal WHERE transaction_id = NEW.id)
        OR EXISTS (SELECT 1 FROM banking_match match
                    WHERE match.transaction_id = NEW.id AND match.undone_at IS NULL
                      AND NOT EXISTS (SELECT 1 FROM payments_reversal reversal
                                       WHERE reversal.payment_id = match.payment_id))) THEN
        RAISE EXCEPTION 'pgtrigger: what was decided is not replaced: %', NEW.id;
    END IF;
    NEW.state := CASE
        WHEN NEW.status = 'pending' THEN 'pending'
        WHEN NEW.reverses_id IS NOT NULL THEN 'reversed'
        WHEN NEW.replaced_by_id IS NOT NULL THEN 'replaced'
        WHEN TG_OP = 'UPDATE' AND NEW.statement_id IS NULL AND EXISTS (
            SELECT 1 FROM banking_transaction back WHERE back.reverses_id = NEW.id) THEN 'reversed'
        WHEN TG_OP = 'UPDATE' AND EXISTS (
            SELECT 1 FROM banking_match match
             WHERE match.transaction_id = NEW.id AND match.undone_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM payments_reversal reversal
                                WHERE reversal.payment_id = match.payment_id)) THEN 'matched'
        WHEN TG_OP = 'UPDATE' AND EXISTS (
            SELECT 1 FROM banking_dismissal WHERE transaction_id = NEW.id) THEN 'dismissed'
        WHEN NEW.amount = 0 THEN 'nothing'
        ELSE 'open' END;
    IF NEW.kind = '' THEN
        NEW.kind := CASE WHEN NEW.amount < 0 THEN 'expense' ELSE 'income' END;
    END IF;
    RETURN NEW;
"""
# What replaced it stands until that import says that it is taken back.
STAYS_REPLACED = """
    IF NOT EXISTS (SELECT 1 FROM banking_statementimport
                    WHERE id = OLD.replaced_by_id AND undone_at IS NOT NULL) THEN
        RAISE EXCEPTION 'pgtrigger: the import that replaced % stands', OLD.id;
    END IF;
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
REVERSE = """
    UPDATE banking_transaction SET state = state WHERE id = NEW.reverses_id;
    RETURN NULL;
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

    It comes from a statement, or somebody entered it by hand and can take it back by another one.
    `kind` and `category` sort it for people; nothing in the books follows from them.
    `fingerprint` and `occurrence` say which real booking this is: identical bookings of one day
    are told apart by counting them. `batch` says which collective booking it is or is a part of;
    an import that brings the parts of one takes its place (`replaced_by`).
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
        REVERSED = "reversed", "storniert"
        REPLACED = "replaced", "ersetzt"

    class Kind(models.TextChoices):
        INCOME = "income", "Einnahme"
        EXPENSE = "expense", "Ausgabe"
        TRANSFER = "transfer", "Umbuchung"
        FEE = "fee", "Gebühr"
        INTEREST = "interest", "Zinsen"

    account = models.ForeignKey("banking.BankAccount", models.PROTECT, related_name="transactions")
    statement = models.ForeignKey(
        StatementImport, models.PROTECT, null=True, related_name="transactions"
    )
    status = models.CharField("Stand", max_length=7, choices=Status.choices)
    state = models.CharField(
        "Zuordnung", max_length=9, choices=State.choices, default=State.OPEN, editable=False
    )
    kind = models.CharField(
        "Typ", max_length=8, choices=Kind.choices, blank=True, default="", editable=False
    )
    category = models.ForeignKey(
        "banking.Category", models.PROTECT, null=True, editable=False, verbose_name="Kategorie"
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
    batch = models.JSONField("Sammelbuchung", null=True, editable=False)
    replaced_by = models.ForeignKey(
        StatementImport,
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,  # nearly always empty: transaction_batch finds the others
        related_name="replacing",
        verbose_name="ersetzt durch",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="erfasst von",
    )
    entered_at = models.DateTimeField("erfasst am", null=True, editable=False)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="reversed_by",
        verbose_name="storniert",
    )

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = "Umsatz"
        verbose_name_plural = "Umsätze"
        ordering = ["-booked_on", "-id"]
        permissions = [("reconcile_transaction", "Umsätze zuordnen")]
        indexes = [
            # With what is added up, so that sums over years do not read the rows.
            models.Index(
                fields=["account", "booked_on", "id"],
                include=["amount", "currency", "status", "state"],
                name="transaction_sums",
            ),
            models.Index(fields=["booked_on", "id"]),
            models.Index(
                fields=["state", "account", "booked_on", "id"],
                name="transaction_waiting",
                condition=models.Q(state__in=["open", "pending"]),
            ),
            models.Index(
                fields=["state", "booked_on", "id"],
                name="transaction_decided",
                condition=models.Q(state__in=["matched", "dismissed", "reversed", "replaced"]),
            ),
            models.Index(
                fields=["counterparty_iban"],
                name="transaction_payer",
                condition=~models.Q(counterparty_iban=""),
            ),
            models.Index(
                fields=["kind", "booked_on", "id"],
                name="transaction_special",
                condition=models.Q(kind__in=["transfer", "fee", "interest"]),
            ),
            models.Index(
                fields=["account", "booked_on"],
                name="transaction_batch",
                condition=models.Q(batch__isnull=False) | models.Q(replaced_by__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "status", "fingerprint", "occurrence"],
                name="transaction_once",
            ),
            models.CheckConstraint(
                condition=Q(statement__isnull=False, entered_by=None, entered_at=None)
                | Q(statement=None, entered_by__isnull=False, entered_at__isnull=False),
                name="transaction_read_or_entered",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(statement=None),
                name="transaction_reversed_by_hand",
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
                "entered_by",
                "entered_at",
                "reverses",
                once=pgtrigger.Q(old__status="booked"),
            )[:1],
            pgtrigger.Protect(
                name="batch_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__batch__isnull=False)
                & pgtrigger.Q(old__batch__df=pgtrigger.F("new__batch")),
            ),
            pgtrigger.Trigger(
                name="stays_replaced",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__replaced_by__isnull=False)
                & pgtrigger.Q(old__replaced_by__df=pgtrigger.F("new__replaced_by")),
                func=STAYS_REPLACED,
            ),
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
            pgtrigger.Trigger(
                name="reverse",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__reverses__isnull=False),
                func=REVERSE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.counterparty_name}"

    def get_absolute_url(self) -> str:
        return reverse("banking:transaction", args=[self.pk])
