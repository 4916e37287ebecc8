"""The forms around a customer: people, activities, its block."""

from typing import Any, ClassVar

from django import forms

from invoicing.contacts import FIELDS
from invoicing.customers import REASON
from invoicing.models import Activity, Contact, Customer
from workmate.forms import DateField, Form, ModelForm


class ContactForm(ModelForm):
    """A person at a customer."""

    class Meta:
        model = Contact
        fields = FIELDS
        widgets: ClassVar = {
            "notes": forms.Textarea(attrs={"rows": 3}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "mobile": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        help_texts: ClassVar = {"notes": "Nur für Sie; erscheint auf keinem Beleg."}


class ActivityForm(Form):
    """What happened with a customer; without a day it was today."""

    kind = forms.ChoiceField(label="Art", choices=Activity.Kind.choices)
    occurred_on = DateField(label="Am", required=False)
    contact = forms.ModelChoiceField(
        label="Mit", queryset=Contact.objects.none(), required=False, empty_label="niemandem"
    )
    description = forms.CharField(
        label="Was war",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Zum Beispiel: Rückruf vereinbart"}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_activity_%s", **kwargs)
        self.fields["contact"].queryset = customer.contacts.all()  # type: ignore[attr-defined]


class BlockForm(Form):
    """Why nothing new is written to a customer."""

    reason = forms.CharField(
        label="Grund der Sperre",
        max_length=REASON,
        help_text="Steht bei jedem Versuch, etwas Neues zu schreiben, und im Prüfpfad.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
