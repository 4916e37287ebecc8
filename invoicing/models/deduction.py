"""Which advances a final invoice deducts."""

from django.db import models

from invoicing.models.invoice import Invoice
from invoicing.models.line import frozen_with_invoice


class Deduction(models.Model):
    """An advance that was chosen for the draft of a final invoice."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="deductions")
    advance = models.ForeignKey(
        Invoice, models.PROTECT, related_name="+", verbose_name="Abschlagsrechnung"
    )

    class Meta:
        verbose_name = "abgezogener Abschlag"
        verbose_name_plural = "abgezogene Abschläge"
        ordering = ["advance_id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "advance"], name="deduction_once")
        ]
        triggers = frozen_with_invoice()

    def __str__(self) -> str:
        return str(self.advance)
