"""List pages, declared: columns, filters, sorting, paging, totals and exports in one place.

    class Invoices(ListPage):
        permission_required = "invoicing.view_invoice"
        title = "Rechnungen"
        queryset = Invoice.objects.select_related("customer")
        filterset_class = InvoiceFilters          # a workmate.filters.Filters
        default_sort = "-number"
        chips = "status"                          # a choice filter shown as chips with counts
        columns = [
            Column("number", "Nummer", link=True),
            Column("customer.name", "Kunde", sort="customer__name"),
            Column("invoice_date", "Datum", kind="date", priority=2),
            Column("status", "Status", kind="status", tones={"issued": "positive"}),
            Column("total", "Betrag", kind="money", total=True, currency="currency"),
        ]
        empty = "Noch keine Rechnung."
        empty_action = Action("Rechnung schreiben", "invoicing:draft-create")

The URL holds the whole state. htmx gets the region `#list` alone; without JavaScript the same
links and the same form load the page. `?export=csv` and `?export=xlsx` follow the filters.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views import View

from workmate import errors, exports, keyset
from workmate.filters import Filters
from workmate.web import Request

NUMERIC = {"money", "number", "quantity", "percent"}


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `key` is an attribute path, `value` a function of the row instead.

    `kind`: text, money, number, quantity, percent, date, moment, status, boolean, template.
    `sort`: field or annotation to order by; the key itself when it is a plain field, "" for none.
    `priority`: 1 always, 2 from tablet width, 3 from desktop width.
    `total`: sum it in the foot; `currency`: attribute path of an amount's currency.
    `tones`: value → positive, attention, negative, info, neutral. `note`: a second, muted line.
    """

    key: str
    label: str
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    sort: str | None = None
    link: bool = False
    priority: int = 1
    total: bool = False
    currency: str = ""
    tones: dict[str, str] = field(default_factory=dict)
    note: Callable[[Any], str] | str = ""
    template: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def css(self) -> str:
        """The classes of its cells: alignment, and on which widths it leaves."""
        leaves = {1: "", 2: "hide-phone", 3: "hide-narrow hide-phone"}[self.priority]
        return f"{'amount' if self.numeric else self.kind} {leaves}".strip()

    @property
    def sort_field(self) -> str:
        if self.sort is not None:
            return self.sort
        return "" if self.value or "." in self.key else self.key

    def of(self, row: Any) -> Any:
        """The plain value, as exports write it."""
        return self.value(row) if self.value else follow(row, self.key)


@dataclass(frozen=True)
class Action:
    """A button of the page; it is shown to users with the permission.

    As a bulk action it posts the ticked rows as `pk` to its address.
    """

    label: str
    url_name: str
    permission: str = ""
    icon: str = ""
    primary: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Cell:
    """A value ready for the template."""

    column: Column
    value: Any
    text: str = ""
    currency: str = "EUR"
    tone: str = "neutral"
    note: str = ""


class ListPage(PermissionRequiredMixin, View):
    """A list page; see the module."""

    title: ClassVar[str]
    queryset: ClassVar[QuerySet[Any]]
    columns: ClassVar[Sequence[Column]]
    default_sort: ClassVar[str]
    filterset_class: ClassVar[type[Filters] | None] = None
    chips: ClassVar[str] = ""
    template_name = "lists/list.html"
    page_size = 50
    count_cap = 10_000
    facts = ""
    empty = "Hier ist noch nichts."
    empty_action: ClassVar[Action | None] = None
    actions: ClassVar[Sequence[Action]] = ()
    bulk_actions: ClassVar[Sequence[Action]] = ()

    def get_queryset(self) -> QuerySet[Any]:
        """The rows this user may see; override to narrow them or to annotate."""
        return self.queryset.all()

    def row_url(self, row: Any) -> str:
        """Where a row leads."""
        return str(row.get_absolute_url())

    def get_context(self) -> dict[str, Any]:
        """More for the template of a subclass."""
        return {}

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The page, its region for htmx, or its export."""
        self.filterset = self._filterset(request.GET)
        self.rows = self._filtered(self.filterset)
        if export := request.GET.get("export"):
            return self.export(export)
        partial = request.htmx and not request.htmx.history_restore_request
        # A partial is found only in the template that defines it, not in one that extends it.
        template = "lists/list.html#list" if partial else self.template_name
        response = render(request, template, self._context())
        patch_vary_headers(response, ["HX-Request"])
        return response

    def export(self, kind: str) -> HttpResponseBase:
        """All rows of the filter, in the order of the page."""
        write = {"csv": exports.csv_response, "xlsx": exports.xlsx_response}.get(kind)
        if write is None:
            raise errors.NOT_FOUND()
        name = f"{self.title} {localdate():%Y-%m-%d}"
        return write(name, [column.label for column in self.columns], self._export_rows())

    def _export_rows(self) -> Iterator[list[Any]]:
        order = self._order()
        rows = self.rows.order_by(str(order), "-pk" if order.descending else "pk")
        for row in rows.iterator(chunk_size=2000):
            yield [self._plain(column, row) for column in self.columns]

    def _plain(self, column: Column, row: Any) -> Any:
        if column.kind in ("status", "template"):
            return self._cell(column, row).text
        return column.of(row)

    def _filterset(self, data: QueryDict) -> Filters | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(data, queryset=self.get_queryset(), request=self.request)

    def _filtered(self, filterset: Filters | None) -> QuerySet[Any]:
        if filterset is None:
            return self.get_queryset()
        return filterset.qs if filterset.is_valid() else self.get_queryset().none()

    def _order(self) -> keyset.Order:
        wanted = keyset.Order.parse(self.request.GET.get("sort") or self.default_sort)
        known = {column.sort_field for column in self.columns} - {""}
        if wanted.field in known:
            return wanted
        return keyset.Order.parse(self.default_sort)

    def _context(self) -> dict[str, Any]:
        order = self._order()
        data = self.request.GET
        after, before = data.get("after", ""), data.get("before", "")
        page = keyset.fetch(self.rows, order, self.page_size, after=after, before=before)
        foot = self._foot()
        return {
            "page": self,
            "title": self.title,
            "facts": self.facts,
            "filterset": self.filterset,
            "narrowed": self._narrowed(),
            "reset_url": self._url(**dict.fromkeys(data, None)),
            "heads": [self._head(column, order) for column in self.columns],
            "rows": [(self._row(row), row) for row in page.rows],
            "before_url": self._url(before=page.before, after=None) if page.before else "",
            "after_url": self._url(after=page.after, before=None) if page.after else "",
            "chip_links": self._chips() if self.chips else [],
            "export_urls": {kind: self._url(export=kind) for kind in ("csv", "xlsx")},
            "sort": str(order) if "sort" in data else "",
            "actions": self._allowed(self.actions),
            "bulk_actions": self._allowed(self.bulk_actions),
            "empty_action": next(iter(self._allowed([self.empty_action])), None),
            **foot,
            **self.get_context(),
        }

    def _allowed(self, actions: Sequence[Action | None]) -> list[Action]:
        user = self.request.user
        return [a for a in actions if a and (not a.permission or user.has_perm(a.permission))]

    def _narrowed(self) -> bool:
        if self.filterset is None:
            return False
        return any(self.request.GET.get(name) for name in self.filterset.form.fields)

    def _url(self, **changes: str | None) -> str:
        """This address with other parameters; a change of filters goes back to the first page."""
        data = self.request.GET.copy()
        for name in ("export", *(("after", "before") if "after" not in changes else ())):
            data.pop(name, None)
        for name, value in changes.items():
            data.pop(name, None)
            if value:
                data[name] = value
        query = data.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path

    def _head(self, column: Column, order: keyset.Order) -> dict[str, Any]:
        if not column.sort_field:
            return {"column": column, "url": "", "direction": ""}
        current = order.field == column.sort_field
        turned = keyset.Order(column.sort_field, current and not order.descending)
        direction = ("descending" if order.descending else "ascending") if current else ""
        return {"column": column, "url": self._url(sort=str(turned)), "direction": direction}

    def _row(self, row: Any) -> dict[str, Any]:
        linked = any(column.link for column in self.columns)
        return {
            "pk": row.pk,
            "url": self.row_url(row) if linked else "",
            "cells": [self._cell(column, row) for column in self.columns],
        }

    def _cell(self, column: Column, row: Any) -> Cell:
        value = column.of(row)
        note = column.note(row) if callable(column.note) else follow(row, column.note) or ""
        currency = follow(row, column.currency) if column.currency else "EUR"
        text = "" if value is None else str(value)
        if column.kind == "status":
            display = getattr(row, f"get_{column.key}_display", None)
            text = display() if display and not column.value else text
        tone = column.tones.get(str(value), "neutral")
        return Cell(column, value, text, currency or "EUR", tone, note)

    def _chips(self) -> list[dict[str, Any]]:
        if self.filterset is None or self.chips not in self.filterset.filters:
            raise ImproperlyConfigured(f"{self.chips} is not a filter of {self.filterset_class}")
        chosen = self.request.GET.get(self.chips, "")
        choices = [("", "Alle"), *self.filterset.filters[self.chips].extra["choices"]]
        return [
            {
                "label": label,
                "value": value,
                "current": value == chosen,
                "url": self._url(**{self.chips: value or None}),
                **self._count(value),
            }
            for value, label in choices
        ]

    def _count(self, value: str) -> dict[str, Any]:
        data = self.request.GET.copy()
        data[self.chips] = value
        rows = self._filtered(self._filterset(data))
        number = rows.order_by().values("pk")[: self.count_cap + 1].count()
        return {"count": min(number, self.count_cap), "capped": number > self.count_cap}

    def _foot(self) -> dict[str, Any]:
        """How many rows there are and what they add up to, unless there are too many to count."""
        summed = [column for column in self.columns if column.total]
        wanted: dict[str, Any] = {"_count": Count("pk")}
        for number, column in enumerate(summed):
            wanted[f"_sum{number}"] = Sum(column.sort_field or column.key)
            if column.currency:
                name = column.currency.replace(".", "__")
                wanted |= {f"_least{number}": Min(name), f"_most{number}": Max(name)}
        found = self.rows.order_by()[: self.count_cap + 1].aggregate(**wanted)
        capped = found["_count"] > self.count_cap
        totals = {}
        for number, column in enumerate(summed if not capped else []):
            same = found.get(f"_least{number}") == found.get(f"_most{number}")
            amount = found[f"_sum{number}"] or Decimal(0)
            currency = found.get(f"_least{number}") or "EUR"
            totals[column] = [(currency, amount)] if same else self._by_currency(column)
        return {
            "count": min(found["_count"], self.count_cap),
            "capped": capped,
            "foot": [(column, totals.get(column, [])) for column in self.columns] if totals else [],
        }

    def _by_currency(self, column: Column) -> list[tuple[str, Decimal]]:
        name = column.currency.replace(".", "__")
        rows = self.rows.order_by(name).values_list(name)
        return list(rows.annotate(_sum=Sum(column.sort_field or column.key)))


def follow(row: Any, path: str) -> Any:
    """The value at an attribute path (`customer.name`); nothing where a link is empty."""
    for part in path.split(".") if path else ():
        if row is None:
            return None
        row = getattr(row, part)
        if callable(row):
            row = row()
    return row if path else None
