"""A bank account whose statements we read."""

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from workmate.ledger.models import Line, MoneyAccount


class BankAccountQuerySet(QuerySet["BankAccount"]):
    def with_work(self) -> "BankAccountQuerySet":
        """With `open_count` (transactions to decide) and `last_on` (last booking day known).

        `cash` is what a cash box holds by the books (EUR).
        """
        from banking.models.transaction import Transaction

        cash = Line.objects.filter(
            account=OuterRef("money_account__account"),
            account__moneyaccount__kind=MoneyAccount.Kind.CASH,
        ).order_by()
        own = Transaction.objects.filter(account=OuterRef("pk"))
        waiting = own.filter(state=Transaction.State.OPEN).order_by().values("account")
        booked = own.filter(status=Transaction.Status.BOOKED).order_by("-booked_on", "-pk")
        return self.annotate(
            open_count=Coalesce(Subquery(waiting.values(n=Count("pk"))), 0),
            cash=Subquery(cash.values("account").values(sum=Sum("amount"))),
            last_on=Subquery(booked.values("booked_on")[:1]),
        )


class BankAccount(models.Model):
    """What banking adds to a money account.

    `balance` is what the bank reported last, at the end of `balance_on`.
    """

    money_account = models.OneToOneField(
        "workmate.MoneyAccount", models.PROTECT, related_name="bank_account"
    )
    balance = models.DecimalField(
        "Kontostand laut Bank", max_digits=14, decimal_places=2, null=True, editable=False
    )
    balance_on = models.DateField("Stand vom", null=True, editable=False)
    balance_from = models.ForeignKey(
        "banking.StatementImport",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="Stand aus",
    )

    # On the morning of that day, before its first booking; in the currency of the account.
    opening_balance = models.DecimalField(
        "Anfangsbestand", max_digits=14, decimal_places=2, null=True, editable=False
    )
    opening_on = models.DateField("Anfangsbestand vom", null=True, editable=False)
    opening_entry = models.OneToOneField(
        "workmate.Entry",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="Buchung des Anfangsbestands",
    )
    note = models.TextField("Notiz", blank=True, max_length=2000)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Bankkonto"
        verbose_name_plural = "Bankkonten"
        ordering = ["money_account__name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opening_balance=None, opening_on=None, opening_entry=None)
                | Q(
                    opening_balance__isnull=False,
                    opening_on__isnull=False,
                    opening_entry__isnull=False,
                ),
                name="bank_account_opening_is_posted",
            )
        ]

    def __str__(self) -> str:
        return self.money_account.name

    def get_absolute_url(self) -> str:
        return reverse("banking:account", args=[self.pk])
