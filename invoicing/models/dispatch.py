"""Dispatches: what was sent of a document, when, to whom, and what the mail server said."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from invoicing.models.customer import Customer
from workmate import letters
from workmate.immutable import frozen, no_truncate

EXISTS = pgtrigger.Q(old__id__isnull=False)


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def sent(self) -> "DispatchQuerySet":
        """Those that at least one recipient's server has accepted."""
        return self.filter(state__in=SENT)

    def standing(self) -> "DispatchQuerySet":
        """All but those that were called off."""
        return self.exclude(state=Dispatch.State.CANCELLED)


class Dispatch(models.Model):
    """One act of sending a document (Versand). What it says never changes; its state does.

    `mail` is the message as it left, archived before the first attempt: a retry sends the same
    bytes under the same `message_id`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "wartet"
        SENDING = "sending", "wird versendet"
        SENT = "sent", "versendet"
        PARTIAL = "partial", "teilweise abgelehnt"
        REFUSED = "refused", "abgelehnt"
        CANCELLED = "cancelled", "abgebrochen"
        UNCLEAR = "unclear", "unklar, bitte prüfen"

    invoice = models.ForeignKey(
        "invoicing.Invoice", models.PROTECT, related_name="dispatches", verbose_name="Beleg"
    )
    state = models.CharField(
        "Zustand", max_length=9, choices=State.choices, default=State.QUEUED, editable=False
    )
    language = models.CharField("Sprache", max_length=2, choices=Customer.Language.choices)
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Text", max_length=10_000)
    sender = models.CharField("Absender", max_length=254)
    message_id = models.CharField("Message-ID", max_length=250, unique=True)
    mail = models.ForeignKey(
        "workmate.Document", models.PROTECT, null=True, editable=False, related_name="+"
    )
    captured = models.BooleanField("nur aufgefangen", default=False, editable=False)
    error = models.TextField("Grund", blank=True, editable=False)
    run = models.ForeignKey(
        "workmate.JobRun", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("beauftragt am", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="beauftragt von"
    )
    sent_at = models.DateTimeField("versendet am", null=True, editable=False)
    # Set while the mail server is spoken to; left behind by a worker that died meanwhile.
    handed_over_at = models.DateTimeField("übergeben seit", null=True, editable=False)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["-id"]
        permissions = [("send_invoice", "Rechnungen versenden")]
        indexes = [
            models.Index(fields=["invoice", "-id"]),
            models.Index(fields=["state", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "partial"], sent_at__isnull=False)
                | Q(state__in=["queued", "sending", "refused", "cancelled", "unclear"]),
                name="dispatch_sent_at_a_moment",
            ),
        ]
        triggers = [
            *frozen(
                "invoice",
                "language",
                "subject",
                "text",
                "sender",
                "message_id",
                "created_at",
                "created_by",
                once=EXISTS,
            ),
            pgtrigger.Protect(
                name="mail_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__mail__isnull=False)
                & pgtrigger.Q(old__mail__df=pgtrigger.F("new__mail")),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return f"Versand von {self.invoice}"

    def get_absolute_url(self) -> str:
        return reverse("invoicing:dispatch", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.SENDING)

    @property
    def to(self) -> str:
        """Who it goes to, in one line, without blind copies; needs `recipients` prefetched."""
        found = [one.readable for one in self.recipients.all() if one.role != Recipient.Role.BCC]
        return ", ".join(found)


SENT = (Dispatch.State.SENT, Dispatch.State.PARTIAL)


class Recipient(models.Model):
    """One address of a dispatch, and what its server said. Once accepted, always accepted."""

    class Role(models.TextChoices):
        TO = "to", "An"
        CC = "cc", "Kopie"
        BCC = "bcc", "Blindkopie"

    class State(models.TextChoices):
        OPEN = "open", "offen"
        ACCEPTED = "accepted", "angenommen"
        REFUSED = "refused", "abgelehnt"

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="recipients")
    role = models.CharField("Art", max_length=3, choices=Role.choices)
    address = models.CharField("Adresse", max_length=254)
    state = models.CharField("Zustand", max_length=8, choices=State.choices, default=State.OPEN)
    code = models.PositiveSmallIntegerField("Antwort", default=0)
    answer = models.CharField("Antwort des Servers", max_length=300, blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True)

    class Meta:
        verbose_name = "Empfänger"
        verbose_name_plural = "Empfänger"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "address"], name="recipient_once"),
        ]
        triggers = [
            *frozen("dispatch", "role", "address", once=EXISTS),
            pgtrigger.Protect(
                name="accepted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="accepted")
                & pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
            ),
            no_truncate(),
        ]

    def __str__(self) -> str:
        return self.readable

    @property
    def readable(self) -> str:
        """The address with its umlauts."""
        return letters.readable(self.address)


class MailText(models.Model):
    """Subject and text of the mail that carries a document; without a row the built-in one."""

    language = models.CharField(
        "Sprache", max_length=2, choices=Customer.Language.choices, unique=True
    )
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Text", max_length=10_000)

    class Meta:
        verbose_name = "Versandtext"
        verbose_name_plural = "Versandtexte"
        ordering = ["language"]

    def __str__(self) -> str:
        return self.get_language_display()


def with_dispatch(invoices: Any) -> Any:
    """Each document with `dispatch_state`: what became of its latest dispatch, if there is one."""
    latest = Dispatch.objects.standing().filter(invoice=OuterRef("pk")).order_by("-id")
    return invoices.annotate(dispatch_state=models.Subquery(latest.values("state")[:1]))


def sent(invoices: Any) -> Any:
    """Those that were sent at least once."""
    return invoices.filter(Exists(Dispatch.objects.sent().filter(invoice=OuterRef("pk"))))


def unsent(invoices: Any) -> Any:
    """Issued documents that nobody has been sent yet."""
    done = Dispatch.objects.sent().filter(invoice=OuterRef("pk"))
    return invoices.filter(~Exists(done), status="issued")


def refused(invoices: Any) -> Any:
    """Those whose latest dispatch did not come to everybody, or nobody knows whether it did."""
    bad = [Dispatch.State.REFUSED, Dispatch.State.PARTIAL, Dispatch.State.UNCLEAR]
    return with_dispatch(invoices).filter(dispatch_state__in=bad)
