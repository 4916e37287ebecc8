"""Which column of an unknown CSV file holds what."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CsvMapping(models.Model):
    """The columns that a person has chosen for files with just this header."""

    class Amounts(models.TextChoices):
        GERMAN = "german", "1.234,56"
        ENGLISH = "english", "1,234.56"
        CENTS = "cents", "123456 (Cent)"

    class Days(models.TextChoices):
        DAY_FIRST = "day", "Tag zuerst oder JJJJ-MM-TT"
        MONTH_FIRST = "month", "Monat zuerst (MM/TT/JJJJ)"

    name = models.CharField("Bezeichnung", max_length=60)
    delimiter = models.CharField("Trennzeichen", max_length=1)
    header = models.JSONField("Spalten der Datei")
    digest = models.CharField("SHA-256 der Kopfzeile", max_length=64, unique=True)
    columns = models.JSONField("Zuordnung der Spalten")
    amounts = models.CharField(
        "Beträge", max_length=7, choices=Amounts.choices, default=Amounts.GERMAN
    )
    days = models.CharField("Datum", max_length=5, choices=Days.choices, default=Days.DAY_FIRST)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Spaltenzuordnung"
        verbose_name_plural = "Spaltenzuordnungen"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(delimiter=""), name="csv_mapping_delimiter")
        ]

    def __str__(self) -> str:
        return self.name
