"""Whom we sell to."""

import pgtrigger
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse


class Customer(models.Model):
    """A buyer (BG-7). Its ledger account is `partner`; with documents it cannot be deleted."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "Unternehmen"
        PUBLIC = "public", "Öffentliche Verwaltung"
        CONSUMER = "consumer", "Privatperson"

    class Format(models.TextChoices):
        XRECHNUNG = "xrechnung", "XRechnung (CII)"
        ZUGFERD = "zugferd", "ZUGFeRD (EN 16931)"

    partner = models.OneToOneField(
        "workmate.Partner", models.PROTECT, related_name="customer", editable=False
    )
    number = models.CharField("Kundennummer", max_length=20, unique=True)
    kind = models.CharField(
        "Art", max_length=8, choices=Kind.choices, default=Kind.BUSINESS
    )
    name = models.CharField("Name", max_length=200, help_text="BT-44")
    contact_name = models.CharField("Ansprechpartner", max_length=150, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    street = models.CharField("Straße und Hausnummer", max_length=200, blank=True)
    additional = models.CharField("Adresszusatz", max_length=200, blank=True)
    post_code = models.CharField("Postleitzahl", max_length=12, blank=True)
    city = models.CharField("Ort", max_length=100, blank=True)
    country = models.CharField("Land", max_length=2, default="DE")
    vat_id = models.CharField("USt-IdNr.", max_length=20, blank=True)
    tax_number = models.CharField("Steuernummer", max_length=30, blank=True)
    leitweg_id = models.CharField(
        "Leitweg-ID / Käuferreferenz", max_length=60, blank=True, help_text="BT-10"
    )
    electronic_address = models.CharField(
        "Elektronische Adresse",
        max_length=200,
        blank=True,
        help_text="BT-49; leer: die E-Mail",
    )
    electronic_address_scheme = models.CharField(
        "Schema", max_length=4, default="EM", blank=True
    )
    einvoice_format = models.CharField(
        "E-Rechnungsformat",
        max_length=9,
        choices=Format.choices,
        default=Format.ZUGFERD,
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)",
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text="leer: wie im Unternehmen eingestellt",
    )
    notes = models.TextField("Interne Notiz", blank=True)
    is_active = models.BooleanField("aktiv", default=True)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Kunde"
        verbose_name_plural = "Kunden"
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"])]
        triggers = [
            pgtrigger.Protect(
                name="number_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("number", "partner"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("invoicing:customer", args=[self.pk])
