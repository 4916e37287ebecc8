"""The lines of drafts and documents."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from invoicing import validators
from invoicing.models.invoice import Invoice
from workmate.immutable import no_truncate

# Waits for whoever issues the invoice at this moment and then sees what came of it.
FROZEN_WITH_INVOICE = """
    PERFORM FROM invoicing_invoice WHERE id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.invoice_id END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.invoice_id END) FOR SHARE;
    IF EXISTS (SELECT FROM invoicing_invoice WHERE status = 'issued' AND id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.invoice_id END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.invoice_id END)) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot change lines of an issued invoice';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class InvoiceLine(models.Model):
    """A line (BG-25) of a draft; after issue the snapshot speaks and the line is frozen too."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("Pos.")
    product = models.ForeignKey(
        "invoicing.Product", models.PROTECT, null=True, blank=True, related_name="lines"
    )
    name = models.CharField("Bezeichnung", max_length=200, blank=True, help_text="BT-153")
    description = models.TextField("Beschreibung", max_length=1000, blank=True)
    quantity = models.DecimalField(
        "Menge", max_digits=12, decimal_places=4, null=True, blank=True, help_text="BT-129"
    )
    unit = models.CharField(
        "Einheit",
        max_length=3,
        default="C62",
        blank=True,
        validators=[validators.validate_unit],
        help_text="BT-130",
    )
    unit_price = models.DecimalField(
        "Einzelpreis netto",
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="BT-146",
    )
    discount_percent = models.DecimalField(
        "Rabatt (%)",
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    tax_case = models.ForeignKey(
        "workmate.TaxCase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Steuerfall",
    )
    net_amount = models.DecimalField(
        "Betrag netto", max_digits=14, decimal_places=2, default=0, editable=False
    )

    class Meta:
        verbose_name = "Position"
        verbose_name_plural = "Positionen"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"],
                name="line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_with_invoice",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=FROZEN_WITH_INVOICE,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
