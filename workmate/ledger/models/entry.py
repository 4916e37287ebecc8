"""Entries and their lines: the journal."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from workmate.immutable import append_only
from workmate.ledger.models.account import Account
from workmate.ledger.models.open_item import OpenItem
from workmate.ledger.models.tax_case import TaxCase
from workmate.locks import Lock

# The entry says how many lines it has, so that none can be added once it is committed.
BALANCED = """
    SELECT count(*), sum(amount) INTO lines, total FROM workmate_line WHERE entry_id = NEW.id;
    IF lines <> NEW.line_count OR lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % lines, sum %', NEW.id, lines, total
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM workmate_line WHERE entry_id IN (NEW.id, NEW.reverses_id)
         GROUP BY account_id, open_item_id, tax_case_id, currency
        HAVING sum(amount) <> 0 OR sum(currency_amount) <> 0 OR sum(tax_base) <> 0) THEN
        RAISE EXCEPTION 'entry % is not the opposite of entry %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
# Posting holds the lock shared, locking a period holds it alone: no entry slips in between.
PERIOD_OPEN = """
    PERFORM pg_advisory_xact_lock_shared(LOCK);
    IF NEW.booked_on <= (SELECT max("end") FROM workmate_period WHERE locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'period of % is locked', NEW.booked_on USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
BELONGS = """
    SELECT * INTO entry FROM workmate_entry WHERE id = NEW.entry_id;
    IF NEW.position NOT BETWEEN 1 AND entry.line_count THEN
        RAISE EXCEPTION 'entry % has % lines and gets no other', entry.id, entry.line_count
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.open_item_id IS NULL AND EXISTS (
        SELECT 1 FROM workmate_account
         WHERE id = NEW.account_id AND purpose IN ('receivables', 'payables')) THEN
        RAISE EXCEPTION 'a line on a control account needs its open item'
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.booked_on := entry.booked_on;
    RETURN NEW;
"""
CACHE_OUTSTANDING = """
    UPDATE workmate_openitem SET outstanding = outstanding + NEW.currency_amount
     WHERE id = NEW.open_item_id AND currency = NEW.currency AND account_id = NEW.account_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'line in % does not fit open item %', NEW.currency, NEW.open_item_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
# A cash box holds what is in it: on no evening less than nothing, and closed days stay closed.
CASH_BOX = """
    SELECT * INTO box FROM workmate_moneyaccount
     WHERE account_id = NEW.account_id AND kind = 'cash' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF NEW.booked_on <= box.closed_until THEN
        RAISE EXCEPTION 'cash box % is closed until %', box.id, box.closed_until
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.amount < 0 AND EXISTS (
        SELECT 1 FROM (
            SELECT booked_on, sum(sum(amount)) OVER (ORDER BY booked_on) AS balance
              FROM workmate_line WHERE account_id = NEW.account_id GROUP BY booked_on) AS days
         WHERE booked_on >= NEW.booked_on AND balance < 0) THEN
        RAISE EXCEPTION 'cash box % would hold less than nothing', box.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class Entry(models.Model):
    """One posting: what an act did to the books. `source` makes it happen once."""

    act = models.CharField("Vorgang", max_length=60)
    booked_on = models.DateField("Buchungstag")
    document_number = models.CharField("Beleg", max_length=60, blank=True)
    text = models.CharField("Buchungstext", max_length=200, blank=True)
    source = models.CharField("Quelle", max_length=120, unique=True)
    line_count = models.PositiveIntegerField("Zeilen")
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
                func=PERIOD_OPEN.replace("LOCK", str(Lock.PERIODS)),
            ),
            pgtrigger.Trigger(
                name="balanced",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("lines", "bigint"), ("total", "numeric")],
                func=BALANCED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on:%d.%m.%Y} {self.text or self.act}"


class Line(models.Model):
    """One side of an entry. `booked_on` is the entry's, set by the database, for sums by date."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField("Zeile")
    booked_on = models.DateField("Buchungstag", editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines", db_index=False)
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
        ordering = ["entry_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="entry_line_once"),
            models.CheckConstraint(
                condition=~Q(currency="EUR") | Q(currency_amount=F("amount")),
                name="line_eur_is_eur",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, currency_amount__gte=0)
                | Q(amount__lte=0, currency_amount__lte=0),
                name="line_one_side",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "booked_on"], include=["amount"], name="line_account_day"
            ),
        ]
        triggers: ClassVar = [
            *append_only(),
            pgtrigger.Trigger(
                name="belongs",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("entry", "workmate_entry%ROWTYPE")],
                func=BELONGS,
            ),
            pgtrigger.Trigger(
                name="cache_outstanding",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__open_item__isnull=False),
                func=CACHE_OUTSTANDING,
            ),
            pgtrigger.Trigger(
                name="cash_box",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__open_item__isnull=True, new__tax_case__isnull=True),
                declare=[("box", "workmate_moneyaccount%ROWTYPE")],
                func=CASH_BOX,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account.number} {self.amount}"

    @property
    def credit(self) -> Decimal:
        """The amount as it stands in the credit column."""
        return -self.amount
