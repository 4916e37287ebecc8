"""The index of the write-once archive; the bytes are files named by their SHA-256."""

from django.conf import settings
from django.db import models

from workmate.immutable import append_only


class Document(models.Model):
    """An archived file. `key` says what it is for and makes archiving idempotent."""

    key = models.CharField("Schlüssel", max_length=200, unique=True)
    kind = models.CharField("Art", max_length=40)
    filename = models.CharField("Dateiname", max_length=200)
    media_type = models.CharField("Medientyp", max_length=100)
    size = models.PositiveBigIntegerField("Größe (Bytes)")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    created_at = models.DateTimeField("archiviert am", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="archiviert von"
    )

    class Meta:
        verbose_name = "archiviertes Dokument"
        verbose_name_plural = "archivierte Dokumente"
        ordering = ["-id"]
        permissions = [("erase_document", "Dateien nach der Aufbewahrung löschen")]
        triggers = append_only()

    def __str__(self) -> str:
        return self.filename
