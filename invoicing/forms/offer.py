"""How an offer goes on."""

from decimal import Decimal

from django import forms

from invoicing.contents import KINDS
from invoicing.models import Invoice
from workmate.forms import Form, QuantityField


class ConversionForm(Form):
    """What an offer becomes; `percent` of the net is what an advance asks for."""

    PERCENT = Decimal(30)

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in KINDS])
    percent = QuantityField(
        label="Prozent", required=False, min_value=Decimal("0.01"), max_value=Decimal(100)
    )


class DecisionForm(Form):
    """What the customer said to a quote."""

    decision = forms.ChoiceField(choices=Invoice.Decision.choices)
