"""What we sell, and since when at which price."""

import datetime

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from invoicing import validators


class ProductQuerySet(models.QuerySet["Product"]):
    def active(self) -> "ProductQuerySet":
        """Those offered for new lines."""
        return self.filter(is_active=True)

    def matching(self, text: str) -> "ProductQuerySet":
        """Those whose number, name, category or description contains each word of the text."""
        found = self
        for word in text.split():
            found = found.filter(
                models.Q(name__icontains=word)
                | models.Q(number__icontains=word)
                | models.Q(category__icontains=word)
                | models.Q(short_description__icontains=word)
                | models.Q(description__icontains=word)
            )
        return found

    def priced(self, *, on: datetime.date) -> "ProductQuerySet":
        """Each with `price`: what it costs on that day, net in EUR."""
        listed = ProductPrice.objects.filter(product=models.OuterRef("pk"), valid_from__lte=on)
        latest = listed.order_by("-valid_from").values("unit_price")[:1]
        return self.annotate(price=Coalesce(models.Subquery(latest), models.F("unit_price")))


class Product(models.Model):
    """A good or service with its usual price; a draft line copies it.

    `unit_price` holds as long as no row of the price list does.
    """

    class PriceType(models.TextChoices):
        PER_UNIT = "per_unit", "je Einheit"
        HOURLY = "hourly", "nach Stunden"
        MONTHLY = "monthly", "monatlich"
        FIXED = "fixed", "Festpreis"
        PROJECT = "project", "je Projekt"

    number = models.CharField("Artikelnummer", max_length=40, unique=True, help_text="BT-155")
    name = models.CharField("Bezeichnung", max_length=200, help_text="BT-153")
    short_description = models.CharField("Kurzbeschreibung", max_length=200, blank=True)
    description = models.TextField("Beschreibung", max_length=1000, blank=True)
    category = models.CharField("Kategorie", max_length=60, blank=True, db_index=True)
    is_service = models.BooleanField("Dienstleistung", default=False)
    price_type = models.CharField(
        "Preisart", max_length=8, choices=PriceType.choices, default=PriceType.PER_UNIT
    )
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
    min_quantity = models.DecimalField(
        "Mindestmenge", max_digits=12, decimal_places=4, null=True, blank=True
    )
    max_quantity = models.DecimalField(
        "Höchstmenge", max_digits=12, decimal_places=4, null=True, blank=True
    )
    # The code, not a row: which dated row applies is a matter of the day of supply.
    tax_case = models.CharField("Steuerfall", max_length=20, default="DE19")
    # A number too. It holds where a line has the product's own tax case: an account says a rate.
    revenue_account = models.CharField("Erlöskonto", max_length=8, blank=True)
    notes = models.TextField("Interne Notiz", blank=True)
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
            ),
            models.CheckConstraint(
                condition=models.Q(min_quantity=None) | models.Q(min_quantity__gt=0),
                name="product_min_quantity_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(max_quantity=None)
                | models.Q(max_quantity__gt=0, min_quantity=None)
                | models.Q(max_quantity__gte=models.F("min_quantity")),
                name="product_max_quantity_not_below_min",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("invoicing:product", args=[self.pk])

    @property
    def summary(self) -> str:
        """A line about it for lists: the short description, else how the long one begins."""
        return self.short_description or self.description.partition("\n")[0][:90]


class ProductPrice(models.Model):
    """A row of the price list: what the product costs from that day on, net in EUR."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="prices", verbose_name="Produkt"
    )
    valid_from = models.DateField("gültig ab")
    unit_price = models.DecimalField(
        "Nettopreis (EUR)", max_digits=18, decimal_places=8, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = "Preis"
        verbose_name_plural = "Preise"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "valid_from"], name="product_one_price_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0), name="product_listed_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} ab {self.valid_from:%d.%m.%Y}"
