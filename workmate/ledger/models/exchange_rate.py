"""What a euro is worth in other currencies, month by month."""

from django.conf import settings
from django.db import models
from django.db.models import Q

CURRENCIES = {  # ISO 4217, those with two decimals that German companies bill in
    "USD": "US-Dollar",
    "CHF": "Schweizer Franken",
    "GBP": "Pfund Sterling",
    "AUD": "Australischer Dollar",
    "CAD": "Kanadischer Dollar",
    "CNY": "Renminbi Yuan",
    "CZK": "Tschechische Krone",
    "DKK": "Dänische Krone",
    "HKD": "Hongkong-Dollar",
    "NOK": "Norwegische Krone",
    "PLN": "Polnischer Zloty",
    "RON": "Rumänischer Leu",
    "SEK": "Schwedische Krone",
    "SGD": "Singapur-Dollar",
    "TRY": "Türkische Lira",
}


class ExchangeRate(models.Model):
    """The rate of a month as the BMF publishes it: 1 EUR is so many units (§ 16 (6) UStG).

    Issued documents keep their own copy of the rate; a corrected one changes none of them.
    """

    currency = models.CharField("Währung", max_length=3, choices=list(CURRENCIES.items()))
    month = models.DateField("Monat", help_text="Der erste Tag des Monats.")
    rate = models.DecimalField("1 EUR =", max_digits=14, decimal_places=6)
    source = models.CharField("Quelle", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now=True)

    class Meta:
        verbose_name = "Umrechnungskurs"
        verbose_name_plural = "Umrechnungskurse"
        ordering = ["-month", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "month"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_above_zero"),
            models.CheckConstraint(condition=Q(month__day=1), name="exchange_rate_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%m/%Y}"
