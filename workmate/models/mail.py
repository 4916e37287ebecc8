"""How mail leaves, and what stays here because nothing may leave."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from workmate.encryption import EncryptedTextField
from workmate.immutable import append_only

LOOPBACK = {"localhost", "127.0.0.1"}


class MailAccount(models.Model):
    """The server that takes our mail; one row, or none before it is set up."""

    class Security(models.TextChoices):
        STARTTLS = "starttls", "STARTTLS"
        TLS = "tls", "TLS"
        NONE = "none", "keine"

    host = models.CharField(
        "Server",
        max_length=253,
        validators=[RegexValidator(r"\A[\w.-]+\Z", "Nur der Name, zum Beispiel mail.firma.de.")],
    )
    port = models.PositiveIntegerField(
        "Port", default=587, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(
        "Verschlüsselung", max_length=8, choices=Security.choices, default=Security.STARTTLS
    )
    user = models.CharField("Benutzername", max_length=254, blank=True)
    password = EncryptedTextField("Passwort", blank=True)
    sender = models.EmailField("Absender")
    reply_to = models.EmailField("Antworten an", blank=True)
    copy_to_self = models.BooleanField("Blindkopie an den Absender", default=False)

    class Meta:
        verbose_name = "Postausgangsserver"
        verbose_name_plural = "Postausgangsserver"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="mailaccount_only_one"),
            models.CheckConstraint(
                condition=~Q(security="none") | Q(user="") | Q(host__in=sorted(LOOPBACK)),
                name="mailaccount_no_password_in_clear",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def clean(self) -> None:
        """A password goes over an encrypted line only."""
        if self.security == self.Security.NONE and self.user and self.host not in LOOPBACK:
            text = (
                "Ohne Verschlüsselung wird kein Passwort übertragen. Wählen Sie STARTTLS oder TLS."
            )
            raise ValidationError({"security": text})
        if bool(self.user) != bool(self.password):
            missing = "password" if self.user else "user"
            text = "Benutzername und Passwort gehören zusammen."
            raise ValidationError({missing: text})


class OutboxMessage(models.Model):
    """A message that was kept here instead of being sent: the demo lets nothing out."""

    message_id = models.CharField("Message-ID", max_length=250)
    sender = models.CharField("Absender", max_length=254)
    recipients = models.JSONField("Empfänger")
    subject = models.CharField("Betreff", max_length=250)
    raw = models.BinaryField("Nachricht")
    created_at = models.DateTimeField("aufgefangen am", auto_now_add=True)

    class Meta:
        verbose_name = "aufgefangene Nachricht"
        verbose_name_plural = "aufgefangene Nachrichten"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("outbox_message", args=[self.pk])

    @property
    def to(self) -> str:
        """Who it was meant for, in one line."""
        return ", ".join(self.recipients)
