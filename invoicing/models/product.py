"""What we sell."""

from django.db import models
from django.urls import reverse


class Product(models.Model):
    """A good or service with its usual price; a draft line copies it."""

    number = models.CharField(
        "Artikelnummer", max_length=40, unique=True, help_text="BT-155"
    )
    name = models.CharField("Bezeichnung", max_length=200, help_text="BT-153")
    description = models.TextField("Beschreibung", max_length=1000, blank=True)
    unit = models.CharField("Einheit", max_length=3, default="C62", help_text="BT-130")
    unit_price = models.DecimalField(
        "Nettopreis (EUR)", max_digits=18, decimal_places=8
    )
    tax_case = models.CharField("Steuerfall", max_length=20, default="DE19")
    is_active = models.BooleanField("aktiv", default=True)

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
