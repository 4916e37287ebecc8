"""The journal and what it is kept in: accounts, tax cases, periods, entries, open items.

Amounts are EUR with two decimals. Debit is positive, credit is negative. The database keeps the
promises: an entry balances, nothing is changed or deleted, nothing is posted into a locked
period, `outstanding` equals the sum of the lines.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workmate.immutable import append_only, no_truncate

BALANCED = """
    IF (SELECT count(*) < 2 OR sum(amount) <> 0 FROM workmate_line WHERE entry_id = {entry}) THEN
        RAISE EXCEPTION 'entry % does not balance', {entry} USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
# Posting holds the lock shared, locking a period holds it alone: no entry slips in between.
PERIOD_OPEN = """
    PERFORM pg_advisory_xact_lock_shared(4712);
    IF EXISTS (SELECT 1 FROM workmate_period
                WHERE locked_at IS NOT NULL AND NEW.booked_on BETWEEN start AND "end") THEN
        RAISE EXCEPTION 'period of % is locked', NEW.booked_on USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
CACHE_OUTSTANDING = """
    UPDATE workmate_openitem SET outstanding = outstanding + NEW.currency_amount
     WHERE id = NEW.open_item_id AND currency = NEW.currency;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'line in % does not fit open item %', NEW.currency, NEW.open_item_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
ONLY_BY_LINES = """
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'outstanding is the sum of lines and cannot be set'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Account(models.Model):
    """An account of the chosen chart (SKR03 or SKR04)."""

    class Kind(models.TextChoices):
        ASSET = "asset", "Aktiva"
        LIABILITY = "liability", "Passiva"
        EQUITY = "equity", "Eigenkapital"
        REVENUE = "revenue", "Ertrag"
        EXPENSE = "expense", "Aufwand"
        OPENING = "opening", "Vortrag"

    number = models.CharField("Konto", max_length=8, unique=True)
    name = models.CharField("Bezeichnung", max_length=120)
    kind = models.CharField("Art", max_length=9, choices=Kind.choices)
    purpose = models.CharField("Verwendung", max_length=30, blank=True)
    datev_automatic = models.BooleanField("Automatikkonto", default=False)
    datev_key = models.CharField("BU-Schlüssel", max_length=4, blank=True)
    vat_code = models.CharField("UStVA-Kennzahl", max_length=4, blank=True)
    is_active = models.BooleanField("aktiv", default=True)

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=~Q(purpose=""), name="account_purpose_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TaxCaseQuerySet(models.QuerySet["TaxCase"]):
    def on(self, day: object) -> "TaxCaseQuerySet":
        """The cases in force on that day of supply."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class TaxCase(models.Model):
    """How one kind of supply is taxed: dated rule data, never a literal in code."""

    code = models.CharField("Kürzel", max_length=20)
    name = models.CharField("Bezeichnung", max_length=120)
    category = models.CharField("Kategorie (BT-151)", max_length=2)
    rate = models.DecimalField("Steuersatz (%)", max_digits=5, decimal_places=2)
    reason = models.CharField("Befreiungsgrund (BT-120)", max_length=200, blank=True)
    reason_code = models.CharField("VATEX-Code (BT-121)", max_length=30, blank=True)
    explanation = models.TextField("Erläuterung", blank=True)
    source = models.CharField("Rechtsgrundlage", max_length=120)
    vat_code_base = models.CharField("Kennzahl Bemessung", max_length=4, blank=True)
    vat_code_tax = models.CharField("Kennzahl Steuer", max_length=4, blank=True)
    revenue_skr03 = models.CharField("Erlöskonto SKR03", max_length=8)
    revenue_skr04 = models.CharField("Erlöskonto SKR04", max_length=8)
    tax_skr03 = models.CharField("Steuerkonto SKR03", max_length=8, blank=True)
    tax_skr04 = models.CharField("Steuerkonto SKR04", max_length=8, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)
    valid_from = models.DateField("gültig ab")
    valid_to = models.DateField("gültig bis", null=True, blank=True)

    objects = TaxCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "Steuerfall"
        verbose_name_plural = "Steuerfälle"
        ordering = ["position", "code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="taxcase_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A month of the books, both ends included; once locked nothing is posted into it."""

    start = models.DateField("von", unique=True)
    end = models.DateField("bis")
    locked_at = models.DateTimeField("gesperrt am", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Buchungsperiode"
        verbose_name_plural = "Buchungsperioden"
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="period_in_order"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="alone",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="PERFORM pg_advisory_xact_lock(4712); RETURN NEW;",
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.start:%m/%Y}"


class MoneyAccount(models.Model):
    """Where money lies: a bank account, a cash box, a card, money in transit."""

    class Kind(models.TextChoices):
        BANK = "bank", "Bankkonto"
        CASH = "cash", "Kasse"
        CARD = "card", "Karte"
        TRANSIT = "transit", "Geldtransit"

    name = models.CharField("Bezeichnung", max_length=100)
    kind = models.CharField("Art", max_length=7, choices=Kind.choices, default=Kind.BANK)
    holder = models.CharField("Kontoinhaber", max_length=150, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bank_name = models.CharField("Bank", max_length=150, blank=True)
    currency = models.CharField("Währung", max_length=3, default="EUR")
    account = models.ForeignKey(Account, models.PROTECT, verbose_name="Sachkonto")
    on_invoices = models.BooleanField("auf Rechnungen angeben", default=False)
    is_active = models.BooleanField("aktiv", default=True)

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
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """A debtor or creditor in the sub-ledger; customers and suppliers each have one."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Debitor"
        SUPPLIER = "supplier", "Kreditor"

    kind = models.CharField("Art", max_length=8, choices=Kind.choices)
    number = models.CharField("Personenkonto", max_length=9, unique=True)
    name = models.CharField("Name", max_length=200)

    class Meta:
        verbose_name = "Personenkonto"
        verbose_name_plural = "Personenkonten"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Entry(models.Model):
    """One posting: what an act did to the books. `source` makes it happen once."""

    act = models.CharField("Vorgang", max_length=60)
    booked_on = models.DateField("Buchungstag")
    document_number = models.CharField("Beleg", max_length=60, blank=True)
    text = models.CharField("Buchungstext", max_length=200, blank=True)
    source = models.CharField("Quelle", max_length=120, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Buchung"
        verbose_name_plural = "Journal"
        ordering = ["-booked_on", "-id"]
        indexes = [models.Index(fields=["booked_on", "id"])]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="period_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=PERIOD_OPEN,
            ),
            pgtrigger.Trigger(
                name="balanced",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func=BALANCED.format(entry="NEW.id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.text or self.act}"


class OpenItem(models.Model):
    """A claim or a debt with its due date; what is owed is the sum of its lines.

    Receivables are positive, a customer's credit is a receivable below zero. `outstanding` is in
    `currency`, is kept by a trigger and cannot be set.
    """

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", "Forderung"
        PAYABLE = "payable", "Verbindlichkeit"

    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="open_items")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    document_number = models.CharField("Beleg", max_length=60, blank=True, db_index=True)
    document_date = models.DateField("Belegdatum")
    due_date = models.DateField("fällig am")
    currency = models.CharField("Währung", max_length=3, default="EUR")
    source = models.CharField("Quelle", max_length=120, unique=True)
    outstanding = models.DecimalField(
        "offen", max_digits=14, decimal_places=2, default=0, editable=False
    )

    class Meta:
        verbose_name = "offener Posten"
        verbose_name_plural = "offene Posten"
        ordering = ["due_date", "id"]
        indexes = [
            models.Index(
                fields=["due_date", "id"], name="openitem_open", condition=~Q(outstanding=0)
            ),
            models.Index(fields=["partner", "due_date"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_by_lines",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__outstanding__df=pgtrigger.F("new__outstanding")),
                func=ONLY_BY_LINES,
            ),
            pgtrigger.Protect(
                name="starts_at_zero",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__outstanding=0),
            ),
            pgtrigger.Protect(
                name="identity",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("kind", "partner", "account", "currency", "source"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.document_number or f"Guthaben {self.partner.name}"


class Line(models.Model):
    """One side of an entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount = models.DecimalField("Betrag (EUR)", max_digits=14, decimal_places=2)
    currency = models.CharField("Belegwährung", max_length=3, default="EUR")
    currency_amount = models.DecimalField("Betrag (Beleg)", max_digits=14, decimal_places=2)
    tax_case = models.ForeignKey(TaxCase, models.PROTECT, null=True, related_name="+")
    tax_base = models.DecimalField(
        "Bemessungsgrundlage (EUR)", max_digits=14, decimal_places=2, null=True
    )
    open_item = models.ForeignKey(OpenItem, models.PROTECT, null=True, related_name="lines")

    class Meta:
        verbose_name = "Buchungszeile"
        verbose_name_plural = "Buchungszeilen"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(currency="EUR") | Q(currency_amount=F("amount")),
                name="line_eur_is_eur",
            ),
        ]
        triggers: ClassVar = [
            *append_only(),
            pgtrigger.Trigger(
                name="balanced",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func=BALANCED.format(entry="NEW.entry_id"),
            ),
            pgtrigger.Trigger(
                name="cache_outstanding",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__open_item__isnull=False),
                func=CACHE_OUTSTANDING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account.number} {self.amount}"
