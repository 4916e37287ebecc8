"""Money received and returned.

Amounts are in the payment's currency: received is positive, paid out is negative.
"""

import datetime
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from payments.sepa.models import Batch, Mandate, Order
from payments.stripe import models as stripe_models  # noqa: F401 — makes them known
from workmate.immutable import append_only

__all__ = [
    "Allocation",
    "Batch",
    "CashClosing",
    "Deduction",
    "Fee",
    "FirstView",
    "Mandate",
    "Order",
    "Payment",
    "Receipt",
    "Reversal",
    "Settlement",
]


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Questions to payments."""

    def valid(self) -> "PaymentQuerySet":
        """Those that nobody has reversed."""
        return self.filter(reversal__isnull=True)

    def reversed(self) -> "PaymentQuerySet":
        """Those that were taken back."""
        return self.filter(reversal__isnull=False)


class Payment(models.Model):
    """Money that came (positive) or went (negative). Never changed, only reversed."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", "Überweisung"
        CREDIT_CARD = "credit_card", "Kreditkarte"
        DEBIT_CARD = "debit_card", "EC-Karte"
        DIRECT_DEBIT = "direct_debit", "SEPA-Lastschrift"
        CASH = "cash", "Bar"
        PAYPAL = "paypal", "PayPal"
        OTHER = "other", "Sonstige"

    money_account = models.ForeignKey(
        "workmate.MoneyAccount",
        models.PROTECT,
        related_name="payments",
        verbose_name="Geldkonto",
    )
    received_on = models.DateField("Datum")
    method = models.CharField("Zahlungsart", max_length=12, choices=Method.choices)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3, default="EUR")
    reference = models.CharField("Verwendungszweck", max_length=200, blank=True)
    note = models.TextField("Notiz", blank=True)
    partner = models.ForeignKey(
        "workmate.Partner",
        models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name="von / an",
    )
    credit = models.OneToOneField(
        "workmate.OpenItem",
        models.PROTECT,
        null=True,
        related_name="overpayment",
        verbose_name="Guthaben aus Überzahlung",
    )
    entry = models.OneToOneField("workmate.Entry", models.PROTECT, related_name="payment")
    # The payment that this one gives back to the payer, a part of it or all.
    gives_back = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="given_back",
        verbose_name="gibt zurück",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "Zahlung"
        verbose_name_plural = "Zahlungen"
        ordering = ["-received_on", "-id"]
        permissions = [
            ("record_payment", "Zahlungen erfassen"),
            ("reverse_payment", "Zahlungen stornieren"),
        ]
        indexes = [
            models.Index(fields=["received_on", "id"]),
            models.Index(fields=["amount", "id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_not_zero"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_method_display()} vom {self.received_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("payments:payment", args=[self.pk])

    @property
    def is_reversed(self) -> bool:
        return hasattr(self, "reversal")

    @property
    def rest(self) -> Decimal:
        """What was paid beyond the allocations and became a credit (or a claim, if negative)."""
        return self.amount - sum((part.amount for part in self.allocations.all()), Decimal(0))


class Allocation(models.Model):
    """The part of a payment that settles one open item; signed like what was open on it.

    A customer who pays an invoice and deducts a credit pays 119.00 on the one, -19.00 on the other.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    open_item = models.ForeignKey("workmate.OpenItem", models.PROTECT, related_name="allocations")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Zuordnung"
        verbose_name_plural = "Zuordnungen"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "open_item"], name="allocation_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_not_zero"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.amount} auf {self.open_item}"


class Settlement(models.Model):
    """That a credit was used for a claim. Taken back when its entry is reversed."""

    credit = models.ForeignKey(
        "workmate.OpenItem", models.PROTECT, related_name="uses", verbose_name="Guthaben"
    )
    open_item = models.ForeignKey(
        "workmate.OpenItem", models.PROTECT, related_name="settlements", verbose_name="Posten"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    settled_on = models.DateField("Datum")
    entry = models.OneToOneField("workmate.Entry", models.PROTECT, related_name="settlement")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Verrechnung"
        verbose_name_plural = "Verrechnungen"
        ordering = ["-settled_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="settlement_above_zero"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.credit} auf {self.open_item}"

    @property
    def taken_back_on(self) -> datetime.date | None:
        """When it was taken back, if it was."""
        reversal = getattr(self.entry, "reversed_by", None)
        return reversal.booked_on if reversal else None


class Deduction(models.Model):
    """What is not going to be paid of an invoice: Skonto that was taken, or a claim given up.

    It lowers revenue and VAT (§ 17 UStG). Taken back when its entry is reversed.
    """

    class Kind(models.TextChoices):
        SKONTO = "skonto", "Skonto"
        WRITE_OFF = "write_off", "Ausbuchung"

    kind = models.CharField("Art", max_length=9, choices=Kind.choices)
    open_item = models.ForeignKey(
        "workmate.OpenItem", models.PROTECT, related_name="deductions", verbose_name="Posten"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    deducted_on = models.DateField("Datum")
    reason = models.CharField("Grund", max_length=200, blank=True)
    # The payment that it was taken with and goes back with.
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="deductions", verbose_name="Zahlung"
    )
    entry = models.OneToOneField("workmate.Entry", models.PROTECT, related_name="deduction")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Abzug"
        verbose_name_plural = "Abzüge"
        ordering = ["-deducted_on", "-id"]
        permissions = [("write_off", "Forderungen ausbuchen")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deduction_above_zero"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} auf {self.open_item}"

    @property
    def taken_back_on(self) -> datetime.date | None:
        """When it was taken back, if it was."""
        reversal = getattr(self.entry, "reversed_by", None)
        return reversal.booked_on if reversal else None


class Fee(models.Model):
    """What a bank or provider kept for itself of a payment; the payment counts in full."""

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="fees", verbose_name="Zahlung"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    charged_on = models.DateField("Datum")
    text = models.CharField("Wofür", max_length=100)
    entry = models.OneToOneField("workmate.Entry", models.PROTECT, related_name="fee")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Gebühr"
        verbose_name_plural = "Gebühren"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_above_zero"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.text}: {self.payment}"

    @property
    def taken_back_on(self) -> datetime.date | None:
        """When it was taken back, if it was."""
        reversal = getattr(self.entry, "reversed_by", None)
        return reversal.booked_on if reversal else None


class Reversal(models.Model):
    """That a payment was taken back: by whom, when, why."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="reversal")
    entry = models.OneToOneField("workmate.Entry", models.PROTECT, related_name="+")
    reversed_on = models.DateField("Datum")
    reason = models.CharField("Grund", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Zahlungsstorno"
        verbose_name_plural = "Zahlungsstornos"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Storno: {self.payment}"


class Receipt(models.Model):
    """That the payer got a receipt (Quittung, § 368 BGB): its number and its archived page."""

    payment = models.OneToOneField(Payment, models.PROTECT, verbose_name="Zahlung")
    number = models.CharField("Nummer", max_length=20, unique=True)
    issued_on = models.DateField("Datum")
    pdf = models.OneToOneField("workmate.Document", models.PROTECT, verbose_name="PDF")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Quittung"
        verbose_name_plural = "Quittungen"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.number


class CashClosing(models.Model):
    """That somebody counted a cash box in the evening (Kassensturz, § 146 (1) sentence 2 AO)."""

    money_account = models.ForeignKey(
        "workmate.MoneyAccount", models.PROTECT, related_name="closings", verbose_name="Kasse"
    )
    day = models.DateField("Tag")
    balance = models.DecimalField("Bestand laut Büchern", max_digits=14, decimal_places=2)
    counted = models.DecimalField("gezählt", max_digits=14, decimal_places=2)
    note = models.CharField("Bemerkung", max_length=200, blank=True)
    # What the difference did to the books; none where nothing differs.
    entry = models.OneToOneField(
        "workmate.Entry", models.PROTECT, null=True, related_name="cash_closing"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("erfasst am", auto_now_add=True)

    class Meta:
        verbose_name = "Kassenabschluss"
        verbose_name_plural = "Kassenabschlüsse"
        ordering = ["-day", "-id"]
        permissions = [("close_cash", "Kasse abschließen")]
        constraints = [
            models.UniqueConstraint(fields=["money_account", "day"], name="cash_closed_once"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="cash_counted"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Protect(
                name="difference_booked",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__entry__isnull=True)
                & ~pgtrigger.Q(new__counted=pgtrigger.F("new__balance")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money_account} am {self.day:%d.%m.%Y}"

    @property
    def difference(self) -> Decimal:
        """What was counted beyond the books; negative where money is missing."""
        return self.counted - self.balance


class FirstView(models.Model):
    """When somebody who is not one of us first looked at the public page of a document."""

    invoice = models.OneToOneField(
        "invoicing.Invoice", models.PROTECT, related_name="first_view", verbose_name="Rechnung"
    )
    seen_at = models.DateTimeField("gesehen am")

    class Meta:
        verbose_name = "erste Ansicht"
        verbose_name_plural = "erste Ansichten"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.invoice} gesehen"
