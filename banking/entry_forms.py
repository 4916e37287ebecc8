"""What people fill in about single bookings: kind and category, a booking by hand, its reversal."""

from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate

from banking import iban
from banking.models import BankAccount, Category, Transaction
from workmate.forms import AmountField, DateField, Form
from workmate.ledger.models import MoneyAccount

KEEP = ("", "unverändert")


class CategoriseForm(Form):
    """What the ticked bookings get."""

    kind = forms.ChoiceField(label="Typ", choices=[KEEP, *Transaction.Kind.choices], required=False)
    category = forms.CharField(
        label="Kategorie",
        max_length=60,
        required=False,
        help_text="Leer: unverändert. Eine neue wird angelegt.",
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    clear = forms.BooleanField(label="Kategorie wegnehmen", required=False)

    def known(self) -> list[str]:
        """The categories that there are."""
        return list(Category.objects.values_list("name", flat=True))

    def wanted(self) -> dict[str, Any]:
        """As the act takes it."""
        data = self.cleaned_data
        category = "" if data["clear"] else (data["category"] or None)
        return {"kind": data["kind"], "category": category}


class EntryForm(Form):
    """A booking that no statement brings."""

    account = forms.ModelChoiceField(MoneyAccount.objects.none(), label="Konto", empty_label=None)
    amount = AmountField(label="Betrag", help_text="Eingang mit Plus, Ausgang mit Minus")
    booked_on = DateField(label="Buchungstag")
    value_on = DateField(label="Wertstellung", required=False)
    counterparty_name = forms.CharField(
        label="Auftraggeber / Empfänger", max_length=200, required=False
    )
    counterparty_iban = forms.CharField(label="IBAN der Gegenseite", max_length=42, required=False)
    purpose = forms.CharField(label="Verwendungszweck", max_length=1000, required=False)
    kind = forms.ChoiceField(
        label="Typ",
        choices=[("", "nach dem Vorzeichen"), *Transaction.Kind.choices],
        required=False,
    )
    category = forms.CharField(
        label="Kategorie",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    twin = forms.BooleanField(label="Es ist ein zweiter Umsatz über diesen Betrag", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        if isinstance(account, forms.ModelChoiceField):
            account.queryset = BankAccount.objects.filter(
                money_account__in=MoneyAccount.objects.with_statements()
            ).select_related("money_account")
        self.ask_for_twin(asked="twin" in self.data)

    def ask_for_twin(self, *, asked: bool) -> None:
        """The question stands there once it is one."""
        if not asked:
            self.fields["twin"].widget = forms.HiddenInput()
        else:
            self.fields["twin"].widget = forms.CheckboxInput()

    known = CategoriseForm.known

    def clean_counterparty_iban(self) -> str:
        """The IBAN without spaces, checked."""
        text = "".join(self.cleaned_data["counterparty_iban"].split()).upper()
        if text and not iban.is_valid(text):
            raise forms.ValidationError("Diese IBAN ist nicht gültig.")
        return text

    def clean_booked_on(self) -> date:
        """What has not happened is no booking."""
        day: date = self.cleaned_data["booked_on"]
        if day > localdate():
            raise forms.ValidationError("Der Tag liegt in der Zukunft.")
        return day

    def booking(self) -> dict[str, Any]:
        """As the act takes it, beside the account."""
        return {name: value for name, value in self.cleaned_data.items() if name != "account"}


class ReversalForm(Form):
    """Why a booking entered by hand is taken back."""

    reason = forms.CharField(label="Grund", max_length=200)


class DiscardForm(Form):
    """Why a file of the bank is not read in."""

    reason = forms.CharField(label="Grund", max_length=200)
