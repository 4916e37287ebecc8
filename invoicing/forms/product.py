"""The form of a product."""

from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localdate

from invoicing.einvoice.codes import unit_choices
from invoicing.models import Product
from invoicing.products import FIELDS
from workmate.forms import DateField, Form, ModelForm, PriceField
from workmate.ledger.charts.tax_cases import SMALL_BUSINESS
from workmate.models import Account, Company, TaxCase


def tax_case_codes() -> list[tuple[str, str]]:
    """The tax cases of today, by code."""
    return list(TaxCase.objects.on(localdate()).values_list("code", "name"))


def revenue_accounts() -> list[tuple[str, str]]:
    """The accounts that sales can go to; none is that of the tax case."""
    numbers = Account.objects.revenue()
    return [("", "das Konto des Steuerfalls"), *((one.number, str(one)) for one in numbers)]


def usual_code() -> str:
    """The tax case of a new product: 19 %, or § 19 UStG for a small business."""
    company = Company.objects.filter(pk=1).first()
    small = company is not None and company.is_small_business(localdate())
    return SMALL_BUSINESS if small else "DE19"


class ProductForm(ModelForm):
    """A product; without a number it gets the next one."""

    class Meta:
        model = Product
        fields = FIELDS
        help_texts: ClassVar = {
            "number": "Leer: die nächste freie Nummer.",
            "name": "Handelsübliche Bezeichnung, wie sie auf der Rechnung steht.",
            "short_description": "Steht in Auswahl und Liste; ohne Beschreibung auch im Beleg.",
            "unit_price": "Netto, bis zu acht Nachkommastellen.",
            "unit": "",
            "category": "Ordnet die Liste; schon benutzte werden vorgeschlagen.",
            "is_service": "",
            "min_quantity": "Darunter weist der Entwurf darauf hin.",
            "max_quantity": "Darüber weist der Entwurf darauf hin.",
            "notes": "Nur für Sie; erscheint auf keinem Beleg.",
        }
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 2}),
            "category": forms.TextInput(attrs={"list": "kategorien", "autocomplete": "off"}),
        }

    unit = forms.ChoiceField(label="Einheit", choices=unit_choices, initial="C62")
    tax_case = forms.ChoiceField(label="Steuerfall", choices=tax_case_codes, initial=usual_code)
    revenue_account = forms.ChoiceField(
        label="Erlöskonto",
        required=False,
        choices=revenue_accounts,
        help_text="Gilt für Positionen mit dem Steuerfall des Produkts.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["price_type"].required = False

    def clean_price_type(self) -> str:
        return str(self.cleaned_data["price_type"] or Product.PriceType.PER_UNIT)


class PriceForm(Form):
    """A price and the day it holds from."""

    valid_from = DateField(label="Gültig ab")
    unit_price = PriceField(label="Nettopreis (EUR)", min_value=0)
