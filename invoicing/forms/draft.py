"""The editor of a draft: head and rows, and what they say together."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from invoicing.contents import HEADER, KINDS, Content
from invoicing.forms.draft_head import DraftForm, nothing
from invoicing.forms.draft_rows import (
    AdjustmentFormSet,
    BaseAdjustments,
    BaseLines,
    LineFormSet,
    initial_adjustment,
    initial_line,
)
from invoicing.models import Invoice, InvoiceLine, Product
from workmate.errors import Problem
from workmate.ledger.charts.tax_cases import SMALL_BUSINESS
from workmate.models import Company, TaxCase
from workmate.web import row_number


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
        lines = [initial_line(line) for line in content.lines]
        if add in InvoiceLine.Kind.values:
            lines.append({**start, "kind": add})
        adjustments = [initial_adjustment(one) for one in content.adjustments]
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
        header = {name: self.header.cleaned_data.get(name, nothing(name)) for name in HEADER}
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


def _with_management(data: Any) -> Any:
    """A form that was sent without this part has none of it."""
    if data is None or "adjustments-TOTAL_FORMS" in data:
        return data
    return {"adjustments-TOTAL_FORMS": "0", "adjustments-INITIAL_FORMS": "0"}
