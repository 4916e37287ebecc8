from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from workmate import errors, forms
from workmate.ledger.models import TaxCase


class Sample(forms.Form):
    amount = forms.AmountField(required=False)
    quantity = forms.QuantityField(required=False)
    price = forms.PriceField(required=False)
    rate = forms.PercentField(required=False)
    day = forms.DateField(required=False)


def test_a_form_takes_german_input():
    form = Sample(
        {
            "amount": "1.234,5",
            "quantity": "0,25",
            "price": "0,12345678",
            "rate": "19",
            "day": "22.11.2026",
        }
    )
    assert form.is_valid()
    assert form.cleaned_data == {
        "amount": Decimal("1234.5"),
        "quantity": Decimal("0.25"),
        "price": Decimal("0.12345678"),
        "rate": Decimal(19),
        "day": date(2026, 11, 22),
    }


def test_today_is_a_date():
    form = Sample({"day": "heute"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == localdate()


@pytest.mark.parametrize(
    ("field", "text", "part"),
    [
        ("amount", "viel", "Zahl"),
        ("amount", "1,234", "2"),
        ("quantity", "1,23456", "4"),
        ("rate", "1000,00", "5"),
        ("day", "31.2.2026", "Datum"),
        ("day", "+9999999", "Datum"),
    ],
)
def test_what_cannot_be_read_is_said_in_german(field: str, text: str, part: str):
    form = Sample({field: text})
    assert not form.is_valid()
    assert part in form.errors[field][0]


def test_values_are_shown_the_german_way():
    form = Sample(
        initial={
            "amount": Decimal("1234.5"),
            "quantity": Decimal("2.5000"),
            "price": Decimal("0.5"),
            "rate": Decimal("19.00"),
            "day": date(2026, 11, 2),
        }
    )
    shown = {name: form[name].value() for name in form.fields}
    assert {name: form.fields[name].prepare_value(value) for name, value in shown.items()} == {
        "amount": "1.234,50",
        "quantity": "2,5",
        "price": "0,50",
        "rate": "19",
        "day": "02.11.2026",
    }
    assert 'value="1.234,50"' in str(form["amount"])
    assert 'inputmode="decimal"' in str(form["amount"])


def test_an_unchanged_value_is_not_a_change():
    form = Sample({"amount": "1.234,50"}, initial={"amount": Decimal("1234.50")})
    assert not form.has_changed()


def test_refused_input_stays_as_it_was_typed():
    form = Sample({"amount": "1.23,4"})
    assert not form.is_valid()
    assert form["amount"].value() == "1.23,4"


def test_a_model_form_takes_german_input_without_saying_so():
    class TaxCaseForm(forms.ModelForm):
        class Meta:
            model = TaxCase
            fields = ("rate", "valid_from")

    form = TaxCaseForm({"rate": "7,5", "valid_from": "1.1.2026"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"rate": Decimal("7.5"), "valid_from": date(2026, 1, 1)}


def test_a_problem_is_shown_at_its_field_and_otherwise_with_advice():
    form = Sample({"amount": "1"})
    assert form.is_valid()
    form.add_problem(errors.INVALID(fields={"amount": ["Zu wenig."], "lines.0": ["Fehlt."]}))
    assert form.errors["amount"] == ["Zu wenig."]
    assert form.non_field_errors() == ["Fehlt. Prüfen Sie die genannten Felder."]
