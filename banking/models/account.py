"""A bank account whose statements we read."""

from django.db import models
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse


class BankAccountQuerySet(QuerySet["BankAccount"]):
    def with_work(self) -> "BankAccountQuerySet":
        """With `open_count` (transactions to decide) and `last_on` (last booking day known)."""
        from banking.models.transaction import Transaction

        own = Transaction.objects.filter(account=OuterRef("pk")).order_by().values("account")
        return self.annotate(
            open_count=Coalesce(
                Subquery(own.filter(state=Transaction.State.OPEN).values(n=Count("pk"))), 0
            ),
            last_on=Subquery(own.filter(~Q(status="pending")).values(last=Max("booked_on"))),
        )


class BankAccount(models.Model):
    """What banking adds to a money account: the balance that the bank reported last."""

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

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Bankkonto"
        verbose_name_plural = "Bankkonten"
        ordering = ["money_account__name", "id"]

    def __str__(self) -> str:
        return self.money_account.name

    def get_absolute_url(self) -> str:
        return reverse("banking:account", args=[self.pk])
