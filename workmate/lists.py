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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Max, Min, QuerySet, Sum
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views import View

from workmate import errors, exports, keyset
from workmate.columns import Column
from workmate.filters import Filters
from workmate.web import Request

__all__ = ["Action", "Column", "ListPage"]


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
    pinned_cap = 500
    facts = ""
    empty = "Hier ist noch nichts."
    empty_action: ClassVar[Action | None] = None
    actions: ClassVar[Sequence[Action]] = ()
    bulk_actions: ClassVar[Sequence[Action]] = ()

    def get_queryset(self) -> QuerySet[Any]:
        """The rows this user may see; override to narrow them or to annotate."""
        return self.queryset.all()

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a page with what only their cells need; counts and sums do without."""
        return rows

    def order_by(self, name: str) -> str:
        """The field behind a column's `sort`, where a filter makes another one quicker."""
        return name

    def row_url(self, row: Any) -> str:
        """Where a row leads."""
        return str(row.get_absolute_url())

    def get_context(self) -> dict[str, Any]:
        """More for the template of a subclass."""
        return {}

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The page, its region for htmx, or its export."""
        self.filterset = self._filterset(request.GET)
        self.rows = self._pinned(self._filtered(self.filterset))
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
        rows = self.shown(self.rows).order_by(str(order), "-pk" if order.descending else "pk")
        for row in rows.iterator(chunk_size=2000):
            yield [self._plain(column, row) for column in self.columns]

    def _plain(self, column: Column, row: Any) -> Any:
        if column.kind in ("status", "template"):
            return column.cell(row).text
        return column.of(row)

    def _filterset(self, data: QueryDict) -> Filters | None:
        if self.filterset_class is None:
            return None
        return self.filterset_class(data, queryset=self.get_queryset(), request=self.request)

    def _filtered(self, filterset: Filters | None) -> QuerySet[Any]:
        if filterset is None:
            return self.get_queryset()
        return filterset.qs if filterset.is_valid() else self.get_queryset().none()

    def _pinned(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The few rows of a filter by their numbers as well: so they are searched for only once."""
        if not self._narrowed():
            return rows
        found = list(rows.order_by().values_list("pk", flat=True)[: self.pinned_cap + 1])
        return rows if len(found) > self.pinned_cap else rows.filter(pk__in=found)

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
        by = keyset.Order(self.order_by(order.field), order.descending)
        page = keyset.fetch(self.shown(self.rows), by, self.page_size, after=after, before=before)
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
            "chip_links": self._chips(foot) if self.chips else [],
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
            "cells": [
                column.cell(row, first=not place) for place, column in enumerate(self.columns)
            ],
        }

    def _chips(self, counted: dict[str, Any]) -> list[dict[str, Any]]:
        """The choices of the chips with their counts; `counted` is that of the chosen one."""
        if self.filterset is None or self.chips not in self.filterset.filters:
            raise ImproperlyConfigured(f"{self.chips} is not a filter of {self.filterset_class}")
        data = self.request.GET.copy()
        chosen = "".join(data.pop(self.chips, [])[-1:])
        filterset = self._filterset(data)
        rows = (self._filtered(filterset) if chosen else self.rows).order_by()
        chip = filterset.filters[self.chips]
        return [
            {
                "label": label,
                "value": value,
                "current": value == chosen,
                "url": self._url(**{self.chips: value or None}),
                "count": found["count"],
                "capped": found["capped"],
            }
            for value, label in [("", "Alle"), *chip.extra["choices"]]
            for found in [counted if value == chosen else self._count(chip.filter(rows, value))]
        ]

    def _count(self, rows: QuerySet[Any]) -> dict[str, Any]:
        number = rows.order_by().values("pk")[: self.count_cap + 1].count()
        return {"count": min(number, self.count_cap), "capped": number > self.count_cap}

    def _foot(self) -> dict[str, Any]:
        """How many rows there are and what they add up to, unless there are too many to count."""
        found = self._count(self.rows)
        summed = [column for column in self.columns if column.total]
        if not summed or found["capped"] or not found["count"]:
            return {**found, "foot": []}
        totals = self._totals(summed)
        return {**found, "foot": [(column, totals.get(column, [])) for column in self.columns]}

    def _totals(self, summed: Sequence[Column]) -> dict[Column, list[tuple[str, Decimal]]]:
        """The sums by currency, in one question when all rows have the same."""
        wanted: dict[str, Any] = {}
        for number, column in enumerate(summed):
            wanted[f"_sum{number}"] = Sum(column.sort_field or column.key)
            if column.currency:
                name = column.currency.replace(".", "__")
                wanted |= {f"_least{number}": Min(name), f"_most{number}": Max(name)}
        found = self.rows.order_by().aggregate(**wanted)
        totals = {}
        for number, column in enumerate(summed):
            same = found.get(f"_least{number}") == found.get(f"_most{number}")
            amount = found[f"_sum{number}"] or Decimal(0)
            currency = found.get(f"_least{number}") or "EUR"
            totals[column] = [(currency, amount)] if same else self._by_currency(column)
        return totals

    def _by_currency(self, column: Column) -> list[tuple[str, Decimal]]:
        name = column.currency.replace(".", "__")
        rows = self.rows.order_by(name).values_list(name)
        return list(rows.annotate(_sum=Sum(column.sort_field or column.key)))
