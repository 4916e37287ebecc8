"""Whom we sell to."""

from decimal import Decimal

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from invoicing import validators
from invoicing.einvoice import countries, leitweg
from workmate.models import OpenItem


class CustomerQuerySet(models.QuerySet["Customer"]):
    def active(self) -> "CustomerQuerySet":
        """Those that are offered for new documents: customers and prospects."""
        return self.filter(status__in=(Customer.Status.ACTIVE, Customer.Status.LEAD))

    def matching(self, text: str) -> "CustomerQuerySet":
        """Those whose number, name, city, e-mail or VAT id contains each word of the text."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(name__icontains=word)
                | Q(number__icontains=word)
                | Q(city__icontains=word)
                | Q(email__icontains=word)
                | Q(vat_id__icontains=word)
            )
        return found

    def with_outstanding(self) -> "CustomerQuerySet":
        """Each with `outstanding`: what it owes in EUR over all its open items, less credit."""
        owed = (
            OpenItem.objects.filter(partner=OuterRef("partner"), currency="EUR")
            .exclude(outstanding=0)
            .order_by()
            .values("partner")
            .annotate(total=Sum("outstanding"))
            .values("total")
        )
        return self.annotate(outstanding=Coalesce(Subquery(owed), Value(Decimal("0.00"))))


class Customer(models.Model):
    """A buyer (BG-7). Its ledger account is `partner`; with documents it cannot be deleted."""

    class Kind(models.TextChoices):
        BUSINESS = "business", "Unternehmen"
        PUBLIC = "public", "Öffentliche Verwaltung"
        CONSUMER = "consumer", "Privatperson"

    class Status(models.TextChoices):
        LEAD = "lead", "Interessent"
        ACTIVE = "active", "aktiv"
        INACTIVE = "inactive", "nicht aktiv"
        BLOCKED = "blocked", "gesperrt"

    class Format(models.TextChoices):
        XRECHNUNG = "xrechnung", "XRechnung (CII)"
        XRECHNUNG_UBL = "xrechnung-ubl", "XRechnung (UBL)"
        ZUGFERD = "zugferd", "ZUGFeRD (EN 16931)"

    class Language(models.TextChoices):
        GERMAN = "de", "Deutsch"
        ENGLISH = "en", "Englisch"

    partner = models.OneToOneField(
        "workmate.Partner", models.PROTECT, related_name="customer", editable=False
    )
    number = models.CharField("Kundennummer", max_length=20, unique=True)
    kind = models.CharField("Art", max_length=8, choices=Kind.choices, default=Kind.BUSINESS)
    name = models.CharField("Name", max_length=200, help_text="BT-44")
    contact_name = models.CharField("Ansprechpartner", max_length=150, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    website = models.CharField(
        "Website", max_length=200, blank=True, validators=[URLValidator(["http", "https"])]
    )
    street = models.CharField("Straße und Hausnummer", max_length=200, blank=True)
    additional = models.CharField("Adresszusatz", max_length=200, blank=True)
    post_code = models.CharField("Postleitzahl", max_length=12, blank=True)
    city = models.CharField("Ort", max_length=100, blank=True)
    country = models.CharField(
        "Land", max_length=2, default="DE", validators=[validators.validate_country]
    )
    vat_id = models.CharField(
        "USt-IdNr.", max_length=20, blank=True, validators=[validators.validate_vat_id]
    )
    vat_id_confirmed_on = models.DateField("USt-IdNr. bestätigt am", null=True, blank=True)
    vat_id_confirmation = models.CharField("Ergebnis der Bestätigung", max_length=200, blank=True)
    tax_number = models.CharField(
        "Steuernummer", max_length=30, blank=True, validators=[validators.validate_tax_number]
    )
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
        "Schema", max_length=4, default="EM", validators=[validators.validate_scheme]
    )
    einvoice_format = models.CharField(
        "E-Rechnungsformat",
        max_length=13,
        choices=Format.choices,
        default=Format.ZUGFERD,
    )
    language = models.CharField(
        "Sprache der Belege", max_length=2, choices=Language.choices, default=Language.GERMAN
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)",
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text="leer: wie im Unternehmen eingestellt",
    )
    # Steps of Skonto that new drafts start with; see `invoicing.skonto`.
    cash_discounts = models.JSONField("Skonto", default=list, blank=True)
    pays_by_debit = models.BooleanField("zahlt per SEPA-Lastschrift", default=False)
    # The mandate that new invoices name; `payments.sepa.mandates` writes it.
    mandate_reference = models.CharField(
        "Mandatsreferenz", max_length=35, blank=True, help_text="BT-89"
    )
    mandate_iban = models.CharField(
        "IBAN des Mandats",
        max_length=34,
        blank=True,
        validators=[validators.validate_iban],
        help_text="BT-91",
    )
    mandate_signed_on = models.DateField("Mandat vom", null=True, blank=True)
    dunning_block = models.BooleanField("Mahnsperre", default=False)
    notes = models.TextField("Interne Notiz", blank=True)
    status = models.CharField(
        "Status", max_length=8, choices=Status.choices, default=Status.ACTIVE, editable=False
    )
    block_reason = models.CharField("Grund der Sperre", max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = "Kunde"
        verbose_name_plural = "Kunden"
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="blocked") | Q(block_reason=""),
                name="customer_reason_only_when_blocked",
            )
        ]
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

    @property
    def is_blocked(self) -> bool:
        """Whether nothing new is written to it."""
        return self.status == self.Status.BLOCKED

    @property
    def block_text(self) -> str:
        """What is said where something new is to be written to a blocked customer."""
        return f"{self.name} ist gesperrt: {self.block_reason.rstrip('.')}."

    @property
    def postal_address(self) -> list[str]:
        """The address as lines of an envelope, without the country."""
        place = f"{self.post_code} {self.city}".strip()
        return [line for line in (self.street, self.additional, place) if line]

    @property
    def country_name(self) -> str:
        """The country in German."""
        return countries.name(self.country)

    def clean(self) -> None:
        """What several fields must say together."""
        self.vat_id = validators.compact(self.vat_id)
        self.mandate_iban = validators.compact(self.mandate_iban)
        found: dict[str, str] = {}
        if self.leitweg_id and (
            self.kind == self.Kind.PUBLIC or leitweg.looks_like_one(self.leitweg_id)
        ):
            self.leitweg_id = leitweg.normalise(self.leitweg_id)
            if problem := leitweg.problem(self.leitweg_id):
                found["leitweg_id"] = problem
        if self.electronic_address and (
            problem := validators.electronic_address_problem(
                self.electronic_address, self.electronic_address_scheme
            )
        ):
            found["electronic_address"] = problem
        if found:
            raise ValidationError(found)
