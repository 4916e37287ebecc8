"""What a booking of the bank is when its words say so."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class BankRule(models.Model):
    """Bookings with these marks are set aside, and posted to an account where one is named.

    All marks that are given must be there; the amounts know no sign. The rule with the smallest
    rank decides. `problem` says why it failed in the last run (German); empty where it did not.
    """

    class Direction(models.TextChoices):
        ANY = "any", "Ein- und Ausgänge"
        IN = "in", "nur Eingänge"
        OUT = "out", "nur Ausgänge"

    name = models.CharField("Bezeichnung", max_length=100)
    rank = models.PositiveSmallIntegerField(
        "Rang", default=100, help_text="Passen mehrere Regeln, gilt die mit dem kleinsten Rang."
    )
    direction = models.CharField(
        "Richtung", max_length=3, choices=Direction.choices, default=Direction.ANY
    )
    contains = models.CharField(
        "Text enthält",
        max_length=100,
        blank=True,
        help_text="In Name, Verwendungszweck oder Buchungstext; Groß und Klein sind gleich.",
    )
    pattern = models.CharField(
        "Regulärer Ausdruck",
        max_length=200,
        blank=True,
        help_text="Für Geübte, zum Beispiel „abschluss.*(quartal|monat)“.",
    )
    iban = models.CharField("IBAN der Gegenseite", max_length=34, blank=True)
    amount_from = models.DecimalField(
        "Betrag ab",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Ohne Vorzeichen; leer: ab jedem Betrag.",
    )
    amount_to = models.DecimalField(
        "Betrag bis",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Ohne Vorzeichen; leer: bis zu jedem Betrag.",
    )
    account = models.ForeignKey(
        "workmate.Account",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="Buchen auf",
        help_text="Ohne Umsatzsteuer; leer: nur ausscheiden.",
    )
    is_active = models.BooleanField("aktiv", default=True)
    problem = models.CharField("letztes Problem", max_length=200, blank=True, editable=False)
    problem_at = models.DateTimeField("Problem seit", null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    class Meta:
        verbose_name = "Regel"
        verbose_name_plural = "Regeln"
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(contains="", pattern="", iban=""),
                name="bank_rule_has_a_mark",
                violation_error_message="Nennen Sie einen Text, einen Ausdruck oder eine IBAN.",
            ),
            models.CheckConstraint(
                condition=(Q(amount_from=None) | Q(amount_from__gte=0))
                & (Q(amount_to=None) | Q(amount_to__gte=0))
                & (
                    Q(amount_from=None)
                    | Q(amount_to=None)
                    | Q(amount_from__lte=models.F("amount_to"))
                ),
                name="bank_rule_amounts",
                violation_error_message="Beträge stehen ohne Vorzeichen da, der kleinere zuerst.",
            ),
            models.CheckConstraint(
                condition=Q(problem="", problem_at=None)
                | ~Q(problem="") & Q(problem_at__isnull=False),
                name="bank_rule_problem_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("banking:rule", args=[self.pk])
