"""Whom one speaks to at a customer, and what was spoken."""

from django.conf import settings
from django.db import models


class Contact(models.Model):
    """A person at a customer; documents copy name, telephone and e-mail (BT-56 to BT-58)."""

    customer = models.ForeignKey(
        "invoicing.Customer", models.CASCADE, related_name="contacts", verbose_name="Kunde"
    )
    first_name = models.CharField("Vorname", max_length=75, blank=True)
    last_name = models.CharField("Nachname", max_length=75)
    position = models.CharField("Funktion", max_length=100, blank=True)
    department = models.CharField("Abteilung", max_length=100, blank=True)
    email = models.EmailField("E-Mail-Adresse", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    mobile = models.CharField("Mobil", max_length=40, blank=True)
    notes = models.TextField("Interne Notiz", blank=True)
    is_primary = models.BooleanField("Hauptansprechpartner", default=False)
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Ansprechpartner"
        verbose_name_plural = "Ansprechpartner"
        ordering = ["-is_primary", "last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_primary=True),
                name="contact_one_primary_a_customer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Activity(models.Model):
    """A call, a meeting, a note: what happened with a customer, written by a person."""

    class Kind(models.TextChoices):
        NOTE = "note", "Notiz"
        CALL = "call", "Telefonat"
        EMAIL = "email", "E-Mail"
        MEETING = "meeting", "Treffen"
        LETTER = "letter", "Brief"

    customer = models.ForeignKey(
        "invoicing.Customer", models.CASCADE, related_name="activities", verbose_name="Kunde"
    )
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="Ansprechpartner",
    )
    kind = models.CharField("Art", max_length=7, choices=Kind.choices, default=Kind.NOTE)
    description = models.TextField("Was war", max_length=4000)
    occurred_at = models.DateTimeField("am")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="von"
    )
    created_at = models.DateTimeField("eingetragen am", auto_now_add=True)

    class Meta:
        verbose_name = "Aktivität"
        verbose_name_plural = "Aktivitäten"
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["customer", "-occurred_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.description.partition(chr(10))[0][:80]}"
