"""What we sell."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from invoicing import validators


class ProductQuerySet(models.QuerySet["Product"]):
    def active(self) -> "ProductQuerySet":
        """Those offered for new lines."""
        return self.filter(is_active=True)

    def matching(self, text: str) -> "ProductQuerySet":
        """Those whose number, name or description contains each word of the text."""
        found = self
        for word in text.split():
            found = found.filter(
                models.Q(name__icontains=word)
                | models.Q(number__icontains=word)
                | models.Q(description__icontains=word)
            )
        return found


class Product(models.Model):
    """A good or service with its usual price; a draft line copies it."""

    number = models.CharField("Artikelnummer", max_length=40, unique=True, help_text="BT-155")
    name = models.CharField("Bezeichnung", max_length=200, help_text="BT-153")
    description = models.TextField("Beschreibung", max_length=1000, blank=True)
    unit = models.CharField(
        "Einheit",
        max_length=3,
        default="C62",
        validators=[validators.validate_unit],
        help_text="BT-130",
    )
    unit_price = models.DecimalField(
        "Nettopreis (EUR)",
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(0)],
        help_text="BT-146",
    )
    # The code, not a row: which dated row applies is a matter of the day of supply.
    tax_case = models.CharField("Steuerfall", max_length=20, default="DE19")
    is_active = models.BooleanField("aktiv", default=True)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = "Produkt"
        verbose_name_plural = "Produkte"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0), name="product_price_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("invoicing:product", args=[self.pk])
