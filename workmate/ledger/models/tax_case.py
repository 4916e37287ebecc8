"""Tax cases: how a supply is taxed, as dated data."""

import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q


class TaxCaseQuerySet(models.QuerySet["TaxCase"]):
    """Questions to the rules."""

    def on(self, day: datetime.date) -> "TaxCaseQuerySet":
        """The cases in force on that day of supply."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class TaxCase(models.Model):
    """How one kind of supply is taxed: dated rule data, never a literal in code.

    Category and rate alone do not say enough: AE is § 13b at home and also a service to a business
    in the EU, with different codes in the VAT return.
    """

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
    counts_for_limit = models.BooleanField(
        "zählt zum Gesamtumsatz nach § 19 Abs. 2 UStG", default=True
    )
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
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="taxcase_in_order",
            ),
        ]
        triggers = [
            # A changed rate is a new row from a new date; old documents keep pointing at theirs.
            pgtrigger.Protect(
                name="rule_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "category", "rate", "valid_from"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
