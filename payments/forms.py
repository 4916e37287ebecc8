"""What a person types to deduct, to use credits and to take payments back."""

import base64
import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate

from payments import errors
from payments.models import Deduction, Payment
from workmate.forms import AmountField, DateField, Form
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.ledger.tables import MOST_BYTES
from workmate.money import format_amount, format_date


class PastDateField(DateField):
    """A day up to today: money is recorded when it has moved."""

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and day > localdate():
            raise forms.ValidationError(errors.IN_THE_FUTURE(day=format_date(day)).message)
        return day


class TakeOverForm(Form):
    """A file with old open items; once it is checked its bytes travel in `content`."""

    file = forms.FileField(label="CSV-Datei", required=False)
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    filename = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    on = PastDateField(
        label="Tag der Übernahme",
        help_text="Erster Tag der Bücher hier. Die Rechnungen behalten ihr eigenes Datum.",
    )

    def clean(self) -> dict[str, Any]:
        """Put the bytes into `data`, whichever way they came."""
        found: dict[str, Any] = super().clean() or {}
        file = found.get("file")
        if file and file.size > MOST_BYTES:
            self.add_error("file", "Die Datei ist größer als 5 MB.")
        elif file:
            found |= {"data": file.read(), "filename": file.name}
        elif found.get("content"):
            found["data"] = self._decoded(found["content"])
        else:
            self.add_error("file", "Bitte wählen Sie eine Datei.")
        return found

    def _decoded(self, content: str) -> bytes:
        try:
            return base64.b64decode(content, validate=True)
        except ValueError:
            self.add_error("file", "Bitte wählen Sie die Datei noch einmal.")
            return b""


class ReversalForm(Form):
    """When the books show that a payment was taken back, and why."""

    on = PastDateField(label="Datum des Stornos")
    reason = forms.CharField(label="Grund", max_length=200)


class ReturnForm(Form):
    """When the bank took the money back, why, and what it charged for that."""

    on = PastDateField(label="Datum der Rückgabe", help_text="Der Tag, an dem das Geld abging.")
    reason = forms.CharField(
        label="Grund laut Bank",
        max_length=180,
        help_text="Zum Beispiel: Widerspruch, Konto erloschen.",
    )
    fee = AmountField(label="Gebühr der Bank", required=False, min_value=Decimal(0))


class FeeForm(Form):
    """What was kept of a payment, for what, when."""

    amount = AmountField(label="Betrag", min_value=Decimal("0.01"))
    text = forms.CharField(label="Wofür", max_length=100)
    on = PastDateField(label="Datum")


class RefundForm(Form):
    """How much of a credit is paid out, when, from where and how."""

    amount = AmountField(label="Betrag", min_value=Decimal("0.01"))
    on = PastDateField(label="Datum")
    money_account = forms.ModelChoiceField(
        MoneyAccount.objects.filter(is_active=True), label="Geldkonto", empty_label=None
    )
    method = forms.ChoiceField(label="Zahlungsart", choices=Payment.Method.choices)


class DeductionForm(Form):
    """Skonto or write-off: how much, when, why."""

    kind = forms.ChoiceField(label="Art", choices=Deduction.Kind.choices, widget=forms.RadioSelect)
    amount = AmountField(label="Betrag", min_value=Decimal("0.01"))
    on = PastDateField(label="Datum", help_text="Bei Skonto der Tag der Zahlung.")
    reason = forms.CharField(
        label="Grund", max_length=200, required=False, help_text="Nötig für eine Ausbuchung."
    )


class OpenItemField(forms.ModelChoiceField):
    """An open item with what is owed on it."""

    def label_from_instance(self, item: OpenItem) -> str:
        return f"{item}, offen {format_amount(item.outstanding)} {item.currency}"


class SettlementForm(Form):
    """For which claim a credit is used, how much of it, and when."""

    amount = AmountField(label="Betrag", min_value=Decimal("0.01"))
    on = PastDateField(label="Datum")

    def __init__(self, *args: Any, items: OpenItemQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["open_item"] = OpenItemField(items, label="Rechnung", empty_label=None)


class CashBoxForm(Form):
    """What a new cash box is called."""

    name = forms.CharField(label="Bezeichnung", max_length=100, initial="Kasse")


class ClosingForm(Form):
    """What was counted in a cash box, and how a difference came about."""

    day = PastDateField(label="Tag")
    counted = AmountField(label="Gezählt", min_value=Decimal(0))
    note = forms.CharField(
        label="Bemerkung", max_length=200, required=False, help_text="Nötig bei einer Differenz."
    )
