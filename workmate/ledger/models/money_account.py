"""Where money lies."""

import pgtrigger
from django.db import models
from django.db.models import Q

from workmate.ledger.models.account import Account


class MoneyAccountQuerySet(models.QuerySet["MoneyAccount"]):
    """Questions to the places where money lies."""

    def with_statements(self) -> "MoneyAccountQuerySet":
        """Those that a bank sends statements of, and that are in use."""
        return self.filter(kind__in=MoneyAccount.STATED, is_active=True)


UNUSED = """
    IF EXISTS (SELECT 1 FROM workmate_line WHERE account_id = OLD.account_id) THEN
        RAISE EXCEPTION 'money account % has postings, its account and currency stay', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class MoneyAccount(models.Model):
    """Where money lies: a bank account, a cash box, a card, money in transit."""

    class Kind(models.TextChoices):
        BANK = "bank", "Girokonto"
        SAVINGS = "savings", "Sparkonto"
        CASH = "cash", "Kasse"
        CARD = "card", "Kreditkartenkonto"
        TRANSIT = "transit", "Geldtransit"

    STATED = (Kind.BANK, Kind.SAVINGS, Kind.CARD)  # those that a bank sends statements of

    name = models.CharField("Bezeichnung", max_length=100)
    kind = models.CharField("Art", max_length=7, choices=Kind.choices, default=Kind.BANK)
    holder = models.CharField("Kontoinhaber", max_length=150, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bank_name = models.CharField("Bank", max_length=150, blank=True)
    currency = models.CharField("Währung", max_length=3, default="EUR")
    account = models.OneToOneField(Account, models.PROTECT, verbose_name="Sachkonto")
    on_invoices = models.BooleanField("auf Rechnungen angeben", default=False)
    is_active = models.BooleanField("aktiv", default=True)
    # Of a cash box: nothing is booked on this day or before it any more.
    closed_until = models.DateField("abgeschlossen bis", null=True, editable=False)

    objects = MoneyAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Geldkonto"
        verbose_name_plural = "Geldkonten"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["iban"],
                condition=~Q(iban=""),
                name="money_account_iban_once",
                violation_error_message="Ein Konto mit dieser IBAN gibt es schon.",
            ),
            models.UniqueConstraint(
                fields=["on_invoices"],
                condition=Q(on_invoices=True),
                name="money_account_one_on_invoices",
                violation_error_message="Ein anderes Konto steht schon auf den Rechnungen.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="used",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange("currency", "account"),
                func=UNUSED,
            ),
            pgtrigger.Protect(
                name="closed_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__closed_until__lt=pgtrigger.F("old__closed_until"))
                | pgtrigger.Q(old__closed_until__isnull=False, new__closed_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
