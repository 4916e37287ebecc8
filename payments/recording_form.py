"""What a person types to record a payment and to spread it over open items."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.timezone import localdate

from payments.deducting import deductible
from payments.forms import PastDateField
from payments.models import Payment
from payments.suggesting import Claim, skonto_taken
from workmate.forms import AmountField, Form
from workmate.ledger.models import MoneyAccount, OpenItem


@dataclass(frozen=True)
class Share:
    """What happens to one open item: paid, kept as Skonto, given up, and what stays open."""

    item: OpenItem
    paid: Decimal
    skonto: Decimal
    written_off: Decimal

    @property
    def left(self) -> Decimal:
        return self.item.outstanding - self.paid - self.skonto - self.written_off


@dataclass(frozen=True)
class Row:
    """One open item of the form with its fields; those that make no sense on it are None."""

    item: OpenItem
    paid: forms.BoundField
    allowed: Decimal
    skonto: forms.BoundField | None
    rest: forms.BoundField | None


class PaymentForm(Form):
    """A payment with fields for each open item: `item_7` paid, `skonto_7`, `rest_7` given up.

    A ticked Skonto counts where it settles what is missing; on the day of the payment, which
    decides how much is granted.
    """

    received_on = PastDateField(label="Datum")
    amount = AmountField(label="Betrag")
    money_account = forms.ModelChoiceField(
        MoneyAccount.objects.filter(is_active=True), label="Geldkonto", empty_label=None
    )
    method = forms.ChoiceField(label="Zahlungsart", choices=Payment.Method.choices)
    reference = forms.CharField(label="Verwendungszweck", max_length=200, required=False)
    fee = AmountField(
        label="Davon Gebühr der Bank",
        required=False,
        min_value=Decimal(0),
        help_text="Die Rechnung gilt voll als bezahlt; dem Geldkonto fehlt die Gebühr.",
    )
    note = forms.CharField(
        label="Interne Notiz", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(
        label="Grund der Ausbuchung",
        max_length=200,
        required=False,
        help_text="Nötig, wenn Sie einen Rest ausbuchen; er steht dann im Prüfpfad.",
    )

    def __init__(
        self, *args: Any, items: Iterable[OpenItem], may_write_off: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = {item.pk: item for item in items}
        self.allowed = deductible(self.items.values(), paid_on=self._day())
        for pk, item in self.items.items():
            self._add(f"item_{pk}", AmountField(required=False), f"Auf {item} zuordnen")
            if self.allowed.get(pk):
                box = forms.BooleanField(required=False, initial=True)
                self._add(f"skonto_{pk}", box, f"Skonto von {item}")
            if may_write_off and pk in self.allowed and item.outstanding > 0:
                box = forms.BooleanField(required=False)
                self._add(f"rest_{pk}", box, f"Rest von {item} ausbuchen")
        foreign_items = any(item.currency != "EUR" for item in self.items.values())
        accounts = MoneyAccount.objects.filter(is_active=True).exclude(currency="EUR")
        if foreign_items or accounts.exists():
            self.fields["euro"] = AmountField(
                label="Gegenwert in Euro",
                required=False,
                help_text="Bei fremder Währung: was auf einem Eurokonto gutgeschrieben wurde oder "
                "am Zahltag wert war. Der Betrag ist dann der in fremder Währung.",
            )

    def rows(self) -> list[Row]:
        """Each open item with its fields."""
        return [
            Row(
                item,
                self[f"item_{pk}"],
                self.allowed.get(pk, Decimal(0)),
                self[f"skonto_{pk}"] if f"skonto_{pk}" in self.fields else None,
                self[f"rest_{pk}"] if f"rest_{pk}" in self.fields else None,
            )
            for pk, item in self.items.items()
        ]

    def claims(self, currency: str) -> list[Claim]:
        """The items in this currency, or where there are none those in that of the first."""
        items = [item for item in self.items.values() if item.outstanding]
        found = [item for item in items if item.currency == currency]
        return [
            self._claim(i) for i in found or items if i.currency == (found or items)[0].currency
        ]

    def shares(self) -> list[Share]:
        """What the form does to the items that get something."""
        return [self._share(i) for pk, i in self.items.items() if self._value(f"item_{pk}")]

    def currency(self) -> str:
        """Of the amount: that of the items paid, where they have one, else of the account."""
        currencies = {share.item.currency for share in self.shares()}
        if len(currencies) == 1:
            return currencies.pop()
        account = self._value("money_account")
        return account.currency if account else "EUR"

    def paid(self) -> Decimal:
        """The amount of the payment as far as it is known."""
        return self._value("amount") or Decimal(0)

    def clean(self) -> dict[str, Any]:
        """Only what is left of an item that is paid can be given up, and for a reason."""
        found: dict[str, Any] = super().clean() or {}
        for pk, item in self.items.items():
            if not found.get(f"rest_{pk}"):
                continue
            if not found.get(f"item_{pk}"):
                self.add_error(f"rest_{pk}", f"Auf {item} ist nichts zugeordnet.")
            elif not found.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "Bitte nennen Sie den Grund der Ausbuchung.")
        return found

    def act_arguments(self) -> dict[str, Any]:
        """What `record_payment` needs beside the person and the partner."""
        data, shares = self.cleaned_data, self.shares()
        plain = ("received_on", "amount", "money_account", "method", "reference", "note", "reason")
        return {
            **{name: data[name] for name in plain},
            "allocations": [(share.item, share.paid) for share in shares],
            "skonto": [(share.item, share.skonto) for share in shares if share.skonto],
            "write_offs": [
                (share.item, share.written_off) for share in shares if share.written_off
            ],
            "currency": self.currency(),
            "euro": data.get("euro"),
            "fee": data.get("fee") or Decimal(0),
            "seen": self._seen(),
        }

    def _add(self, name: str, field: forms.Field, label: str) -> None:
        field.widget.attrs["aria-label"] = label
        field.label = label
        self.fields[name] = field

    def _claim(self, item: OpenItem) -> Claim:
        skonto = self.allowed.get(item.pk, Decimal(0))
        return Claim(item.pk, item.due_date, item.outstanding, skonto)

    def _share(self, item: OpenItem) -> Share:
        paid, skonto, left = self._value(f"item_{item.pk}"), Decimal(0), Decimal(0)
        if self._value(f"skonto_{item.pk}"):
            skonto = skonto_taken(self._claim(item), paid)
        if self._value(f"rest_{item.pk}"):
            left = max(Decimal(0), item.outstanding - paid - skonto)
        return Share(item, paid, skonto, left)

    def _value(self, name: str) -> Any:
        """What was typed and is right, or what the form starts with."""
        if self.is_bound:
            return self.cleaned_data.get(name)
        return self.get_initial_for_field(self.fields[name], name) if name in self.fields else None

    def _day(self) -> datetime.date:
        """The day of the payment, before the form is checked; today where none can be read."""
        typed = self.data.get("received_on") if self.is_bound else self.initial.get("received_on")
        try:
            return self.fields["received_on"].clean(typed) or localdate()
        except forms.ValidationError:
            return localdate()

    def _seen(self) -> dict[int, Decimal]:
        """What the page showed as open, for the items that it showed."""
        seen = {}
        for pk in self.items:
            try:
                seen[pk] = Decimal(self.data[f"seen_{pk}"])
            except (KeyError, ArithmeticError):
                continue
        return seen
