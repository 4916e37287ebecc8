"""The form of a customer."""

from typing import Any, ClassVar, cast

from django import forms

from invoicing.customers import FIELDS
from invoicing.einvoice import codes, countries
from invoicing.forms.fields import SkontoField
from invoicing.models import Customer
from workmate.forms import ModelForm


class CustomerForm(ModelForm):
    """Master data; a new customer may leave the format to its kind."""

    class Meta:
        model = Customer
        fields = [name for name in FIELDS if not name.startswith("mandate_")]
        help_texts: ClassVar = {
            "name": "Firma oder Vor- und Nachname, wie es auf der Rechnung steht.",
            "contact_name": "Steht in der Anschrift, wenn der Beleg keinen anderen nennt.",
            "leitweg_id": (
                "Behörden nennen sie in der Bestellung, zum Beispiel 04011000-12345-03. "
                "Unternehmen geben manchmal ein eigenes Zeichen an."
            ),
            "vat_id": "Zum Beispiel DE123456789. Pflicht bei Lieferungen ins EU-Ausland.",
            "vat_id_confirmed_on": "Tag der qualifizierten Bestätigung (§ 18e UStG).",
            "vat_id_confirmation": "Zum Beispiel: Name, Ort, Straße stimmen überein.",
            "tax_number": "",
            "electronic_address": "Leer: die E-Mail-Adresse des Kunden.",
            "payment_terms_days": "Leer: wie im Unternehmen eingestellt.",
            "einvoice_format": (
                "XRechnung ist eine XML-Datei, wie sie Behörden verlangen. ZUGFeRD ist ein PDF, "
                "das dieselben Daten enthält."
            ),
            "pays_by_debit": "Das SEPA-Mandat dazu legen Sie auf der Seite des Kunden an.",
            "dunning_block": "Überfälliges wird angezeigt, aber nicht angemahnt.",
            "notes": "Nur für Sie; erscheint auf keinem Beleg.",
        }
        widgets: ClassVar = {
            "notes": forms.Textarea(attrs={"rows": 3}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "payment_terms_days": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    cash_discounts = SkontoField(
        label="Skonto",
        required=False,
        help_text="Steht in neuen Entwürfen, zum Beispiel 2 % in 7 Tagen, 1 % in 14 Tagen.",
    )
    website = forms.URLField(
        label="Website",
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(label="Land", choices=countries.choices, initial="DE")
    electronic_address_scheme = forms.ChoiceField(
        label="Schema", choices=list(codes.ELECTRONIC_ADDRESS_SCHEMES.items()), initial="EM"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            chosen = cast("forms.ChoiceField", self.fields["einvoice_format"])
            chosen.required = False
            chosen.choices = [
                ("", "automatisch (Behörden XRechnung, sonst ZUGFeRD)"),
                *Customer.Format.choices,
            ]
            chosen.initial = self.initial["einvoice_format"] = ""

    def data_for_act(self) -> dict[str, Any]:
        """What goes to `create_customer` or `edit_customer`."""
        data = dict(self.cleaned_data)
        if not data["einvoice_format"]:
            del data["einvoice_format"]
        return data
