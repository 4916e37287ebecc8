"""Invoices: a draft that can be changed, then a document that cannot."""

import datetime
import secrets
from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from invoicing.models import promises
from invoicing.models.customer import Customer
from invoicing.models.states import CANCELLED, CLAIMS, OFFERS, STANDING, InvoiceQuerySet
from invoicing.validators import validate_card_digits, validate_country, validate_iban
from workmate.ledger.models.exchange_rate import CURRENCIES


def new_token() -> str:
    """The public name of a document: 160 random bits, not to be guessed."""
    return secrets.token_urlsafe(20)


class Invoice(models.Model):
    """A document of ours. Overdue, paid and partly paid are asked from its open item.

    A draft may lack anything; what an issued one must have, the gate and the constraints say.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Rechnung"
        PARTIAL = "partial", "Teilrechnung"
        ADVANCE = "advance", "Abschlagsrechnung"
        FINAL = "final", "Schlussrechnung"
        CORRECTION = "correction", "Rechnungskorrektur"
        CANCELLATION = "cancellation", "Stornorechnung"
        QUOTE = "quote", "Angebot"
        CONFIRMATION = "confirmation", "Auftragsbestätigung"

    class Decision(models.TextChoices):
        """What the customer said to a quote."""

        ACCEPTED = "accepted", "angenommen"
        DECLINED = "declined", "abgelehnt"

    class PaymentMeans(models.TextChoices):
        """How it is paid (BT-81, UNTDID 4461)."""

        TRANSFER = "58", "SEPA-Überweisung"
        DIRECT_DEBIT = "59", "SEPA-Lastschrift"
        OTHER_TRANSFER = "30", "Überweisung außerhalb von SEPA"
        CARD = "48", "Karte"
        STANDING = "57", "Dauerauftrag oder laufende Vereinbarung"

    class Status(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        ISSUED = "issued", "gestellt"

    kind = models.CharField("Art", max_length=12, choices=Kind.choices, default=Kind.INVOICE)
    status = models.CharField(
        "Status",
        max_length=6,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    # NULL while a draft: the empty text could be unique only once.
    number = models.CharField(  # noqa: DJ001
        "Nummer", max_length=30, null=True, unique=True, editable=False
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    version = models.PositiveIntegerField("Fassung", default=1, editable=False)
    customer = models.ForeignKey(
        "invoicing.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name="Kunde",
    )
    cancels = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="cancelled_by"
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="corrections",
        verbose_name="korrigiert",
    )
    based_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="followers",
        verbose_name="beruht auf",
    )
    valid_until = models.DateField("gültig bis", null=True, blank=True)
    decision = models.CharField(
        "Entscheidung", max_length=8, choices=Decision.choices, blank=True, editable=False
    )
    decided_on = models.DateField("entschieden am", null=True, editable=False)
    # Set by the final invoice that deducts this advance, emptied when that is cancelled.
    deducted_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="deducts",
        verbose_name="abgezogen in",
    )
    # Kept by a trigger, so that a list need not look for the Stornorechnung of every row.
    is_cancelled = models.BooleanField("storniert", default=False, editable=False)
    cancel_reason = models.CharField("Grund des Stornos", max_length=200, blank=True)
    issue_date = models.DateField("Rechnungsdatum", null=True, editable=False)
    due_date = models.DateField("fällig am", null=True, editable=False)
    # Where a list by date puts it: drafts are newer than anything issued.
    listed_on = models.GeneratedField(
        expression=Coalesce("issue_date", Value(datetime.date(9999, 12, 31))),
        output_field=models.DateField("Datum"),
        db_persist=True,
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)", default=14, validators=[MaxValueValidator(365)]
    )
    supply_date = models.DateField("Leistungsdatum", null=True, blank=True, help_text="BT-72")
    supply_start = models.DateField("Leistung von", null=True, blank=True, help_text="BT-73")
    supply_end = models.DateField("Leistung bis", null=True, blank=True, help_text="BT-74")
    currency = models.CharField(
        "Währung",
        max_length=3,
        default="EUR",
        choices=[("EUR", "Euro"), *CURRENCIES.items()],
        help_text="BT-5",
    )
    # A day's rate (1 EUR is so many units) instead of the month's, where it is permitted.
    exchange_rate = models.DecimalField(
        "Tageskurs",
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.000001"))],
    )
    exchange_source = models.CharField("Quelle des Kurses", max_length=200, blank=True)
    einvoice_format = models.CharField(
        "Format", max_length=13, choices=Customer.Format.choices, blank=True, editable=False
    )
    contact_name = models.CharField(
        "Ansprechpartner", max_length=150, blank=True, help_text="BT-56; leer: der beim Kunden"
    )
    contact_phone = models.CharField(
        "Telefon des Ansprechpartners", max_length=40, blank=True, help_text="BT-57"
    )
    contact_email = models.EmailField("E-Mail des Ansprechpartners", blank=True, help_text="BT-58")
    buyer_reference = models.CharField(
        "Leitweg-ID / Käuferreferenz", max_length=60, blank=True, help_text="BT-10"
    )
    order_reference = models.CharField(
        "Bestellnummer", max_length=60, blank=True, help_text="BT-13"
    )
    sales_order_reference = models.CharField(
        "Auftragsnummer", max_length=60, blank=True, help_text="BT-14"
    )
    contract_reference = models.CharField(
        "Vertragsnummer", max_length=60, blank=True, help_text="BT-12"
    )
    project_reference = models.CharField("Projekt", max_length=60, blank=True, help_text="BT-11")
    despatch_reference = models.CharField(
        "Lieferschein", max_length=60, blank=True, help_text="BT-16"
    )
    accounting_reference = models.CharField(
        "Kostenstelle des Kunden", max_length=60, blank=True, help_text="BT-19"
    )
    delivery_name = models.CharField("Empfänger", max_length=200, blank=True, help_text="BT-70")
    delivery_street = models.CharField(
        "Straße und Hausnummer", max_length=200, blank=True, help_text="BT-75"
    )
    delivery_additional = models.CharField(
        "Adresszusatz", max_length=200, blank=True, help_text="BT-76"
    )
    delivery_post_code = models.CharField(
        "Postleitzahl", max_length=12, blank=True, help_text="BT-78"
    )
    delivery_city = models.CharField("Ort", max_length=100, blank=True, help_text="BT-77")
    delivery_country = models.CharField(
        "Land", max_length=2, blank=True, validators=[validate_country], help_text="BT-80"
    )
    prices_gross = models.BooleanField("Bruttopreise", default=False)
    # Steps of Skonto, the earliest first: {"days": 7, "percent": "2.00"}; see `invoicing.skonto`.
    cash_discounts = models.JSONField("Skonto", default=list, blank=True)
    payment_means = models.CharField(
        "Zahlungsweg",
        max_length=2,
        choices=PaymentMeans.choices,
        default=PaymentMeans.TRANSFER,
        help_text="BT-81",
    )
    card_number = models.CharField(
        "Letzte Ziffern der Karte",
        max_length=6,
        blank=True,
        validators=[validate_card_digits],
        help_text="BT-87",
    )
    card_holder = models.CharField("Karteninhaber", max_length=100, blank=True, help_text="BT-88")
    payee_name = models.CharField(
        "Abweichender Zahlungsempfänger", max_length=200, blank=True, help_text="BT-59"
    )
    payee_iban = models.CharField(
        "IBAN des Empfängers",
        max_length=34,
        blank=True,
        validators=[validate_iban],
        help_text="BT-84",
    )
    payee_bic = models.CharField("BIC des Empfängers", max_length=11, blank=True, help_text="BT-86")
    intro_text = models.TextField("Text vor den Positionen", max_length=2000, blank=True)
    closing_text = models.TextField("Text nach den Positionen", max_length=2000, blank=True)
    notes = models.TextField("Interne Notiz", blank=True)
    net_total = models.DecimalField("Netto", max_digits=14, decimal_places=2, default=0)
    vat_total = models.DecimalField("Umsatzsteuer", max_digits=14, decimal_places=2, default=0)
    gross_total = models.DecimalField("Brutto", max_digits=14, decimal_places=2, default=0)
    snapshot = models.JSONField("Abbild", null=True, editable=False)
    open_item = models.OneToOneField(
        "workmate.OpenItem",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="invoice",
    )
    xml = models.ForeignKey(
        "workmate.Document", models.PROTECT, null=True, editable=False, related_name="+"
    )
    report = models.ForeignKey(
        "workmate.Document", models.PROTECT, null=True, editable=False, related_name="+"
    )
    pdf = models.ForeignKey(
        "workmate.Document", models.PROTECT, null=True, editable=False, related_name="+"
    )
    # What the rules said, so that a list need not ask them: of an issued document for ever, of a
    # draft in the version `checked_version` (`invoicing.remembering`); NULL where nobody asked.
    hints = models.PositiveSmallIntegerField("Hinweise der Prüfung", null=True, editable=False)
    faults = models.PositiveSmallIntegerField("Fehler der Prüfung", null=True, editable=False)
    checked_version = models.PositiveIntegerField("geprüfte Fassung", null=True, editable=False)
    checked_at = models.DateTimeField("geprüft am", null=True, editable=False)
    # Digest of the customer, our company and the rules that it was judged with.
    checked_with = models.CharField(max_length=32, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    updated_at = models.DateTimeField("geändert am", auto_now=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    issued_at = models.DateTimeField("gestellt am", null=True, editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "Rechnung"
        verbose_name_plural = "Rechnungen"
        ordering = ["-id"]
        permissions = [
            ("issue_invoice", "Rechnungen stellen"),
            ("cancel_invoice", "Rechnungen stornieren"),
            ("backdate_invoice", "Rechnungen rückdatieren"),
            ("export_invoice", "Belege und Buchungen für die Prüfung ausgeben"),
        ]
        indexes = [
            models.Index(fields=["issue_date", "id"]),
            models.Index(
                fields=["issue_date"],
                name="invoice_billed",
                condition=STANDING,
                include=["gross_total", "currency", "open_item"],
            ),
            models.Index(
                fields=["issue_date"],
                name="invoice_foreign",
                condition=STANDING & ~Q(currency="EUR"),
                include=["open_item"],
            ),
            models.Index(fields=["listed_on", "id"]),
            models.Index(fields=["due_date", "id"]),
            models.Index(fields=["customer", "id"]),
            models.Index(fields=["gross_total", "id"]),
            models.Index(fields=["id"], name="invoice_draft", condition=Q(status="draft")),
            models.Index(fields=["id"], name="invoice_cancelled", condition=CANCELLED),
            models.Index(
                fields=["open_item"],
                name="invoice_standing",
                condition=STANDING,
                include=["id", "gross_total", "currency"],
            ),
            models.Index(
                fields=["id"],
                name="invoice_without_pdf",
                condition=Q(status="issued", pdf__isnull=True),
            ),
        ]
        constraints = promises.CONSTRAINTS
        triggers = promises.TRIGGERS

    def __str__(self) -> str:
        return self.number or f"Entwurf {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("invoicing:invoice", args=[self.pk])

    def tax_day(self, issue_date: datetime.date) -> datetime.date:
        """The day that decides which tax rules and which rate hold: the (last) day of supply."""
        return self.supply_date or self.supply_end or self.supply_start or issue_date

    @property
    def is_claim(self) -> bool:
        """Whether it asks for money, so that it can be due, paid and cancelled."""
        return self.kind in CLAIMS

    @property
    def is_offer(self) -> bool:
        """Whether it comes before the invoice: a quote or the confirmation of an order."""
        return self.kind in OFFERS

    @property
    def is_standing(self) -> bool:
        """Issued, and nobody has cancelled it."""
        return self.status == self.Status.ISSUED and self.is_claim and not self.is_cancelled

    @property
    def is_correctable(self) -> bool:
        """Whether a Rechnungskorrektur may take back a part of it."""
        return self.is_standing and self.kind != self.Kind.ADVANCE

    @property
    def is_refused_to_customer(self) -> bool:
        """Whether its customer is blocked for it; what is owed back is written all the same."""
        if self.customer is None or self.kind in (self.Kind.CORRECTION, self.Kind.CANCELLATION):
            return False
        return self.customer.is_blocked

    @property
    def sign(self) -> int:
        """What its amounts do to what is owed: a correction says them positive and takes them."""
        return -1 if self.kind == self.Kind.CORRECTION else 1
