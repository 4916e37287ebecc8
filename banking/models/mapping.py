"""Which column of a CSV file that no known format fits holds what."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CsvMapping(models.Model):
    """The columns that a person has chosen for files of an account with just this header.

    `inferred` ones nobody has chosen: the running balances of the first file proved them.

    Mappings from before 2026-11-26 have no account and hold for every one. Without a header
    `header` names the columns by number, and `skip` lines stand above the first booking.
    """

    class Amounts(models.TextChoices):
        GERMAN = "german", "1.234,56"
        ENGLISH = "english", "1,234.56"
        CENTS = "cents", "123456 (Cent)"

    class Days(models.TextChoices):
        DAY_FIRST = "day", "Tag zuerst oder JJJJ-MM-TT"
        MONTH_FIRST = "month", "Monat zuerst (MM/TT/JJJJ)"

    class Encodings(models.TextChoices):
        TOLD = "", "automatisch erkannt"
        UTF_8 = "utf-8", "UTF-8"
        WINDOWS = "cp1252", "Windows-1252"
        LATIN_9 = "iso-8859-15", "ISO-8859-15"
        DOS = "cp850", "DOS (CP 850)"
        MAC = "mac-roman", "Mac Roman"

    account = models.ForeignKey(
        "BankAccount", models.PROTECT, related_name="+", null=True, verbose_name="Konto"
    )
    name = models.CharField("Bezeichnung", max_length=60)
    delimiter = models.CharField("Trennzeichen", max_length=1)
    header = models.JSONField("Spalten der Datei")
    digest = models.CharField("SHA-256 der Kopfzeile", max_length=64)
    has_header = models.BooleanField("mit Überschriften", default=True)
    skip = models.PositiveSmallIntegerField("Zeilen vor der Tabelle", default=0)
    encoding = models.CharField(
        "Zeichensatz", max_length=11, choices=Encodings.choices, blank=True, default=""
    )
    columns = models.JSONField("Zuordnung der Spalten")
    amounts = models.CharField(
        "Beträge", max_length=7, choices=Amounts.choices, default=Amounts.GERMAN
    )
    days = models.CharField("Datum", max_length=5, choices=Days.choices, default=Days.DAY_FIRST)
    inferred = models.BooleanField("durch Salden belegt", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Spaltenzuordnung"
        verbose_name_plural = "Spaltenzuordnungen"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(delimiter=""), name="csv_mapping_delimiter"),
            models.UniqueConstraint(
                fields=["digest", "account"], name="csv_mapping_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name
