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


def frozen_with_invoice() -> list[pgtrigger.Trigger]:
    """Triggers for the parts of a document: once it is issued, they stay as they are."""
    return [
        pgtrigger.Trigger(
            name="frozen_with_invoice",
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            func=FROZEN_WITH_INVOICE,
        ),
        no_truncate(),
    ]


class InvoiceLine(models.Model):
    """A line (BG-25) of a draft; after issue the snapshot speaks and the line is frozen too.

    A title or a text has words alone and no amount; it stands between the others.
    """

    class Kind(models.TextChoices):
        ITEM = "item", "Position"
        TITLE = "title", "Überschrift"
        TEXT = "text", "Text"

    kind = models.CharField("Art", max_length=5, choices=Kind.choices, default=Kind.ITEM)
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
        "Einzelpreis",
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
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
    )
    # Below zero it is a surcharge; by percent or by amount, never both.
    discount_amount = models.DecimalField("Rabatt", max_digits=14, decimal_places=2, default=0)
    period_start = models.DateField("Leistung von", null=True, blank=True, help_text="BT-134")
    period_end = models.DateField("Leistung bis", null=True, blank=True, help_text="BT-135")
    tax_case = models.ForeignKey(
        "workmate.TaxCase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Steuerfall",
    )
    # Of the product when it was chosen; empty: that of the tax case.
    revenue_account = models.CharField("Erlöskonto", max_length=8, blank=True, editable=False)
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
            models.CheckConstraint(
                condition=Q(discount_percent=0) | Q(discount_amount=0), name="line_one_discount"
            ),
        ]
        triggers = frozen_with_invoice()

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"

    @property
    def is_item(self) -> bool:
        """Whether it has an amount."""
        return self.kind == self.Kind.ITEM
