"""The form of a draft's head: everything that is said once."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from invoicing.einvoice import countries
from invoicing.forms.fields import CustomerField, SkontoField, suggestions
from invoicing.models import Invoice
from workmate.forms import DateField, Form, PriceField
from workmate.ledger.models.exchange_rate import CURRENCIES

RARE = (
    "sales_order_reference",
    "contract_reference",
    "project_reference",
    "despatch_reference",
    "accounting_reference",
    "delivery_name",
    "delivery_street",
    "delivery_additional",
    "delivery_post_code",
    "delivery_city",
    "delivery_country",
    "card_number",
    "card_holder",
    "payee_name",
    "payee_iban",
    "payee_bic",
    "exchange_rate",
    "exchange_source",
)


class DraftForm(Form):
    """Everything of a draft but its lines; all of it may be missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label="Art", required=False)
    customer = CustomerField(
        label="Kunde",
        required=False,
        widget=forms.TextInput(
            attrs={
                "placeholder": "Name oder Kundennummer",
                **suggestions("invoicing:customer-suggest"),
            }
        ),
    )
    valid_until = DateField(label="Gültig bis", required=False)
    supply_date = DateField(label="Leistungsdatum", required=False)
    supply_start = DateField(label="Leistung von", required=False)
    supply_end = DateField(label="Leistung bis", required=False)
    payment_terms_days = forms.IntegerField(
        label="Ziel in Tagen",
        required=False,
        min_value=0,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-kind": "number"}),
    )
    cash_discounts = SkontoField(label="Skonto", required=False)
    prices_gross = forms.TypedChoiceField(
        label="Preise",
        required=False,
        choices=[("", "netto"), ("1", "brutto")],
        coerce=bool,
        empty_value="",
    )
    currency = forms.ChoiceField(
        label="Währung", required=False, choices=[("EUR", "EUR"), *((c, c) for c in CURRENCIES)]
    )
    exchange_rate = PriceField(
        label="Tageskurs (1 EUR =)",
        required=False,
        min_value=0,
        decimal_places=6,
        max_digits=14,
        help_text="Leer: der Monatskurs. Nur mit Genehmigung des Finanzamts (§ 16 Abs. 6 UStG).",
    )
    exchange_source = forms.CharField(
        label="Quelle des Tageskurses",
        required=False,
        max_length=200,
        help_text="Zum Beispiel: Abrechnung der DKB vom 04.05.2026.",
    )
    contact_name = forms.CharField(
        label="Ansprechpartner",
        required=False,
        max_length=150,
        widget=forms.TextInput(
            attrs={
                **suggestions("invoicing:contact-suggest"),
                "hx-include": "#id_customer",
                "hx-trigger": "focus, input changed delay:200ms",
            }
        ),
    )
    contact_phone = forms.CharField(label="Telefon", required=False, max_length=40)
    contact_email = forms.EmailField(label="E-Mail", required=False)
    buyer_reference = forms.CharField(
        label="Leitweg-ID / Käuferreferenz", required=False, max_length=60
    )
    order_reference = forms.CharField(label="Bestellnummer", required=False, max_length=60)
    sales_order_reference = forms.CharField(
        label="Unsere Auftragsnummer", required=False, max_length=60
    )
    contract_reference = forms.CharField(label="Vertragsnummer", required=False, max_length=60)
    project_reference = forms.CharField(label="Projekt", required=False, max_length=60)
    despatch_reference = forms.CharField(label="Lieferschein", required=False, max_length=60)
    accounting_reference = forms.CharField(
        label="Kostenstelle des Kunden", required=False, max_length=60
    )
    delivery_name = forms.CharField(label="Empfänger", required=False, max_length=200)
    delivery_street = forms.CharField(label="Straße und Hausnummer", required=False, max_length=200)
    delivery_additional = forms.CharField(label="Adresszusatz", required=False, max_length=200)
    delivery_post_code = forms.CharField(label="Postleitzahl", required=False, max_length=12)
    delivery_city = forms.CharField(label="Ort", required=False, max_length=100)
    delivery_country = forms.ChoiceField(
        label="Land",
        required=False,
        choices=lambda: [("", "wie beim Kunden"), *countries.choices()],
    )
    payment_means = forms.ChoiceField(
        label="Zahlungsweg", required=False, choices=Invoice.PaymentMeans.choices
    )
    card_number = forms.CharField(
        label="Letzte Ziffern der Karte",
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    card_holder = forms.CharField(label="Karteninhaber", required=False, max_length=100)
    payee_name = forms.CharField(
        label="Abweichender Zahlungsempfänger",
        required=False,
        max_length=200,
        help_text="Zum Beispiel ein Factoring-Unternehmen; leer: Sie selbst.",
    )
    payee_iban = forms.CharField(label="IBAN des Empfängers", required=False, max_length=42)
    payee_bic = forms.CharField(label="BIC des Empfängers", required=False, max_length=14)
    intro_text = forms.CharField(
        label="Text vor den Positionen",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    closing_text = forms.CharField(
        label="Text nach den Positionen",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    notes = forms.CharField(
        label="Interne Notiz",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nur für Sie; erscheint auf keinem Beleg.",
    )

    def __init__(self, *args: Any, kinds: Iterable[Invoice.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(kind), str(kind.label)) for kind in kinds]
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices

    def has_more(self) -> bool:
        """Whether one of the rarer fields says something, so that they are shown at once."""
        return any(self[name].value() or self[name].errors for name in RARE) or (
            self["payment_means"].value() not in (None, "", Invoice.PaymentMeans.TRANSFER)
        )


def nothing(name: str) -> Any:
    """What a field of the head says when it was not sent."""
    if name == "cash_discounts":
        return []
    texts = ("text", "reference", "notes", "means", "source")
    beginnings = ("delivery_", "card_", "payee_", "contact_")
    return "" if name.endswith(texts) or name.startswith(beginnings) else None
