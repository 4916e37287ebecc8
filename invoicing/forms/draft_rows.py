"""The rows of a draft: its lines, and the discounts and surcharges on the whole document."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from invoicing.assembling import MOST_ADJUSTMENTS, MOST_LINES
from invoicing.contents import LINE
from invoicing.einvoice.codes import UNITS, unit_choices
from invoicing.forms.discount import Discount, DiscountField
from invoicing.forms.fields import QuickSelect, suggestions
from invoicing.models import InvoiceLine, Product
from workmate.forms import DateField, Form, PriceField, QuantityField
from workmate.models import TaxCase

WRITTEN = ("name", "description", "quantity", "unit_price")


class LineForm(Form):
    """One line. `cases` are the tax cases to choose from, by id; `net` is its sum, once known."""

    net: Decimal | None = None

    kind = forms.ChoiceField(
        required=False, choices=InvoiceLine.Kind.choices, widget=forms.HiddenInput
    )
    product = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Bezeichnung",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=suggestions("invoicing:product-suggest")),
    )
    description = forms.CharField(
        label="Beschreibung",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 1, "class": "notes", "placeholder": "Beschreibung"}),
    )
    quantity = QuantityField(label="Menge", required=False)
    unit = forms.ChoiceField(
        label="Einheit", required=False, choices=unit_choices, widget=QuickSelect
    )
    unit_price = PriceField(label="Einzelpreis", required=False, min_value=0)
    discount = DiscountField(label="Rabatt", required=False)
    period_start = DateField(label="Zeitraum von", required=False)
    period_end = DateField(label="Zeitraum bis", required=False)
    tax_case = forms.ChoiceField(label="Steuerfall", required=False, widget=QuickSelect)

    def __init__(self, *args: Any, cases: Mapping[int, TaxCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = cases
        for name, field in self.fields.items():
            if name not in ("product", "kind"):
                field.widget.attrs["aria-label"] = field.label or name
        cast("forms.ChoiceField", self.fields["tax_case"]).choices = [
            ("", "bitte wählen"),
            *((pk, _short(case)) for pk, case in cases.items()),
        ]
        unit = str(self.initial.get("unit") or "")
        if unit and unit not in UNITS:
            cast("forms.ChoiceField", self.fields["unit"]).choices = [(unit, unit), *unit_choices()]

    def clean_tax_case(self) -> TaxCase | None:
        chosen = self.cleaned_data["tax_case"]
        return self._cases[int(chosen)] if chosen else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written into this line."""
        values = [self[name].value() for name in WRITTEN]
        return not self.errors and all(value is None or not str(value).strip() for value in values)

    @property
    def is_item(self) -> bool:
        """Whether the line has an amount; titles and texts are words alone."""
        return self["kind"].value() in (None, "", InvoiceLine.Kind.ITEM)

    def values(self, products: Mapping[int, Product]) -> dict[str, Any]:
        """What the line says; a value that does not fit is missing."""
        found = {name: self.cleaned_data.get(name) for name in LINE}
        discount = self.cleaned_data.get("discount") or Discount()
        found["discount_percent"], found["discount_amount"] = discount.percent, discount.amount
        found["kind"] = found["kind"] or InvoiceLine.Kind.ITEM
        found["product"] = products.get(found["product"] or 0)
        for name in ("name", "description", "unit"):
            found[name] = found[name] or ""
        return found


class BaseLines(forms.BaseFormSet):
    """All lines of a draft."""

    def clean(self) -> None:
        if len(self.kept()) > MOST_LINES:
            raise ValidationError(f"Eine Rechnung hat höchstens {MOST_LINES} Positionen.")

    def kept(self) -> list[tuple[int, LineForm]]:
        """The lines with something in them that are not to be removed, with their row."""
        return [
            (row, form)
            for row, form in enumerate(self.forms)
            if not form["DELETE"].value() and not form.is_blank
        ]


class AdjustmentForm(Form):
    """A discount or surcharge on the whole document."""

    is_charge = forms.TypedChoiceField(
        label="Art",
        required=False,
        choices=[("", "Rabatt"), ("1", "Zuschlag")],
        coerce=bool,
        empty_value="",
    )
    reason = forms.CharField(label="Grund", required=False, max_length=100)
    value = DiscountField(label="Prozent oder Betrag", required=False, signed=False)
    tax_case = forms.ChoiceField(label="Steuerfall", required=False, widget=QuickSelect)

    def __init__(self, *args: Any, cases: Mapping[int, TaxCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = cases
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label or name
        cast("forms.ChoiceField", self.fields["tax_case"]).choices = [
            ("", "anteilig auf alle Steuersätze"),
            *((pk, _short(case)) for pk, case in cases.items()),
        ]

    @property
    def is_blank(self) -> bool:
        """Whether no value was written; a reason alone changes no amount."""
        return not self.errors and not str(self["value"].value() or "").strip()

    def values(self) -> dict[str, Any]:
        """What the row says; a value that does not fit is missing."""
        value = self.cleaned_data.get("value") or Discount()
        chosen = self.cleaned_data.get("tax_case")
        return {
            "is_charge": bool(self.cleaned_data.get("is_charge")),
            "reason": self.cleaned_data.get("reason") or "",
            "percent": value.percent or None,
            "amount": value.amount or None,
            "tax_case": self._cases[int(chosen)] if chosen else None,
        }


class BaseAdjustments(forms.BaseFormSet):
    """All discounts and surcharges on a draft."""

    def kept(self) -> list[tuple[int, AdjustmentForm]]:
        """The rows with a value that are not to be removed."""
        return [
            (row, form)
            for row, form in enumerate(self.forms)
            if not form["DELETE"].value() and not form.is_blank
        ]


LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLines, extra=0, can_delete=True, max_num=MOST_LINES + 50
)
AdjustmentFormSet = forms.formset_factory(
    AdjustmentForm,
    formset=BaseAdjustments,
    extra=0,
    can_delete=True,
    max_num=MOST_ADJUSTMENTS + 10,
)


def initial_line(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the content as the form shows it."""
    product, case = line.get("product"), line.get("tax_case")
    return {
        **line,
        "product": product.pk if product else None,
        "tax_case": case.pk if case else "",
        "discount": Discount(line.get("discount_percent"), line.get("discount_amount")),
    }


def initial_adjustment(one: dict[str, Any]) -> dict[str, Any]:
    """A discount or surcharge of the content as the form shows it."""
    case = one.get("tax_case")
    return {
        "is_charge": "1" if one.get("is_charge") else "",
        "reason": one.get("reason"),
        "value": Discount(one.get("percent"), one.get("amount")),
        "tax_case": case.pk if case else "",
    }


def _short(case: TaxCase) -> str:
    """A name that fits into a column: the rate says all, unless there is none or one of two."""
    if case.rate:
        return case.name.replace("Umsatzsteuer", "USt.").replace(" %", "\u00a0%", 1)
    return case.name
