"""What customers allow us to collect, and what we ask our bank to do.

Amounts are in euro and above zero; `Batch.kind` says which way the money goes.
"""

import datetime
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from invoicing.validators import validate_iban
from workmate.immutable import frozen

UNUSED_YEARS = 3  # a mandate ends after 36 months without a debit (EPC016-06, 4.1)


def last_valid_use(on: datetime.date) -> datetime.date:
    """The day 36 months before; a mandate that was used before it has ended."""
    try:
        return on.replace(year=on.year - UNUSED_YEARS)
    except ValueError:  # 29 February
        return on.replace(year=on.year - UNUSED_YEARS, month=3, day=1)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Questions to mandates."""

    def usable(self, on: datetime.date) -> "MandateQuerySet":
        """Those that may be debited on that day: not revoked, not ended, a single one unused."""
        return (
            self.filter(revoked_on=None, signed_on__lte=on)
            .annotate(used=Coalesce("last_used_on", "signed_on"))
            .filter(used__gte=last_valid_use(on))
            .exclude(kind=Mandate.Kind.ONE_OFF, last_used_on__isnull=False)
        )


class Mandate(models.Model):
    """A customer's leave to debit one account. Another account needs another mandate."""

    class Scheme(models.TextChoices):
        CORE = "CORE", "Basislastschrift (CORE)"
        B2B = "B2B", "Firmenlastschrift (B2B)"

    class Kind(models.TextChoices):
        RECURRING = "recurring", "wiederkehrend"
        ONE_OFF = "one_off", "einmalig"

    customer = models.ForeignKey(
        "invoicing.Customer", models.CASCADE, related_name="mandates", verbose_name="Kunde"
    )
    reference = models.CharField("Mandatsreferenz", max_length=35, help_text="BT-89")
    scheme = models.CharField(
        "Verfahren", max_length=4, choices=Scheme.choices, default=Scheme.CORE
    )
    kind = models.CharField("Art", max_length=9, choices=Kind.choices, default=Kind.RECURRING)
    iban = models.CharField("IBAN", max_length=34, validators=[validate_iban], help_text="BT-91")
    holder = models.CharField("Kontoinhaber", max_length=70)
    signed_on = models.DateField("Unterschrieben am")
    last_used_on = models.DateField("zuletzt genutzt am", null=True, blank=True)
    revoked_on = models.DateField("widerrufen am", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "SEPA-Mandat"
        verbose_name_plural = "SEPA-Mandate"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(revoked_on=None), name="mandate_reference_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="as_signed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "customer", "reference", "scheme", "kind", "iban", "holder", "signed_on"
                ),
            ),
            pgtrigger.Protect(
                name="revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__revoked_on__isnull=False,
                    old__revoked_on__df=pgtrigger.F("new__revoked_on"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("payments:mandate", args=[self.pk])

    def ends_on(self) -> datetime.date:
        """The last day on which it may be used, if it stays unused."""
        used = self.last_used_on or self.signed_on
        day = min(used.day, 28) if used.month == 2 else used.day
        return used.replace(year=used.year + UNUSED_YEARS, day=day)

    def state(self, on: datetime.date) -> str:
        """Where it stands, in words."""
        if self.revoked_on:
            return "widerrufen"
        if self.signed_on > on:
            return "noch nicht gültig"
        if self.kind == self.Kind.ONE_OFF and self.last_used_on:
            return "verbraucht"
        used = self.last_used_on or self.signed_on
        return "abgelaufen" if used < last_valid_use(on) else "gültig"

    def next_use(self) -> str:
        """What the next debit is to the payer's bank, in words."""
        if self.kind == self.Kind.ONE_OFF:
            return "einmalig"
        return "Folgelastschrift" if self.last_used_on else "erste Lastschrift"

    def refusal(self, on: datetime.date) -> str:
        """Why nothing can be collected with it on that day; empty where it can."""
        return {
            "widerrufen": f"ist seit dem {self.revoked_on:%d.%m.%Y} widerrufen"
            if self.revoked_on
            else "",
            "noch nicht gültig": f"gilt erst ab dem {self.signed_on:%d.%m.%Y}",
            "verbraucht": "war einmalig und ist verbraucht",
            "abgelaufen": f"ist am {self.ends_on():%d.%m.%Y} abgelaufen, 36 Monate ungenutzt",
        }.get(self.state(on), "")


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions to batches."""

    def with_totals(self) -> "BatchQuerySet":
        """With `count` and `total` (EUR) of their orders, and how many came back."""
        return self.annotate(
            count=Count("orders"),
            total=Coalesce(Sum("orders__amount"), Decimal("0.00")),
            returned=Count("orders", filter=Q(orders__returned_on__isnull=False)),
        )


class Batch(models.Model):
    """Orders to our bank that one file holds. Nothing is sent: people upload the file."""

    class Kind(models.TextChoices):
        DEBIT = "debit", "Lastschriften"
        TRANSFER = "transfer", "Überweisungen"

    class State(models.TextChoices):
        DRAFT = "draft", "Entwurf"
        RELEASED = "released", "freigegeben"
        WRITTEN = "written", "Datei erzeugt"
        EXECUTED = "executed", "ausgeführt"
        DISCARDED = "discarded", "verworfen"

    kind = models.CharField("Art", max_length=8, choices=Kind.choices)
    scheme = models.CharField("Verfahren", max_length=4, choices=Mandate.Scheme.choices, blank=True)
    money_account = models.ForeignKey(
        "workmate.MoneyAccount", models.PROTECT, related_name="+", verbose_name="Bankkonto"
    )
    collective = models.BooleanField(
        "als Sammler buchen",
        default=False,
        help_text="Die Bank bucht dann je Tag eine Summe statt jede Position einzeln.",
    )
    state = models.CharField("Stand", max_length=9, choices=State.choices, default=State.DRAFT)
    message_id = models.CharField("Nachrichten-ID", max_length=35, blank=True)
    file = models.ForeignKey("workmate.Document", models.PROTECT, null=True, related_name="+")
    alone = models.BooleanField("ohne zweite Person freigegeben", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="angelegt von"
    )
    created_at = models.DateTimeField("angelegt am", auto_now_add=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="freigegeben von",
    )
    released_at = models.DateTimeField("freigegeben am", null=True)
    written_at = models.DateTimeField("Datei erzeugt am", null=True)
    executed_on = models.DateField("ausgeführt am", null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "SEPA-Auftrag"
        verbose_name_plural = "SEPA-Aufträge"
        ordering = ["-id"]
        permissions = [("release_batch", "SEPA-Aufträge freigeben")]
        constraints = [
            models.CheckConstraint(
                condition=Q(alone=True) | Q(released_by=None) | ~Q(released_by=F("created_by")),
                name="batch_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "written", "executed"])
                | Q(released_by__isnull=False),
                name="batch_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["written", "executed"]) | Q(file__isnull=False),
                name="batch_written_has_file",
            ),
            models.CheckConstraint(
                condition=Q(kind="debit", scheme__in=["CORE", "B2B"])
                | Q(kind="transfer", scheme=""),
                name="batch_debit_has_scheme",
            ),
        ]
        triggers = [
            *frozen(
                "kind",
                "scheme",
                "money_account",
                "collective",
                "message_id",
                "file",
                "alone",
                "created_by",
                "released_by",
                "released_at",
                "written_at",
                once=pgtrigger.Q(old__file__isnull=False),
            ),
            pgtrigger.Protect(
                name="ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="discarded"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} Nr. {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("payments:batch", args=[self.pk])

    @property
    def is_debit(self) -> bool:
        return self.kind == self.Kind.DEBIT


class OrderQuerySet(models.QuerySet["Order"]):
    """Questions to orders."""

    def live(self) -> "OrderQuerySet":
        """Those that may still move money, or have moved it for good."""
        return self.filter(ended_at=None)


# What somebody has released must stay what it was.
ONLY_IN_DRAFT = """
    IF (SELECT state FROM payments_batch WHERE id = coalesce(NEW.batch_id, OLD.batch_id))
       IS DISTINCT FROM 'draft' THEN
        RAISE EXCEPTION 'the orders of a released batch stay as they are'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class Order(models.Model):
    """One movement of a batch: an invoice that is collected, or a credit or debt that is paid.

    It is live until it comes back or its batch is discarded: an open item has one live order.
    """

    class Sequence(models.TextChoices):
        FIRST = "FRST", "erste"
        RECURRING = "RCUR", "folgende"
        ONE_OFF = "OOFF", "einmalige"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="orders")
    open_item = models.ForeignKey("workmate.OpenItem", models.PROTECT, related_name="orders")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="orders")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    due_on = models.DateField("Termin")
    sequence = models.CharField("Folge", max_length=4, choices=Sequence.choices, blank=True)
    name = models.CharField("Name", max_length=70)
    iban = models.CharField("IBAN", max_length=34, validators=[validate_iban])
    purpose = models.CharField("Verwendungszweck", max_length=140)
    end_to_end_id = models.CharField("End-to-End-Referenz", max_length=35, unique=True)
    ended_at = models.DateTimeField("beendet am", null=True)
    returned_on = models.DateField("zurückgegeben am", null=True)
    return_reason = models.CharField("Grund der Rückgabe", max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "SEPA-Position"
        verbose_name_plural = "SEPA-Positionen"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["open_item"], condition=Q(ended_at=None), name="order_open_item_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="order_above_zero"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="as_ordered",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "batch",
                    "open_item",
                    "mandate",
                    "amount",
                    "name",
                    "iban",
                    "purpose",
                    "end_to_end_id",
                ),
            ),
            pgtrigger.Trigger(
                name="only_in_draft",
                operation=pgtrigger.Insert | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=ONLY_IN_DRAFT,
            ),
            pgtrigger.Protect(
                name="ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_item}: {self.name}"
