"""The paper that documents are printed on, and the texts they usually have."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from invoicing import letter
from invoicing.models.customer import Customer
from invoicing.validators import validate_accent

FOOTER_LINES = 5
FOOTER_WIDTH = 44  # characters that fit into a line of a column


class Letterhead(models.Model):
    """How documents look from now on; issued ones keep the looks of their day. There is one."""

    class Side(models.TextChoices):
        RIGHT = letter.Side.RIGHT.value, "rechts"
        LEFT = letter.Side.LEFT.value, "links"

    class Font(models.TextChoices):
        SANS = letter.Font.SANS.value, "Noto Sans (ohne Serifen)"
        SERIF = letter.Font.SERIF.value, "Noto Serif (mit Serifen)"

    logo_side = models.CharField("Logo", max_length=5, choices=Side.choices, default=Side.RIGHT)
    accent = models.CharField(
        "Akzentfarbe", max_length=7, default="#0b4f5c", validators=[validate_accent]
    )
    font = models.CharField("Schrift", max_length=20, choices=Font.choices, default=Font.SANS)
    return_line = models.CharField("Absenderzeile", max_length=90, blank=True)
    footer_left = models.TextField("Fußzeile links", max_length=400, blank=True)
    footer_middle = models.TextField("Fußzeile Mitte", max_length=400, blank=True)
    footer_right = models.TextField("Fußzeile rechts", max_length=400, blank=True)
    show_girocode = models.BooleanField("GiroCode drucken", default=True)
    show_pay_code = models.BooleanField("QR-Code der Bezahlseite drucken", default=True)

    class Meta:
        verbose_name = "Briefpapier"
        verbose_name_plural = "Briefpapier"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="letterhead_only_one")]

    def __str__(self) -> str:
        return "Briefpapier"

    @property
    def footer(self) -> tuple[tuple[str, ...], ...]:
        """The three columns as lines; one without text is empty and taken from the company."""
        texts = (self.footer_left, self.footer_middle, self.footer_right)
        return tuple(tuple(filter(None, map(str.strip, text.splitlines()))) for text in texts)

    def clean(self) -> None:
        found: dict[str, Any] = {}
        names = ("footer_left", "footer_middle", "footer_right")
        for name, lines in zip(names, self.footer, strict=True):
            if sum(-(-len(line) // FOOTER_WIDTH) for line in lines) > FOOTER_LINES:
                found[name] = f"In die Spalte passen {FOOTER_LINES} Zeilen."
        if found:
            raise ValidationError(found)


class StandardText(models.Model):
    """What a new draft of this kind says before and after its lines, in one language."""

    kind = models.CharField("Belegart", max_length=20)
    language = models.CharField("Sprache", max_length=2, choices=Customer.Language.choices)
    intro_text = models.TextField("Text vor den Positionen", max_length=2000, blank=True)
    closing_text = models.TextField("Text nach den Positionen", max_length=2000, blank=True)

    class Meta:
        verbose_name = "Standardtext"
        verbose_name_plural = "Standardtexte"
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="standardtext_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.get_language_display()}"
