"""The form of a draft: head, lines, and what they say together."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from invoicing.drafting import HEADER, LINE, MOST_LINES, Content
from invoicing.einvoice.codes import UNITS, unit_choices
from invoicing.forms.fields import CustomerField, QuickSelect, suggestions
from invoicing.models import Product
from invoicing.particulars import SMALL_BUSINESS
from workmate.errors import Problem
from workmate.forms import DateField, Form, PercentField, PriceField, QuantityField
from workmate.models import Company, TaxCase
from workmate.money import format_decimal
from workmate.web import row_number

WRITTEN = ("name", "description", "quantity", "unit_price")


class DraftForm(Form):
    """Everything of a draft but its lines; all of it may be missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
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
    buyer_reference = forms.CharField(
        label="Leitweg-ID / Käuferreferenz", required=False, max_length=60
    )
    order_reference = forms.CharField(label="Bestellnummer", required=False, max_length=60)
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


class LineForm(Form):
    """One line. `cases` are the tax cases to choose from, by id; `net` is its sum, once known."""

    net: Decimal | None = None

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
    discount_percent = PercentField(label="Rabatt", required=False, min_value=0, max_value=100)
    tax_case = forms.ChoiceField(label="Steuerfall", required=False, widget=QuickSelect)

    def __init__(self, *args: Any, cases: Mapping[int, TaxCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cases = cases
        for name, field in self.fields.items():
            if name != "product":
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

    def values(self, products: Mapping[int, Product]) -> dict[str, Any]:
        """What the line says; a value that does not fit is missing."""
        found = {name: self.cleaned_data.get(name) for name in LINE}
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


LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLines, extra=0, can_delete=True, max_num=MOST_LINES + 50
)


class DraftEditor:
    """Head and lines together, from what is stored (`content`) or from what was sent (`data`)."""

    def __init__(
        self,
        content: Content,
        *,
        day: datetime.date,
        version: int | None = None,
        data: Any = None,
        blank_lines: int = 0,
    ) -> None:
        cases = tax_cases(content, day, data or {})
        start = {"unit": "C62", "tax_case": usual_case(cases)}
        initial = [_initial(line) for line in content.lines]
        initial += [dict(start) for _ in range(blank_lines)]
        options: dict[str, Any] = {"prefix": "lines", "form_kwargs": {"cases": cases}}
        self.header = DraftForm(data, initial={**content.header, "version": version})
        options["initial"] = initial if data is None else None
        self.lines = cast("BaseLines", LineFormSet(data, **options))
        self.empty_line = self.lines.empty_form
        self.empty_line.initial = start

    def is_valid(self) -> bool:
        """Whether everything that is there fits; nothing need be there."""
        header, lines = self.header.is_valid(), self.lines.is_valid()
        return header and lines

    @property
    def version(self) -> int:
        return self.header.cleaned_data.get("version") or 0

    def content(self) -> Content:
        """What was sent; values that do not fit are missing."""
        self.is_valid()
        ids = {form.cleaned_data.get("product") for _, form in self.lines.kept()} - {None}
        products = Product.objects.in_bulk(ids)
        return Content(
            header={name: self.header.cleaned_data.get(name, _nothing(name)) for name in HEADER},
            lines=[form.values(products) for _, form in self.lines.kept()],
        )

    def rows(self) -> list[int]:
        """For each line of the content the row of the form that it came from."""
        return [row for row, _ in self.lines.kept()]

    def show(self, problem: Problem) -> None:
        """Put what was refused beside the fields that it concerns."""
        rows = self.rows()
        for path, messages in problem.fields.items():
            self._add(path, messages, rows)
        if not problem.fields:
            self.header.add_error(None, f"{problem.message} {problem.advice}")

    def show_refusal(self, problem: Problem) -> None:
        """Put what the gate refused beside the fields of a draft as it is stored.

        Details of the customer or the company are on other pages; the summary leads there.
        """
        for form in (self.header, *self.lines.forms):
            form.cleaned_data = {}  # add_error looks there, and these forms were never sent
        rows = list(range(len(self.lines.forms)))
        for path, messages in problem.fields.items():
            self._add(path, messages, rows)

    def _add(self, path: str, messages: list[str], rows: list[int]) -> None:
        form, name = self.field_of(path, rows)
        form.add_error(name, [ValidationError(message) for message in messages])

    def field_of(self, path: str, rows: list[int]) -> tuple[forms.Form, str | None]:
        """The form and field for a path like `lines.0.quantity`, or the head as a whole."""
        parts = path.split(".")
        if parts[0] == "lines" and len(parts) == 3 and int(parts[1]) < len(rows):
            form = self.lines.forms[rows[int(parts[1])]]
            return form, parts[2] if parts[2] in form.fields else None
        if parts[0] == "customer":
            return self.header, "customer"
        return self.header, path if path in self.header.fields else None


def tax_cases(content: Content, day: datetime.date, data: Mapping[str, Any]) -> dict[int, TaxCase]:
    """The cases of the day of supply, and those that the lines have already or were sent with."""
    header = content.header
    supplied = header.get("supply_date") or header.get("supply_end") or day
    used = {line["tax_case"].pk for line in content.lines if line.get("tax_case")}
    sent = {data[name] for name in data if name.endswith("-tax_case")}
    used |= {row_number(pk) for pk in sent}
    known = TaxCase.objects.on(supplied) | TaxCase.objects.filter(pk__in=used)
    return {case.pk: case for case in known}


def usual_case(cases: Mapping[int, TaxCase]) -> int | str:
    """The case that a new line starts with: the first, or § 19 UStG for a small business."""
    company = Company.objects.filter(pk=1, small_business=True).first()
    fits = (pk for pk, case in cases.items() if not company or case.code == SMALL_BUSINESS)
    return next(fits, "")


def _short(case: TaxCase) -> str:
    """A name that fits into a column: the rate says all, unless there is none."""
    return f"{format_decimal(case.rate, 0, most=2)}\u00a0% USt." if case.rate else case.name


def _initial(line: dict[str, Any]) -> dict[str, Any]:
    product, case = line.get("product"), line.get("tax_case")
    discount = line.get("discount_percent")
    return {
        **line,
        "product": product.pk if product else None,
        "tax_case": case.pk if case else "",
        "discount_percent": discount or None,
    }


def _nothing(name: str) -> Any:
    return "" if name.endswith(("text", "reference", "notes")) else None
