"""Invoices: a draft that can be changed, then a document that cannot."""

import secrets

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from workmate.immutable import frozen, no_truncate


def new_token() -> str:
    """The public name of a document: 160 random bits, not to be guessed."""
    return secrets.token_urlsafe(20)


class Invoice(models.Model):
    """A document of ours. Overdue, paid and partly paid are asked from its open item."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", "Rechnung"
        CANCELLATION = "cancellation", "Stornorechnung"

    class Status(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        ISSUED = "issued", "gestellt"

    kind = models.CharField(
        "Art", max_length=12, choices=Kind.choices, default=Kind.INVOICE
    )
    status = models.CharField(
        "Status",
        max_length=6,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    number = models.CharField(
        "Nummer", max_length=30, null=True, unique=True, editable=False
    )
    token = models.CharField(
        max_length=40, unique=True, default=new_token, editable=False
    )
    version = models.PositiveIntegerField("Fassung", default=1, editable=False)
    customer = models.ForeignKey(
        "invoicing.Customer",
        models.PROTECT,
        related_name="invoices",
        verbose_name="Kunde",
    )
    cancels = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="cancelled_by"
    )
    cancel_reason = models.CharField("Grund des Stornos", max_length=200, blank=True)
    issue_date = models.DateField("Rechnungsdatum", null=True, editable=False)
    due_date = models.DateField("fällig am", null=True, editable=False)
    payment_terms_days = models.PositiveSmallIntegerField(
        "Zahlungsziel (Tage)", default=14, validators=[MaxValueValidator(365)]
    )
    supply_date = models.DateField(
        "Leistungsdatum", null=True, blank=True, help_text="BT-72"
    )
    supply_start = models.DateField(
        "Leistung von", null=True, blank=True, help_text="BT-73"
    )
    supply_end = models.DateField(
        "Leistung bis", null=True, blank=True, help_text="BT-74"
    )
    currency = models.CharField("Währung", max_length=3, default="EUR", editable=False)
    einvoice_format = models.CharField(
        "Format", max_length=9, blank=True, editable=False
    )
    buyer_reference = models.CharField(
        "Leitweg-ID / Käuferreferenz", max_length=60, blank=True, help_text="BT-10"
    )
    order_reference = models.CharField(
        "Bestellnummer", max_length=60, blank=True, help_text="BT-13"
    )
    intro_text = models.TextField(
        "Text vor den Positionen", max_length=2000, blank=True
    )
    closing_text = models.TextField(
        "Text nach den Positionen", max_length=2000, blank=True
    )
    notes = models.TextField("Interne Notiz", blank=True)
    net_total = models.DecimalField("Netto", max_digits=14, decimal_places=2, default=0)
    vat_total = models.DecimalField(
        "Umsatzsteuer", max_digits=14, decimal_places=2, default=0
    )
    gross_total = models.DecimalField(
        "Brutto", max_digits=14, decimal_places=2, default=0
    )
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

    class Meta:
        verbose_name = "Rechnung"
        verbose_name_plural = "Rechnungen"
        ordering = ["-id"]
        permissions = [
            ("issue_invoice", "Rechnungen stellen"),
            ("cancel_invoice", "Rechnungen stornieren"),
            ("backdate_invoice", "Rechnungen rückdatieren"),
        ]
        indexes = [
            models.Index(fields=["issue_date", "id"]),
            models.Index(fields=["due_date", "id"]),
            models.Index(fields=["customer", "id"]),
            models.Index(fields=["gross_total", "id"]),
            models.Index(
                fields=["id"],
                name="invoice_without_pdf",
                condition=Q(status="issued", pdf__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", number=None)
                | Q(
                    status="issued",
                    number__isnull=False,
                    issue_date__isnull=False,
                    snapshot__isnull=False,
                    xml__isnull=False,
                    open_item__isnull=False,
                ),
                name="invoice_number_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(kind="cancellation", cancels__isnull=False)
                | Q(kind="invoice", cancels=None),
                name="invoice_cancellation_has_original",
            ),
        ]
        triggers = [
            *frozen(
                "kind",
                "status",
                "number",
                "token",
                "customer",
                "cancels",
                "cancel_reason",
                "issue_date",
                "due_date",
                "payment_terms_days",
                "supply_date",
                "supply_start",
                "supply_end",
                "currency",
                "einvoice_format",
                "buyer_reference",
                "order_reference",
                "intro_text",
                "closing_text",
                "net_total",
                "vat_total",
                "gross_total",
                "snapshot",
                "open_item",
                "xml",
                "report",
                "issued_by",
                "issued_at",
                once=pgtrigger.Q(old__status="issued"),
            ),
            pgtrigger.Protect(
                name="pdf_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__pdf__isnull=False)
                & pgtrigger.Q(old__pdf__df=pgtrigger.F("new__pdf")),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.number or f"Entwurf {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("invoicing:invoice", args=[self.pk])


class InvoiceLine(models.Model):
    """A line (BG-25) of a draft; after issue the snapshot speaks and the line is frozen too."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("Pos.")
    product = models.ForeignKey(
        "invoicing.Product", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("Bezeichnung", max_length=200, help_text="BT-153")
    description = models.TextField("Beschreibung", max_length=1000, blank=True)
    quantity = models.DecimalField("Menge", max_digits=12, decimal_places=4)
    unit = models.CharField("Einheit", max_length=3, default="C62", help_text="BT-130")
    unit_price = models.DecimalField(
        "Einzelpreis netto",
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(0)],
        help_text="BT-146",
    )
    discount_percent = models.DecimalField(
        "Rabatt (%)",
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    tax_case = models.ForeignKey(
        "workmate.TaxCase", models.PROTECT, related_name="+", verbose_name="Steuerfall"
    )
    net_amount = models.DecimalField(
        "Betrag netto", max_digits=14, decimal_places=2, default=0, editable=False
    )

    class Meta:
        verbose_name = "Position"
        verbose_name_plural = "Positionen"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"],
                name="line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="line_price_not_negative"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_with_invoice",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM invoicing_invoice invoice
                                WHERE invoice.status = 'issued' AND invoice.id IN (
                                    CASE WHEN TG_OP <> 'INSERT' THEN OLD.invoice_id END,
                                    CASE WHEN TG_OP <> 'DELETE' THEN NEW.invoice_id END)) THEN
                        RAISE EXCEPTION 'pgtrigger: Cannot change lines of an issued invoice';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
