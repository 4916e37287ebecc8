"""Discounts and surcharges on a whole document."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from invoicing.models.invoice import Invoice
from invoicing.models.line import frozen_with_invoice


class Adjustment(models.Model):
    """A discount (BG-20) or surcharge (BG-21), by percent or by amount in the currency of the
    document; without a tax case it is spread over all VAT groups."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="adjustments")
    position = models.PositiveSmallIntegerField("Pos.")
    is_charge = models.BooleanField("Zuschlag", default=False)
    reason = models.CharField("Grund", max_length=100, blank=True, help_text="BT-97, BT-104")
    percent = models.DecimalField(
        "Prozent",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    amount = models.DecimalField(
        "Betrag",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    tax_case = models.ForeignKey(
        "workmate.TaxCase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Steuerfall",
    )

    class Meta:
        verbose_name = "Rabatt oder Zuschlag"
        verbose_name_plural = "Rabatte und Zuschläge"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"],
                name="adjustment_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(amount=None), name="adjustment_percent_or_amount"
            ),
        ]
        triggers = frozen_with_invoice()

    def __str__(self) -> str:
        return self.reason or ("Zuschlag" if self.is_charge else "Rabatt")
