"""Form fields of the draft: a customer found by what one types, and selects that are quick."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from invoicing import skonto
from invoicing.models import Customer

SEPARATOR = " · "


def label_of(customer: Customer) -> str:
    """How a customer is shown and typed: `Muster GmbH · KD-10001`."""
    return f"{customer.name}{SEPARATOR}{customer.number}"


def suggestions(url_name: str) -> dict[str, Any]:
    """Attributes of a text field that offers what fits while one types; see suggest.js."""
    return {
        "autocomplete": "off",
        "role": "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "data-suggest": True,
        "hx-get": reverse_lazy(url_name),
        "hx-target": "next .suggestions",
        "hx-swap": "innerHTML",
        "hx-trigger": "input changed delay:200ms",
        "hx-sync": "this:queue last",
    }


class CustomerField(forms.Field):
    """A customer by number, by its label, or by any words that fit only one."""

    default_error_messages: ClassVar = {
        "unknown": "Zu „%(text)s“ gibt es keinen Kunden.",
        "several": "Zu „%(text)s“ passen mehrere Kunden: %(names)s. Nennen Sie die Nummer.",
    }

    def to_python(self, value: Any) -> Customer | None:
        if isinstance(value, Customer):
            return value
        text = " ".join(str(value or "").replace("\0", " ").split())
        if not text:
            return None
        number = text.rpartition(SEPARATOR)[2].strip()
        if found := Customer.objects.filter(number__iexact=number).first():
            return found
        candidates = list(Customer.objects.active().matching(text)[:4])
        exact = [customer for customer in candidates if customer.name.lower() == text.lower()]
        if len(exact) == 1 or len(candidates) == 1:
            return (exact or candidates)[0]
        if not candidates:
            raise ValidationError(
                self.error_messages["unknown"], code="unknown", params={"text": text}
            )
        names = ", ".join(map(label_of, candidates[:3]))
        raise ValidationError(
            self.error_messages["several"], code="several", params={"text": text, "names": names}
        )

    def prepare_value(self, value: Any) -> Any:
        return label_of(value) if isinstance(value, Customer) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or "") != (data or ""))


class SkontoField(forms.Field):
    """Steps of Skonto in one text: `2 % in 7 Tagen, 1 % in 14 Tagen`; kept as `invoicing.skonto`
    keeps them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "placeholder": "2 % in 7 Tagen"}

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return value
        try:
            return skonto.to_json(skonto.parse(str(value or "")))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return skonto.write(skonto.steps(value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != (data or ""))


class QuickSelect(forms.Select):
    """A select that is written at once: a draft of 300 lines has thousands of options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        attributes = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html(
            "<select{}>{}</select>",
            forms.utils.flatatt(attributes),
            format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (key, forms.utils.flatatt({"selected": str(key) == chosen}), text)
                    for key, text in self.choices
                ),
            ),
        )
