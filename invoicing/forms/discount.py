"""A discount as people type it: `10 %`, `5,00 €`, and with a plus a surcharge."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from workmate.money import format_amount, format_decimal, parse_decimal, round_money

_CURRENCY = re.compile(r"€|[A-Za-z]{3}$")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Discount:
    """By percent or by amount, never both; below zero it is a surcharge."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def __bool__(self) -> bool:
        return bool(self.percent or self.amount)


class DiscountField(forms.Field):
    """Reads `10`, `10 %`, `5,00 €`, and with `signed` `+3 %` as a surcharge."""

    default_error_messages: ClassVar = {
        "invalid": "Schreiben Sie zum Beispiel 10 % oder 5,00 €.",
        "percent": "Prozente liegen zwischen 0 und 100.",
        "negative": "Geben Sie den Wert ohne Vorzeichen an.",
    }

    def __init__(self, *, signed: bool = True, **kwargs: Any) -> None:
        self.signed = signed
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        example = "10 % oder 5,00 €" + ("; +5 % ist ein Zuschlag" if self.signed else "")
        return {"autocomplete": "off", "data-kind": "number", "title": example}

    def to_python(self, value: Any) -> Discount | None:
        text = str(value or "").strip()
        if not text:
            return None
        by_amount = bool(_CURRENCY.search(text))
        charge = text.startswith("+")
        try:
            number = parse_decimal(_CURRENCY.sub("", text.removeprefix("+")))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if number < 0 or (charge and not self.signed):
            raise ValidationError(self.error_messages["negative"], code="negative")
        if not by_amount and number > _HUNDRED:
            raise ValidationError(self.error_messages["percent"], code="percent")
        number = round_money(-number if charge else number)
        return Discount(amount=number) if by_amount else Discount(percent=number)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Discount):
            return value
        sign = "+" if (value.percent or value.amount or 0) < 0 else ""
        if value.percent:
            return f"{sign}{format_decimal(abs(value.percent), 0, most=2)} %"
        return f"{sign}{format_amount(abs(value.amount))} €" if value.amount else ""
