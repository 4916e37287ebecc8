"""Our own company: one per installation (design decision 11)."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from workmate.validators import (
    compact_vat_id,
    validate_creditor_id,
    validate_german_post_code,
    validate_german_vat_id,
    validate_tax_number,
    validate_website,
)


class Company(models.Model):
    """Master data of the company whose books these are; the seller (BG-4) of every invoice."""

    class Chart(models.TextChoices):
        SKR03 = "SKR03", "SKR03 (Prozessgliederung)"
        SKR04 = "SKR04", "SKR04 (Abschlussgliederung)"

    name = models.CharField("Firma", max_length=200, help_text="BT-27")
    legal_form = models.CharField("Rechtsform", max_length=60, blank=True)
    management = models.CharField("Geschäftsführung / Inhaber", max_length=200, blank=True)
    street = models.CharField("Straße und Hausnummer", max_length=200, blank=True)
    additional = models.CharField("Adresszusatz", max_length=200, blank=True)
    post_code = models.CharField(
        "Postleitzahl", max_length=12, blank=True, validators=[validate_german_post_code]
    )
    city = models.CharField("Ort", max_length=100, blank=True)
    country = models.CharField("Land", max_length=2, default="DE")
    vat_id = models.CharField(
        "USt-IdNr.", max_length=20, blank=True, validators=[validate_german_vat_id]
    )
    tax_number = models.CharField(
        "Steuernummer", max_length=30, blank=True, validators=[validate_tax_number]
    )
    register_court = models.CharField("Registergericht", max_length=100, blank=True)
    register_number = models.CharField("Registernummer", max_length=60, blank=True)
    contact_name = models.CharField("Ansprechpartner", max_length=150, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    website = models.CharField(
        "Internetseite", max_length=200, blank=True, validators=[validate_website]
    )
    electronic_address = models.CharField(
        "Elektronische Adresse", max_length=200, blank=True, help_text="BT-34; leer: die E-Mail"
    )
    electronic_address_scheme = models.CharField("Schema", max_length=4, default="EM")
    logo = models.ForeignKey(
        "workmate.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    chart = models.CharField(
        "Kontenrahmen", max_length=5, choices=Chart.choices, default=Chart.SKR03
    )
    small_business = models.BooleanField("Kleinunternehmer nach § 19 UStG", default=False)
    creditor_id = models.CharField(
        "Gläubiger-Identifikationsnummer",
        max_length=35,
        blank=True,
        validators=[validate_creditor_id],
        help_text="BT-90; für SEPA-Lastschriften",
    )
    sepa_notice_days = models.PositiveSmallIntegerField(
        "Vorankündigung (Tage)",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
    )
    sepa_release_alone = models.BooleanField(
        "Wer einen SEPA-Auftrag anlegt, darf ihn auch freigeben", default=False
    )
    small_business_until = models.DateField(
        "Kleinunternehmer bis",
        null=True,
        blank=True,
        help_text="Leer: bis auf Weiteres. Leistungen nach diesem Tag sind steuerpflichtig.",
    )
    cash_accounting_from = models.DateField(
        "Ist-Versteuerung ab",
        null=True,
        blank=True,
        help_text="§ 20 UStG; leer: Versteuerung nach vereinbarten Entgelten.",
    )
    cash_accounting_until = models.DateField("Ist-Versteuerung bis", null=True, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)", default=14, validators=[MaxValueValidator(365)]
    )
    intro_text = models.TextField("Text vor den Positionen", blank=True)
    closing_text = models.TextField("Text nach den Positionen", blank=True)
    match_automatic = models.PositiveSmallIntegerField(
        "Automatisch zuordnen ab (Punkte)",
        default=90,
        validators=[MinValueValidator(80), MaxValueValidator(100)],
    )
    match_suggest = models.PositiveSmallIntegerField(
        "Vorschlagen ab (Punkte)", default=40, validators=[MaxValueValidator(100)]
    )
    match_ceiling = models.DecimalField(
        "Automatisch höchstens (EUR)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Höhere Beträge bestätigt immer ein Mensch; leer: ohne Grenze; 0: alle.",
    )

    class Meta:
        verbose_name = "Unternehmen"
        verbose_name_plural = "Unternehmen"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="company_only_one"),
            models.CheckConstraint(
                condition=models.Q(cash_accounting_until=None)
                | models.Q(cash_accounting_until__gte=models.F("cash_accounting_from")),
                name="company_cash_accounting_in_order",
                violation_error_message="Das Ende der Ist-Versteuerung liegt vor ihrem Beginn.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.vat_id = compact_vat_id(self.vat_id)
        self.creditor_id = compact_vat_id(self.creditor_id)
        if self.match_suggest > self.match_automatic:
            text = "Höchstens so viele Punkte wie für „automatisch“."
            raise ValidationError({"match_suggest": text})

    def is_small_business(self, on: datetime.date) -> bool:
        """Whether § 19 UStG holds for a supply of that day."""
        until = self.small_business_until
        return self.small_business and (until is None or on <= until)

    def is_cash_accounting(self, on: datetime.date) -> bool:
        """Whether the VAT on a supply of that day is due when it is paid (§ 20 UStG)."""
        start, until = self.cash_accounting_from, self.cash_accounting_until
        return start is not None and start <= on and (until is None or on <= until)

    @classmethod
    def get(cls) -> "Company":
        """The company; raises `Company.DoesNotExist` before set-up."""
        return cls.objects.select_related("logo").get(pk=1)
