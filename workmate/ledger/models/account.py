"""Accounts of the chart that the company chose."""

import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

ZERO = Decimal("0.00")


class AccountQuerySet(models.QuerySet["Account"]):
    """Questions to the chart."""

    def balances(self, *, on: datetime.date, since: datetime.date | None = None) -> Any:
        """Each account with `debit`, `credit` (both positive) and `balance` in EUR up to `on`."""
        span = Q(lines__booked_on__lte=on)
        if since is not None:
            span &= Q(lines__booked_on__gte=since)
        return self.annotate(
            debit=Coalesce(Sum("lines__amount", filter=span & Q(lines__amount__gt=0)), ZERO),
            credit=Coalesce(-Sum("lines__amount", filter=span & Q(lines__amount__lt=0)), ZERO),
            balance=Coalesce(Sum("lines__amount", filter=span), ZERO),
        )

    def revenue(self) -> "AccountQuerySet":
        """Where sales can go; what the books use by themselves is left out."""
        return self.filter(kind=Account.Kind.REVENUE, purpose="", is_active=True)

    def for_bank(self) -> "AccountQuerySet":
        """Where a booking of the bank can go that has no document and no VAT: fees, interest, tax.

        Money accounts, accounts of VAT and those that the books use by themselves are left out.
        """
        return self.filter(
            purpose__in=("", "fees"),
            is_active=True,
            datev_automatic=False,
            vat_code="",
            moneyaccount=None,
        ).exclude(Q(kind=Account.Kind.OPENING) | Q(name__startswith="Umsatzsteuer "))


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

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=~Q(purpose=""), name="account_purpose_once"
            )
        ]
        triggers = [
            # Entries name an account by its row; another number would re-label the past.
            pgtrigger.Protect(
                name="identity",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("number", "kind", "purpose"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
