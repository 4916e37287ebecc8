"""The form of a draft: head, lines, and what they say together."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from invoicing.drafting import HEADER, KINDS, LINE, MOST_ADJUSTMENTS, MOST_LINES, Content
from invoicing.einvoice import countries
from invoicing.einvoice.codes import UNITS, unit_choices
from invoicing.forms.discount import Discount, DiscountField
from invoicing.forms.fields import CustomerField, QuickSelect, SkontoField, suggestions
from invoicing.models import Invoice, InvoiceLine, Product
from workmate.errors import Problem
from workmate.forms import DateField, Form, PriceField, QuantityField
from workmate.ledger.charts.tax_cases import SMALL_BUSINESS
from workmate.ledger.models.exchange_rate import CURRENCIES
from workmate.models import Company, TaxCase
from workmate.web import row_number

WRITTEN = ("name", "description", "quantity", "unit_price")
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


class DraftEditor:
    """Head and rows together, from what is stored (`content`) or from what was sent (`data`)."""

    def __init__(
        self,
        content: Content,
        *,
        day: datetime.date,
        version: int | None = None,
        kinds: Iterable[Invoice.Kind] = KINDS,
        data: Any = None,
        add: str = "",
    ) -> None:
        """`add` names the kind of a blank row below the others: of a line, or `adjustment`."""
        cases = tax_cases(content, day, data or {})
        start = {"kind": InvoiceLine.Kind.ITEM, "unit": "C62", "tax_case": usual_case(cases, day)}
        lines = [_initial(line) for line in content.lines]
        if add in InvoiceLine.Kind.values:
            lines.append({**start, "kind": add})
        adjustments = [_initial_adjustment(one) for one in content.adjustments]
        if add == "adjustment":
            adjustments.append({})
        options: dict[str, Any] = {"form_kwargs": {"cases": cases}}
        self._data = data
        self._advances = content.advances
        self._kind = content.header.get("kind") or Invoice.Kind.INVOICE
        self.header = DraftForm(data, initial={**content.header, "version": version}, kinds=kinds)
        self.lines = cast(
            "BaseLines",
            LineFormSet(data, prefix="lines", initial=lines if data is None else None, **options),
        )
        self.adjustments = cast(
            "BaseAdjustments",
            AdjustmentFormSet(
                _with_management(data),
                prefix="adjustments",
                initial=adjustments if data is None else None,
                **options,
            ),
        )
        self.empty_line = self.lines.empty_form
        self.empty_line.initial = start

    def is_valid(self) -> bool:
        """Whether everything that is there fits; nothing need be there."""
        found = [self.header.is_valid(), self.lines.is_valid(), self.adjustments.is_valid()]
        return all(found)

    @property
    def version(self) -> int:
        return self.header.cleaned_data.get("version") or 0

    def content(self) -> Content:
        """What was sent; values that do not fit are missing."""
        self.is_valid()
        ids = {form.cleaned_data.get("product") for _, form in self.lines.kept()} - {None}
        products = Product.objects.in_bulk(ids)
        header = {name: self.header.cleaned_data.get(name, _nothing(name)) for name in HEADER}
        header["kind"] = header["kind"] or self._kind
        header["payment_means"] = header["payment_means"] or Invoice.PaymentMeans.TRANSFER
        header["currency"] = header["currency"] or "EUR"
        header["prices_gross"] = bool(header["prices_gross"])
        return Content(
            header=header,
            lines=[form.values(products) for _, form in self.lines.kept()],
            adjustments=[form.values() for _, form in self.adjustments.kept()],
            advances=self.chosen_advances(),
        )

    def chosen_advances(self) -> list[Invoice]:
        """The advances that are ticked, or stored where nothing was sent."""
        if self._data is None:
            return self._advances
        ticked = [row_number(pk) for pk in self._data.getlist("advances")]
        rows = Invoice.objects.filter(kind=Invoice.Kind.ADVANCE, pk__in=ticked)
        return list(rows.select_related("open_item", "deducted_by").order_by("pk"))

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
        for form in (self.header, *self.lines.forms, *self.adjustments.forms):
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
            name = "discount" if parts[2].startswith("discount_") else parts[2]
            return form, name if name in form.fields else None
        if parts[0] == "adjustments" and len(parts) == 3:
            kept = self.adjustments.kept() or list(enumerate(self.adjustments.forms))
            if int(parts[1]) < len(kept):
                form = kept[int(parts[1])][1]
                name = "value" if parts[2] in ("percent", "amount") else parts[2]
                return form, name if name in form.fields else None
        if parts[0] == "customer":
            return self.header, "customer"
        return self.header, path if path in self.header.fields else None


def tax_cases(content: Content, day: datetime.date, data: Mapping[str, Any]) -> dict[int, TaxCase]:
    """The cases of the day of supply, and those that the lines have already or were sent with."""
    header = content.header
    supplied = header.get("supply_date") or header.get("supply_end") or day
    rows = (*content.lines, *content.adjustments)
    used = {row["tax_case"].pk for row in rows if row.get("tax_case")}
    sent = {data[name] for name in data if name.endswith("-tax_case")}
    used |= {row_number(pk) for pk in sent}
    known = TaxCase.objects.on(supplied) | TaxCase.objects.filter(pk__in=used)
    return {case.pk: case for case in known}


def usual_case(cases: Mapping[int, TaxCase], day: datetime.date) -> int | str:
    """The case that a new line starts with: the first, or § 19 UStG for a small business."""
    company = Company.objects.filter(pk=1).first()
    small = company is not None and company.is_small_business(day)
    fits = (pk for pk, case in cases.items() if not small or case.code == SMALL_BUSINESS)
    return next(fits, "")


def _short(case: TaxCase) -> str:
    """A name that fits into a column: the rate says all, unless there is none or one of two."""
    if case.rate:
        return case.name.replace("Umsatzsteuer", "USt.").replace(" %", "\u00a0%", 1)
    return case.name


def _initial(line: dict[str, Any]) -> dict[str, Any]:
    product, case = line.get("product"), line.get("tax_case")
    return {
        **line,
        "product": product.pk if product else None,
        "tax_case": case.pk if case else "",
        "discount": Discount(line.get("discount_percent"), line.get("discount_amount")),
    }


def _initial_adjustment(one: dict[str, Any]) -> dict[str, Any]:
    case = one.get("tax_case")
    return {
        "is_charge": "1" if one.get("is_charge") else "",
        "reason": one.get("reason"),
        "value": Discount(one.get("percent"), one.get("amount")),
        "tax_case": case.pk if case else "",
    }


def _with_management(data: Any) -> Any:
    """A form that was sent without this part has none of it."""
    if data is None or "adjustments-TOTAL_FORMS" in data:
        return data
    return {"adjustments-TOTAL_FORMS": "0", "adjustments-INITIAL_FORMS": "0"}


def _nothing(name: str) -> Any:
    if name == "cash_discounts":
        return []
    texts = ("text", "reference", "notes", "means", "source")
    beginnings = ("delivery_", "card_", "payee_")
    return "" if name.endswith(texts) or name.startswith(beginnings) else None
