"""What people fill in: a bank account, a file, what a transaction pays, why it pays nothing."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localdate

from banking import iban
from banking.csv_formats.table import HEADER_WITHIN
from banking.models import BankAccount, BankRule, CsvMapping
from banking.sampling import Layout, Sample
from workmate.forms import AmountField, DateField, Form, ModelForm
from workmate.ledger.models import Account, MoneyAccount, OpenItem
from workmate.ledger.models.exchange_rate import CURRENCIES
from workmate.ledger.money_accounts import proposed_number

KINDS = (
    MoneyAccount.Kind.BANK,
    MoneyAccount.Kind.SAVINGS,
    MoneyAccount.Kind.CARD,
    MoneyAccount.Kind.CASH,
)


class OpeningForm(Form):
    """What lay on the account on the morning of a day."""

    amount = AmountField(
        label="Anfangsbestand", help_text="Mit Minus, wo das Konto überzogen oder geschuldet ist."
    )
    on = DateField(label="am Morgen des", help_text="Tag der Übernahme, zum Beispiel 01.01.2026")

    def clean_on(self) -> date:
        """A balance of tomorrow is not known."""
        day: date = self.cleaned_data["on"]
        if day > localdate():
            raise forms.ValidationError("Der Tag liegt in der Zukunft.")
        return day


class AccountForm(Form):
    """A bank account. BIC and bank name may stay empty: they come with the IBAN."""

    name = forms.CharField(label="Bezeichnung", max_length=100)
    kind = forms.ChoiceField(label="Art", widget=forms.RadioSelect, initial=KINDS[0])
    currency = forms.ChoiceField(
        label="Währung",
        choices=[("EUR", "Euro"), *((code, f"{code} {name}") for code, name in CURRENCIES.items())],
        initial="EUR",
    )
    iban = forms.CharField(
        label="IBAN",
        max_length=42,
        required=False,
        help_text="Bei Kreditkartenkonto und Kasse nicht nötig",
    )
    holder = forms.CharField(label="Kontoinhaber", max_length=150, required=False)
    bank_name = forms.CharField(
        label="Bank", max_length=150, required=False, help_text="Leer: aus der IBAN"
    )
    bic = forms.CharField(
        label="BIC", max_length=11, required=False, help_text="Leer: aus der IBAN"
    )
    on_invoices = forms.BooleanField(
        label="Auf Rechnungen angeben",
        required=False,
        help_text="Kunden sehen dieses Konto auf Rechnungen und im GiroCode.",
    )
    note = forms.CharField(
        label="Notiz", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_active = forms.BooleanField(label="Wird benutzt", required=False, initial=True)

    def __init__(self, *args: Any, account: BankAccount | None = None, **kwargs: Any) -> None:
        if account is not None:
            money_account = account.money_account
            initial = {
                name: getattr(money_account, name) for name in self.base_fields if name != "note"
            }
            initial |= {"iban": iban.written(money_account.iban), "note": account.note}
            kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.warnings: tuple[str, ...] = ()
        if account is None:
            del self.fields["is_active"]
            kind = self.fields["kind"]
            if isinstance(kind, forms.ChoiceField):
                kind.choices = [
                    (one.value, f"{one.label} · Sachkonto {proposed_number(one)}") for one in KINDS
                ]
        else:
            del self.fields["kind"], self.fields["currency"]
            self.fields["iban"].disabled = True
            self.fields["iban"].help_text = "Die IBAN bleibt; ein neues Konto ist ein neues Konto."

    def clean_iban(self) -> str:
        """Refuses what fails the check digits; what is merely odd goes to `warnings`."""
        text: str = self.cleaned_data["iban"]
        if self.fields["iban"].disabled:
            return text
        if not text and self.data.get("kind") in (KINDS[2], KINDS[3]):
            return ""
        if not text:
            raise forms.ValidationError("Dieses Konto braucht eine IBAN.")
        try:
            checked = iban.check(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        self.warnings = checked.warnings
        return checked.iban

    def changes(self) -> dict[str, Any]:
        """The fields that the acts take beside name and IBAN."""
        return {name: value for name, value in self.cleaned_data.items() if name != "iban"}


class ImportForm(Form):
    """A file, and the account unless the file names it."""

    file = forms.FileField(label="Datei", allow_empty_file=True)
    account = forms.ModelChoiceField(
        MoneyAccount.objects.with_statements(),
        label="Konto",
        required=False,
        empty_label="Aus der Datei erkennen",
    )

    def accounts(self) -> QuerySet[MoneyAccount]:
        """The bank accounts that can be chosen."""
        return MoneyAccount.objects.with_statements()


class AllocationForm(Form):
    """How much of a transaction goes to which open item: one amount field `item_7` each.

    `skonto_7` is what the payer kept of it.
    """

    def __init__(self, *args: Any, items: Iterable[OpenItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {f"item_{item.pk}": item for item in items}
        for name, item in self.items.items():
            self.fields[name] = AmountField(label=str(item), required=False)
            self.fields[_skonto_of(item)] = AmountField(label=f"Skonto auf {item}", required=False)

    def allocations(self) -> list[tuple[OpenItem, Decimal]]:
        """What is allocated, nothing where a field is empty or zero.

        An amount has the sign of what is open on its item, with or without one typed.
        """
        amounts = ((item, self.cleaned_data.get(name)) for name, item in self.items.items())
        return [(item, amount.copy_sign(item.outstanding)) for item, amount in amounts if amount]

    def allocated(self) -> Decimal:
        """The sum of what is allocated."""
        return sum((amount for _, amount in self.allocations()), Decimal(0))

    def skonto(self) -> list[tuple[OpenItem, Decimal]]:
        """What the payer kept, nothing where the field is empty or zero."""
        amounts = ((item, self.cleaned_data.get(_skonto_of(item))) for item in self.items.values())
        return [(item, amount) for item, amount in amounts if amount]


def _skonto_of(item: OpenItem) -> str:
    return f"skonto_{item.pk}"


class DismissalForm(Form):
    """Why a transaction is no payment, and the account of the chart where it is posted."""

    reason = forms.CharField(label="Grund", max_length=200)
    booked_to = forms.ModelChoiceField(
        Account.objects.for_bank(), label="Buchen auf", required=False
    )


class RuleForm(ModelForm):
    """The marks of a rule and what it does."""

    class Meta:
        model = BankRule
        fields = (
            "name",
            "rank",
            "direction",
            "contains",
            "pattern",
            "iban",
            "amount_from",
            "amount_to",
            "account",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Account.objects.for_bank()
            field.empty_label = "nicht buchen, nur ausscheiden"

    def clean_iban(self) -> str:
        """The IBAN without spaces, checked."""
        text = "".join(self.cleaned_data["iban"].split()).upper()
        if text and not iban.is_valid(text):
            raise forms.ValidationError("Diese IBAN ist nicht gültig.")
        return text

    def told(self) -> dict[str, Any]:
        """The changed fields for the audit trail."""
        values = {name: self.cleaned_data[name] for name in self.changed_data}
        return {name: "" if value is None else str(value) for name, value in values.items()}


ROLES = {
    "booked_on": "Buchungstag",
    "value_on": "Wertstellung",
    "amount": "Betrag",
    "sign": "Soll/Haben-Kennzeichen",
    "debit": "Belastung (Soll)",
    "credit": "Gutschrift (Haben)",
    "name": "Name der Gegenseite",
    "iban": "IBAN der Gegenseite",
    "purpose": "Verwendungszweck",
    "purpose2": "Verwendungszweck, Fortsetzung",
    "bank_reference": "Kennung der Bank",
    "balance": "Saldo danach",
    "currency": "Währung",
}


class LayoutForm(Form):
    """How the file is to be cut; what is left out is found."""

    delimiter = forms.ChoiceField(
        label="Trennzeichen",
        choices=[(";", "Semikolon ;"), (",", "Komma ,"), ("\t", "Tabulator"), ("|", "Strich |")],
        required=False,
    )
    encoding = forms.ChoiceField(
        label="Zeichensatz", choices=CsvMapping.Encodings.choices, required=False
    )
    starts = forms.IntegerField(
        label="Tabelle beginnt in Zeile", min_value=1, max_value=HEADER_WITHIN, required=False
    )
    header = forms.ChoiceField(
        label="Diese Zeile",
        choices=[("names", "nennt die Spalten"), ("booking", "ist schon ein Umsatz")],
        required=False,
    )

    @classmethod
    def of(cls, found: Sample) -> "LayoutForm":
        """The form with what was found."""
        initial = {
            "delimiter": found.delimiter,
            "encoding": found.encoding,
            "starts": found.starts,
            "header": "names" if found.has_header else "booking",
        }
        form = cls(initial=initial)
        for field in form.fields.values():
            field.required = True  # nothing to leave out once it is found
        return form

    def layout(self) -> Layout:
        """What was told."""
        data = self.cleaned_data
        told = {"names": True, "booking": False}
        return Layout(
            delimiter=data["delimiter"],
            encoding=data["encoding"],
            starts=data["starts"] or 0,
            has_header=told.get(data["header"]),
        )


class MappingForm(Form):
    """Which column of a file holds what, and how its amounts and days are written."""

    account = forms.ModelChoiceField(
        MoneyAccount.objects.with_statements(),
        label="Konto",
        empty_label="Bitte wählen",
    )
    title = forms.CharField(label="Bezeichnung des Formats", max_length=60)
    amounts = forms.ChoiceField(label="Beträge", choices=CsvMapping.Amounts.choices)
    days = forms.ChoiceField(label="Datum", choices=CsvMapping.Days.choices)

    def __init__(self, found: Sample, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((name, found.shown(name)) for name in found.header)]
        for role, label in ROLES.items():
            self.fields[role] = forms.ChoiceField(
                label=label, choices=choices, required=role == "booked_on"
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("amount") and not (data.get("debit") or data.get("credit")):
            self.add_error("amount", "Wählen Sie die Spalte des Betrags, oder Soll und Haben.")
        return data

    def mapping(self, found: Sample) -> CsvMapping:
        """What was chosen, not saved and for no account yet."""
        data = self.cleaned_data
        return CsvMapping(
            name=data.get("title") or "Vorschau",
            delimiter=found.delimiter,
            encoding=found.encoding,
            has_header=found.has_header,
            skip=0 if found.has_header else found.starts - 1,
            header=list(found.header),
            columns={role: data[role] for role in ROLES if data.get(role)},
            amounts=data["amounts"],
            days=data["days"],
        )
