"""The account of a customer (Kontoblatt): what was billed and paid, with the balance after it."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from invoicing.models import Customer
from invoicing.views.acting import Page
from payments.statement import Statement, statement
from workmate import errors, exports
from workmate.ledger.forms import span
from workmate.ledger.models import Line, Partner


class StatementPage(Page):
    """A span of days with its movements, as a page and as a file."""

    template_name: ClassVar[str]
    heads: ClassVar[tuple[str, ...]]

    def lines(self) -> QuerySet[Line]:
        """The lines that it is about."""
        raise NotImplementedError

    def name(self) -> str:
        """What its file is called."""
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """What else its template shows."""
        return {}

    def first(self, today: datetime.date) -> datetime.date:
        """The first day where none was asked for."""
        return today.replace(month=1, day=1)

    def show(self, request: HttpRequest, **more: Any) -> HttpResponseBase:
        """The page, or its file where `export` asks for one."""
        today = localdate()
        data = request.GET if {"von", "bis"} & set(request.GET) else {}
        form, start, end = span(data, today)
        if not data:
            start = self.first(today)
            form.initial["von"] = start
        found = statement(self.lines(), start, end)
        if export := request.GET.get("export"):
            return self._export(export, found, start, end)
        context = {"form": form, "start": start, "end": end, "found": found}
        return render(request, self.template_name, {**context, **self.more(), **more})

    def _export(
        self, kind: str, found: Statement, start: datetime.date, end: datetime.date
    ) -> HttpResponseBase:
        write = {"csv": exports.csv_response, "xlsx": exports.xlsx_response}.get(kind)
        if write is None:
            raise errors.NOT_FOUND()
        name = f"{self.name()} {start:%Y-%m-%d} bis {end:%Y-%m-%d}"
        return write(name, self.heads, _rows(found, start, end))


class CustomerStatement(StatementPage):
    """The account of one customer."""

    permission_required = "payments.view_payment"
    template_name = "payments/customer_statement.html"
    heads = ("Nr.", "Datum", "Beleg", "Text", "Soll", "Haben", "Saldo")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.partner = get_object_or_404(Partner, pk=pk, kind=Partner.Kind.CUSTOMER)
        return self.show(request)

    def lines(self) -> QuerySet[Line]:
        return Line.objects.filter(open_item__partner=self.partner)

    def name(self) -> str:
        return f"Kontoblatt {self.partner.number}"

    def more(self) -> dict[str, Any]:
        customer = Customer.objects.filter(partner=self.partner).first()
        return {"partner": self.partner, "customer": customer}


def _rows(found: Statement, start: datetime.date, end: datetime.date) -> Iterator[list[Any]]:
    yield [None, start, "", "Anfangsbestand", None, None, found.opening]
    for one in found.movements:
        entry = one.line.entry
        text = [entry.pk, entry.booked_on, entry.document_number, entry.text]
        yield [*text, one.incoming, one.outgoing, one.balance]
    yield [None, end, "", "Endbestand", found.incoming, found.outgoing, found.closing]
