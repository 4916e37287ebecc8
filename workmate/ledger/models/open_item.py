"""Claims and debts, and the persons who owe or are owed."""

import datetime
from decimal import Decimal

import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from workmate.immutable import no_truncate
from workmate.ledger.models.account import Account

ONLY_BY_LINES = """
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'outstanding is the sum of lines and cannot be set'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=2)


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


class OpenItemQuerySet(models.QuerySet["OpenItem"]):
    """Questions to what is owed. `outstanding` is now; `as_of` is any day."""

    def open(self) -> "OpenItemQuerySet":
        """What is not settled, credits included."""
        return self.exclude(outstanding=0)

    def receivables(self) -> "OpenItemQuerySet":
        return self.filter(kind=OpenItem.Kind.RECEIVABLE)

    def payables(self) -> "OpenItemQuerySet":
        return self.filter(kind=OpenItem.Kind.PAYABLE)

    def credits(self) -> "OpenItemQuerySet":
        """Receivables below zero: what customers have paid too much or got back."""
        return self.receivables().filter(outstanding__lt=0)

    def overdue(self, on: datetime.date) -> "OpenItemQuerySet":
        """What customers still owe although it was due before that day."""
        return self.receivables().filter(outstanding__gt=0, due_date__lt=on)

    def as_of(self, on: datetime.date) -> "OpenItemQuerySet":
        """With `balance` (document currency) and `balance_eur` as they were that day's evening."""
        lines = (
            apps.get_model("workmate.Line")
            .objects.filter(open_item=OuterRef("pk"), booked_on__lte=on)
            .order_by()
        )

        def total(field: str) -> Coalesce:
            per_item = lines.values("open_item").annotate(total=Sum(field)).values("total")
            return Coalesce(Subquery(per_item, output_field=MONEY), Decimal("0.00"))

        return self.annotate(balance=total("currency_amount"), balance_eur=total("amount"))

    def open_on(self, day: datetime.date) -> "OpenItemQuerySet":
        """What was open on the evening of that day, with `balance` and `balance_eur`.

        That is open still or was moved later: few of all, which is what makes it quick.
        """
        later = apps.get_model("workmate.Line").objects.filter(
            booked_on__gt=day, open_item__isnull=False
        )
        moved = Q(pk__in=later.order_by().values("open_item"))
        return self.filter(~Q(outstanding=0) | moved).as_of(day).exclude(balance=0)

    def owed_on(self, day: datetime.date, *, today: datetime.date) -> "OpenItemQuerySet":
        """What was open on the evening of `day`: `owed`, and the day itself as `asked`.

        Today and later it is what is open now, which an index knows.
        """
        if day >= today:
            rows = self.open().annotate(owed=F("outstanding"))
        else:
            rows = self.open_on(day).annotate(owed=F("balance"))
        return rows.annotate(asked=Value(day, output_field=models.DateField()))


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

    objects = OpenItemQuerySet.as_manager()

    class Meta:
        verbose_name = "offener Posten"
        verbose_name_plural = "offene Posten"
        ordering = ["due_date", "id"]
        indexes = [
            models.Index(
                fields=["due_date", "id"],
                name="openitem_open",
                condition=~Q(outstanding=0),
                include=["kind", "outstanding", "currency"],
            ),
            models.Index(fields=["id"], name="openitem_foreign", condition=~Q(currency="EUR")),
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
                condition=pgtrigger.AnyChange(
                    "kind",
                    "partner",
                    "account",
                    "document_number",
                    "document_date",
                    "currency",
                    "source",
                ),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.document_number or f"Guthaben {self.partner.name}"
