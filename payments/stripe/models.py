"""What we know of Stripe: our account there, what was asked for, paid, returned and paid out.

Every row that stands for money has Stripe's id as a unique key: what is told twice is booked once.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from workmate.encryption import EncryptedTextField
from workmate.immutable import frozen


class StripeAccount(models.Model):
    """Our account at Stripe: one row; without a secret key it is not connected."""

    publishable_key = models.CharField("Veröffentlichbarer Schlüssel", max_length=200, blank=True)
    secret_key = EncryptedTextField("Geheimer Schlüssel", blank=True)
    webhook_secret = EncryptedTextField("Signaturschlüssel", blank=True)
    old_webhook_secret = EncryptedTextField("Bisheriger Signaturschlüssel", blank=True)
    livemode = models.BooleanField("echter Betrieb", default=False)
    account_id = models.CharField("Konto bei Stripe", max_length=64, blank=True)
    money_account = models.OneToOneField(
        "workmate.MoneyAccount", models.PROTECT, related_name="+", verbose_name="Geldkonto"
    )
    polled_until = models.DateTimeField("Ereignisse abgeholt bis", null=True)

    class Meta:
        verbose_name = "Stripe-Konto"
        verbose_name_plural = "Stripe-Konto"
        permissions = [("set_up_stripe", "Stripe einrichten")]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="stripeaccount_only_one")]

    def __str__(self) -> str:
        return f"Stripe ({'echter Betrieb' if self.livemode else 'Testmodus'})"

    @property
    def is_connected(self) -> bool:
        return bool(self.secret_key)

    @property
    def webhook_secrets(self) -> list[str]:
        """The secrets that a signature may be made with, the new one first."""
        return [one for one in (self.webhook_secret, self.old_webhook_secret) if one]


class StripeEvent(models.Model):
    """Something Stripe has told us. Kept once; what came of it stands beside it."""

    class State(models.TextChoices):
        RECEIVED = "received", "wartet"
        DONE = "done", "verarbeitet"
        IGNORED = "ignored", "ohne Wirkung"
        FAILED = "failed", "gescheitert"

    class Source(models.TextChoices):
        WEBHOOK = "webhook", "zugestellt"
        POLL = "poll", "abgeholt"

    event_id = models.CharField("Ereignis", max_length=255, unique=True)
    type = models.CharField("Art", max_length=100)
    api_version = models.CharField("API-Version", max_length=40, blank=True)
    livemode = models.BooleanField("echter Betrieb")
    account_id = models.CharField("Konto bei Stripe", max_length=64, blank=True)
    object_id = models.CharField("Objekt", max_length=255, blank=True)
    happened_at = models.DateTimeField("geschehen am")
    payload = models.JSONField("Inhalt")
    source = models.CharField("Weg", max_length=7, choices=Source.choices)
    state = models.CharField("Stand", max_length=8, choices=State.choices, default=State.RECEIVED)
    result = models.TextField("Ergebnis", blank=True)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    received_at = models.DateTimeField("eingegangen am", auto_now_add=True)
    applied_at = models.DateTimeField("verarbeitet am", null=True)

    class Meta:
        verbose_name = "Stripe-Ereignis"
        verbose_name_plural = "Stripe-Ereignisse"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="stripeevent_waiting",
                condition=Q(state__in=["received", "failed"]),
            ),
            models.Index(fields=["object_id"], name="stripeevent_object"),
        ]
        triggers = frozen(
            "event_id", "type", "livemode", "payload", "source", once=pgtrigger.Q(old__id__gt=0)
        )

    def __str__(self) -> str:
        return f"{self.type} ({self.event_id})"

    def get_absolute_url(self) -> str:
        return reverse("payments:stripe_event", args=[self.pk])


class StripeRequest(models.Model):
    """That we asked for money: a session of the public page, a link, or an intent of the API.

    The row exists before Stripe hears of it, so that no crash leaves money without a reason.
    """

    class Kind(models.TextChoices):
        SESSION = "session", "Bezahlseite"
        LINK = "link", "Zahlungslink"
        INTENT = "intent", "Payment Intent"

    class State(models.TextChoices):
        CREATING = "creating", "wird angelegt"
        OPEN = "open", "offen"
        PROCESSING = "processing", "Zahlung eingeleitet"
        PAID = "paid", "bezahlt"
        CLOSED = "closed", "geschlossen"
        FAILED = "failed", "gescheitert"

    LIVE = (State.CREATING, State.OPEN)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(
        "invoicing.Invoice",
        models.PROTECT,
        related_name="stripe_requests",
        verbose_name="Rechnung",
    )
    kind = models.CharField("Weg", max_length=7, choices=Kind.choices)
    state = models.CharField("Stand", max_length=10, choices=State.choices, default=State.CREATING)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3)
    livemode = models.BooleanField("echter Betrieb")
    stripe_id = models.CharField(  # noqa: DJ001 — NULL until Stripe has given it one
        "Nummer bei Stripe", max_length=255, null=True, unique=True
    )
    payment_intent = models.CharField("Payment Intent", max_length=255, blank=True)
    url = models.TextField("Adresse", blank=True)
    last_error = models.CharField("letzter Fehler", max_length=300, blank=True)
    expires_at = models.DateTimeField("gilt bis", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Zahlungsaufforderung"
        verbose_name_plural = "Zahlungsaufforderungen"
        ordering = ["-id"]
        indexes = [models.Index(fields=["payment_intent"], name="striperequest_intent")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="striperequest_above_zero"),
            models.UniqueConstraint(
                fields=["invoice", "kind"],
                condition=Q(state__in=["creating", "open"]),
                name="striperequest_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} für {self.invoice}"

    @property
    def key(self) -> str:
        """The idempotency key: asking again is the same act, also after a crash."""
        return f"{self.kind}-{self.uuid}"


class StripeCharge(models.Model):
    """Money that a customer paid through Stripe; without a payment it is not assigned."""

    payment_intent = models.CharField("Payment Intent", max_length=255, unique=True)
    charge_id = models.CharField("Charge", max_length=255, blank=True, db_index=True)
    request = models.ForeignKey(
        StripeRequest, models.PROTECT, null=True, related_name="charges", verbose_name="Anforderung"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3)
    livemode = models.BooleanField("echter Betrieb")
    payer = models.CharField("Zahler", max_length=200, blank=True)
    reason = models.CharField("Warum nicht zugeordnet", max_length=300, blank=True)
    payment = models.OneToOneField(
        "payments.Payment",
        models.PROTECT,
        null=True,
        related_name="stripe_charge",
        verbose_name="Zahlung",
    )
    fee_known = models.BooleanField("Gebühr gebucht", default=False)
    paid_at = models.DateTimeField("gezahlt am")

    class Meta:
        verbose_name = "Stripe-Zahlung"
        verbose_name_plural = "Stripe-Zahlungen"
        ordering = ["-id"]
        triggers = frozen(
            "payment_intent",
            "payment",
            "amount",
            "currency",
            once=pgtrigger.Q(old__payment__isnull=False),
        )

    def __str__(self) -> str:
        return f"{self.payment_intent}"

    def get_absolute_url(self) -> str:
        return reverse("payments:stripe_charge", args=[self.pk])


class StripeRefund(models.Model):
    """Money given back through Stripe, from here or from their dashboard."""

    class State(models.TextChoices):
        CREATING = "creating", "wird angelegt"
        PENDING = "pending", "unterwegs"
        SUCCEEDED = "succeeded", "erstattet"
        FAILED = "failed", "gescheitert"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    refund_id = models.CharField(  # noqa: DJ001 — NULL until Stripe has given it one
        "Erstattung", max_length=255, null=True, unique=True
    )
    charge = models.ForeignKey(
        StripeCharge, models.PROTECT, related_name="refunds", verbose_name="Stripe-Zahlung"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    state = models.CharField("Stand", max_length=9, choices=State.choices, default=State.CREATING)
    error = models.CharField("Fehler", max_length=300, blank=True)
    payment = models.OneToOneField(
        "payments.Payment",
        models.PROTECT,
        null=True,
        related_name="stripe_refund",
        verbose_name="Auszahlung",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Stripe-Erstattung"
        verbose_name_plural = "Stripe-Erstattungen"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="striperefund_above_zero"),
        ]

    def __str__(self) -> str:
        return self.refund_id or f"Erstattung {self.uuid}"


class StripeDispute(models.Model):
    """A customer's bank takes money back; what it took and gave again is booked."""

    dispute_id = models.CharField("Rückbelastung", max_length=255, unique=True)
    charge = models.ForeignKey(
        StripeCharge, models.PROTECT, related_name="disputes", verbose_name="Stripe-Zahlung"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    status = models.CharField("Stand", max_length=40)
    reason = models.CharField("Grund", max_length=60, blank=True)
    payment = models.OneToOneField(
        "payments.Payment",
        models.PROTECT,
        null=True,
        related_name="stripe_dispute",
        verbose_name="Auszahlung",
    )
    created_at = models.DateTimeField("eröffnet am")

    class Meta:
        verbose_name = "Rückbelastung"
        verbose_name_plural = "Rückbelastungen"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.dispute_id

    @property
    def word(self) -> str:
        """What it has come to."""
        return DISPUTES.get(self.status, self.status)


DISPUTES = {
    "warning_needs_response": "Anfrage der Bank",
    "warning_under_review": "Anfrage wird geprüft",
    "warning_closed": "Anfrage erledigt",
    "needs_response": "Antwort nötig",
    "under_review": "wird geprüft",
    "won": "gewonnen",
    "lost": "verloren",
    "prevented": "abgewendet",
}


class StripePayout(models.Model):
    """What Stripe sends to our bank account, with the movements that it is made of."""

    class State(models.TextChoices):
        PENDING = "pending", "geplant"
        IN_TRANSIT = "in_transit", "unterwegs"
        PAID = "paid", "überwiesen"
        FAILED = "failed", "gescheitert"
        CANCELED = "canceled", "abgebrochen"

    payout_id = models.CharField("Auszahlung", max_length=255, unique=True)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    currency = models.CharField("Währung", max_length=3)
    arrival_date = models.DateField("auf dem Konto am")
    state = models.CharField("Stand", max_length=10, choices=State.choices)
    trace_id = models.CharField("Kennung der Überweisung", max_length=255, blank=True)
    is_itemised = models.BooleanField("aufgeschlüsselt", default=False)
    error = models.CharField("Fehler", max_length=300, blank=True)
    arrival = models.OneToOneField(
        "workmate.Entry", models.PROTECT, null=True, related_name="+", verbose_name="Eingang"
    )

    class Meta:
        verbose_name = "Stripe-Auszahlung"
        verbose_name_plural = "Stripe-Auszahlungen"
        ordering = ["-arrival_date", "-id"]

    def __str__(self) -> str:
        return f"Stripe-Auszahlung vom {self.arrival_date:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("payments:stripe_payout", args=[self.pk])


class StripeMovement(models.Model):
    """A movement of our balance at Stripe that a payout consists of."""

    payout = models.ForeignKey(
        StripePayout, models.PROTECT, related_name="movements", verbose_name="Auszahlung"
    )
    movement_id = models.CharField("Bewegung", max_length=255, unique=True)
    category = models.CharField("Art", max_length=60)
    source_id = models.CharField("wovon", max_length=255, blank=True)
    description = models.CharField("Text", max_length=300, blank=True)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    fee = models.DecimalField("Gebühr", max_digits=14, decimal_places=2)
    net = models.DecimalField("netto", max_digits=14, decimal_places=2)
    happened_at = models.DateTimeField("geschehen am")
    entry = models.OneToOneField(
        "workmate.Entry", models.PROTECT, null=True, related_name="+", verbose_name="Buchung"
    )

    class Meta:
        verbose_name = "Stripe-Bewegung"
        verbose_name_plural = "Stripe-Bewegungen"
        ordering = ["happened_at", "id"]

    def __str__(self) -> str:
        return self.movement_id
