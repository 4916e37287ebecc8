"""Forms that take numbers and dates as Germans write them, and show them the same way."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.utils.timezone import localdate

from workmate.errors import Problem
from workmate.money import (
    format_amount,
    format_date,
    format_decimal,
    format_quantity,
    parse_date,
    parse_decimal,
)


class Renderer(TemplatesSetting):
    """Every form of the product renders its fields with one template."""

    field_template_name = "django/forms/field.html"


class GermanDecimalField(forms.DecimalField):
    """A number field that reads `1.234,5`; the subclasses say how the value is written."""

    default_error_messages: ClassVar = {
        "invalid": "Geben Sie eine Zahl ein, zum Beispiel 1.234,50.",
    }
    places = 2
    write: Callable[[Decimal], str] = staticmethod(format_amount)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", self.places)
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        try:
            return parse_decimal(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (int, Decimal)):
            return self.write(Decimal(value))
        return value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "data-kind": "number"}


class AmountField(GermanDecimalField):
    """An amount with cents."""


class QuantityField(GermanDecimalField):
    """A quantity with up to four places."""

    places = 4
    write = staticmethod(format_quantity)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, **kwargs})


class PriceField(GermanDecimalField):
    """A unit price: at least cents, up to eight places."""

    places = 8

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 18, **kwargs})

    @staticmethod
    def write(value: Decimal) -> str:
        return format_decimal(value, 2, most=8)


class PercentField(GermanDecimalField):
    """A rate in percent with up to two places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 5, **kwargs})

    @staticmethod
    def write(value: Decimal) -> str:
        return format_decimal(value, 0, most=2)


class DateField(forms.DateField):
    """A date field that also reads `22.11.`, `heute` and `+14`."""

    default_error_messages: ClassVar = {
        "invalid": "Geben Sie ein Datum ein, zum Beispiel 22.11.2026.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        try:
            return parse_date(str(value), today=localdate())
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return format_date(value) if isinstance(value, datetime.date) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            "inputmode": "text",
            "autocomplete": "off",
            "data-kind": "date",
            "placeholder": "TT.MM.JJJJ",
        }


def german_field(db_field: Any, **kwargs: Any) -> forms.Field | None:
    """The form field of a model field: `formfield_callback` of every `ModelForm` here."""
    kind = db_field.get_internal_type()
    if kind == "DateField":
        kwargs.setdefault("form_class", DateField)
        kwargs.pop("widget", None)
    elif kind == "DecimalField" and not db_field.choices:
        by_places = {2: AmountField, 4: QuantityField, 8: PriceField}
        kwargs.setdefault("form_class", by_places.get(db_field.decimal_places, AmountField))
        if db_field.max_digits == 5:
            kwargs["form_class"] = PercentField
    field: forms.Field | None = db_field.formfield(**kwargs)
    return field


class _GermanFields(ModelFormMetaclass):
    """Gives every model form the callback, so that no `Meta` has to name it."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(german_field)
        return super().__new__(cls, name, bases, attrs)


class _TakesProblems:
    """Shows a refusal where it belongs: at its fields, or above them with the advice."""

    fields: dict[str, forms.Field]
    prefix: str | None

    def add_problem(self, problem: Problem) -> None:
        """Add what the act refused; the input stays."""
        rest = []
        for name, messages in problem.fields.items():
            if name in self.fields:
                for message in messages:
                    self.add_error(name, message)  # type: ignore[attr-defined]
            else:
                rest += messages
        if rest or not problem.fields:
            text = " ".join([*(rest or [problem.message]), problem.advice])
            self.add_error(None, text)  # type: ignore[attr-defined]


class Form(_TakesProblems, forms.Form):
    """A form of the product."""

    required_css_class = "required"


class ModelForm(_TakesProblems, forms.ModelForm, metaclass=_GermanFields):
    """A model's form; its date and decimal fields take German input."""

    required_css_class = "required"
