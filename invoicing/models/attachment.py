"""Files that travel inside an e-invoice."""

from django.db import models

from invoicing.models.invoice import Invoice
from invoicing.models.line import frozen_with_invoice


class Attachment(models.Model):
    """A supporting document (BG-24): a timesheet, a drawing; its bytes lie in the archive."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="attachments")
    file = models.ForeignKey("workmate.Document", models.PROTECT, related_name="+")
    description = models.CharField("Beschreibung", max_length=100, blank=True, help_text="BT-123")

    class Meta:
        verbose_name = "Anlage"
        verbose_name_plural = "Anlagen"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "file"], name="attachment_once"),
        ]
        triggers = frozen_with_invoice()

    def __str__(self) -> str:
        return self.description or self.file.filename
