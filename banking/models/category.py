"""A word of the company's own for bookings that belong together."""

from django.db import models
from django.db.models.functions import Lower


class Category(models.Model):
    """What the company calls a group of bookings: rent, vehicles, insurance."""

    name = models.CharField("Kategorie", max_length=60)

    class Meta:
        verbose_name = "Umsatzkategorie"
        verbose_name_plural = "Umsatzkategorien"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="category_name_once")]

    def __str__(self) -> str:
        return self.name
