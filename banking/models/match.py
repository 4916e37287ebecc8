"""What became of a transaction: matched with open items, or set aside."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from banking.models.transaction import touches_transaction
from workmate.immutable import frozen


class MatchQuerySet(models.QuerySet["Match"]):
    def live(self) -> "MatchQuerySet":
        """Those that hold: not undone, and the payment was not reversed elsewhere either."""
        return self.filter(undone_at=None, payment__reversal__isnull=True)


class Match(models.Model):
    """A transaction made exactly one payment. Undoing reverses it and keeps this row."""

    transaction = models.ForeignKey("banking.Transaction", models.PROTECT, related_name="matches")
    payment = models.OneToOneField("payments.Payment", models.PROTECT, related_name="match")
    automatic = models.BooleanField("automatisch")
    score = models.PositiveSmallIntegerField("Punkte (0 bis 100)")
    reasons = models.JSONField("Gründe", default=list)
    run = models.ForeignKey(
        "workmate.JobRun",
        models.PROTECT,
        null=True,
        related_name="matches",
        verbose_name="Zuordnungslauf",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("zugeordnet am", auto_now_add=True)
    undone_at = models.DateTimeField("aufgehoben am", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = "Zuordnung"
        verbose_name_plural = "Zuordnungen"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["transaction"], condition=Q(undone_at=None), name="match_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="match_undone_by_somebody",
            ),
        ]
        triggers = [
            *frozen(
                "transaction",
                "payment",
                "automatic",
                "score",
                "reasons",
                "run",
                "created_by",
                "created_at",
                once=pgtrigger.Q(old__id__gt=0),
            ),
            pgtrigger.Protect(
                name="undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
            touches_transaction(),
        ]

    def __str__(self) -> str:
        return f"{self.transaction} ({self.score})"

    @property
    def is_live(self) -> bool:
        """Whether it holds; ask for `payment__reversal` along with the rows."""
        return self.undone_at is None and not hasattr(self.payment, "reversal")


class StoredProposal(models.Model):
    """The best proposal for a transaction that the last run left for a person.

    It may have aged: whoever accepts it by its `key` is told where it reads differently by then.
    """

    transaction = models.OneToOneField(
        "banking.Transaction", models.CASCADE, related_name="proposal", verbose_name="Umsatz"
    )
    score = models.PositiveSmallIntegerField("Punkte (0 bis 100)")
    reasons = models.JSONField("Gründe", default=list)
    against = models.JSONField("Einwände", default=list)
    effect = models.TextField("Wirkung")
    key = models.CharField("Schlüssel", max_length=16)
    created_at = models.DateTimeField("gefunden am", auto_now_add=True)

    class Meta:
        verbose_name = "gespeicherter Vorschlag"
        verbose_name_plural = "gespeicherte Vorschläge"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.effect


class OwnTransfer(models.Model):
    """Money moved between two accounts of ours: what went out and what came in, through transit."""

    out = models.OneToOneField(
        "banking.Transaction", models.PROTECT, related_name="+", verbose_name="Abgang"
    )
    into = models.OneToOneField(
        "banking.Transaction", models.PROTECT, related_name="+", verbose_name="Eingang"
    )
    left = models.OneToOneField(
        "workmate.Entry", models.PROTECT, related_name="+", verbose_name="Buchung des Abgangs"
    )
    entered = models.OneToOneField(
        "workmate.Entry", models.PROTECT, related_name="+", verbose_name="Buchung des Eingangs"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("am", auto_now_add=True)

    class Meta:
        verbose_name = "eigene Umbuchung"
        verbose_name_plural = "eigene Umbuchungen"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.out.account} an {self.into.account}"


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    def decisions(self) -> "DismissalQuerySet":
        """One for each decision: of an own transfer only the side that went out."""
        return self.exclude(transfer__isnull=False, transaction__amount__gt=0)


class Dismissal(models.Model):
    """That a transaction needs no payment: private withdrawal, own transfer, bank fee.

    Where it is the arrival of a payout, `payout` says which; each arrives once. Both sides of an
    own transfer name it as `transfer`; `entry` is what was posted to an account of the chart.
    `run` is the run of the matcher that decided it.
    """

    transaction = models.OneToOneField(
        "banking.Transaction", models.PROTECT, related_name="dismissal"
    )
    reason = models.CharField("Grund", max_length=200)
    payout = models.OneToOneField(
        "payments.StripePayout",
        models.PROTECT,
        null=True,
        related_name="bank_row",
        verbose_name="Stripe-Auszahlung",
    )
    entry = models.OneToOneField(
        "workmate.Entry", models.PROTECT, null=True, related_name="+", verbose_name="Buchung"
    )
    transfer = models.ForeignKey(
        OwnTransfer,
        models.PROTECT,
        null=True,
        related_name="rows",
        verbose_name="eigene Umbuchung",
    )
    run = models.ForeignKey(
        "workmate.JobRun",
        models.PROTECT,
        null=True,
        related_name="dismissals",
        verbose_name="Zuordnungslauf",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("am", auto_now_add=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        verbose_name = "ausgeschiedener Umsatz"
        verbose_name_plural = "ausgeschiedene Umsätze"
        ordering = ["-id"]
        triggers = [touches_transaction()]

    def __str__(self) -> str:
        return self.reason
