"""A bank account whose statements we read."""

from django.db import models
from django.urls import reverse


class BankAccount(models.Model):
    """What banking adds to a money account: the balance that the bank reported last."""

    money_account = models.OneToOneField(
        "workmate.MoneyAccount", models.PROTECT, related_name="bank_account"
    )
    balance = models.DecimalField(
        "Kontostand laut Bank",
        max_digits=14,
        decimal_places=2,
        null=True,
        editable=False,
    )
    balance_on = models.DateField("Stand vom", null=True, editable=False)

    class Meta:
        verbose_name = "Bankkonto"
        verbose_name_plural = "Bankkonten"
        ordering = ["money_account__name", "id"]

    def __str__(self) -> str:
        return self.money_account.name

    def get_absolute_url(self) -> str:
        return reverse("banking:account", args=[self.pk])
