"""What a person types about mandates and batches."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from payments.forms import PastDateField
from payments.models import Batch, Mandate
from payments.sepa.transferring import Transfer
from workmate.forms import AmountField, DateField, Form
from workmate.ledger.models import MoneyAccount, OpenItem


class MandateForm(Form):
    """A mandate as it was signed."""

    reference = forms.CharField(
        label="Mandatsreferenz",
        max_length=35,
        help_text="Wie auf dem unterschriebenen Mandat; steht auf jeder Rechnung (BT-89).",
    )
    signed_on = PastDateField(label="Unterschrieben am")
    iban = forms.CharField(label="IBAN", max_length=42)
    holder = forms.CharField(
        label="Kontoinhaber", max_length=70, required=False, help_text="Leer: der Kunde selbst."
    )
    scheme = forms.ChoiceField(
        label="Verfahren",
        choices=Mandate.Scheme.choices,
        help_text="Firmenlastschriften müssen Kunden auch ihrer Bank bestätigen.",
    )
    kind = forms.ChoiceField(label="Art", choices=Mandate.Kind.choices)


class AccountField(forms.ModelChoiceField):
    """A bank account that SEPA orders can be charged to or credited on."""

    def __init__(self, **kwargs: Any) -> None:
        rows = MoneyAccount.objects.filter(
            kind=MoneyAccount.Kind.BANK, is_active=True, currency="EUR"
        )
        super().__init__(rows.exclude(iban=""), empty_label=None, **kwargs)

    def label_from_instance(self, account: MoneyAccount) -> str:
        return f"{account.name}, {account.iban}"


class UntilForm(Form):
    """Up to which due date invoices are offered."""

    until = DateField(label="Fällig bis", required=False)


class CollectForm(Form):
    """Which account takes the money, and how the bank shows it."""

    scheme = forms.ChoiceField(label="Verfahren", choices=Mandate.Scheme.choices)
    money_account = AccountField(label="Gutschrift auf")
    collective = forms.BooleanField(
        label="Als Sammler gutschreiben lassen",
        required=False,
        help_text=str(Batch._meta.get_field("collective").help_text)
        + " Einzeln findet der Bankabgleich jede Rechnung und jede Rückgabe.",
    )


class TransferForm(Form):
    """Which credits are paid out to which account; fields of a row: `amount_7`, `iban_7`."""

    money_account = AccountField(label="Von Konto")

    def __init__(
        self, *args: Any, items: Sequence[OpenItem], ibans: dict[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"chosen_{item.pk}"] = forms.BooleanField(required=False)
            self.fields[f"amount_{item.pk}"] = AmountField(
                label="Betrag", required=False, initial=-item.outstanding
            )
            self.fields[f"iban_{item.pk}"] = forms.CharField(
                label="IBAN",
                max_length=42,
                required=False,
                initial=ibans.get(item.partner_id, ""),
            )
            for name, label in (("chosen", "wählen"), ("amount", "Betrag"), ("iban", "IBAN")):
                attrs = self.fields[f"{name}_{item.pk}"].widget.attrs
                attrs["aria-label"] = f"{item}: {label}"

    def rows(self) -> list[tuple[OpenItem, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each item with its three fields."""
        return [
            (item, self[f"chosen_{item.pk}"], self[f"amount_{item.pk}"], self[f"iban_{item.pk}"])
            for item in self.items
        ]

    def transfers(self) -> list[Transfer]:
        """What was chosen."""
        data = self.cleaned_data
        return [
            Transfer(item, data[f"amount_{item.pk}"] or Decimal(0), data[f"iban_{item.pk}"])
            for item in self.items
            if data[f"chosen_{item.pk}"]
        ]


class OrderReturnForm(Form):
    """When an order came back, why, and what the bank took for it."""

    on = PastDateField(label="Zurückgegeben am")
    reason = forms.CharField(label="Grund", max_length=150)
    fee = AmountField(label="Gebühr der Bank", required=False, min_value=Decimal(0))


def a_fortnight_after(on: datetime.date) -> datetime.date:
    """How far ahead invoices are offered at first."""
    return on + datetime.timedelta(days=14)
