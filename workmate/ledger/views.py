"""Pages of the books: balances, journal, account sheets, periods."""

import datetime
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views import View

from workmate import exports
from workmate.errors import Problem
from workmate.ledger.filters import EntryFilters, LineFilters
from workmate.ledger.forms import UnlockForm, span
from workmate.ledger.models import Account, Entry, Line, Period
from workmate.ledger.periods import lock_period, month_of, months, unlock_period
from workmate.ledger.reports import total, trial_balance
from workmate.lists import Column, ListPage
from workmate.models import User
from workmate.money import format_amount

TURNOVER = Subquery(
    Line.objects.filter(entry=OuterRef("pk"), amount__gt=0)
    .order_by()
    .values("entry")
    .annotate(sum=Sum("amount"))
    .values("sum"),
    output_field=DecimalField(max_digits=14, decimal_places=2),
)


def actor(request: HttpRequest) -> User:
    """Who acts; the permission check has let nobody else through."""
    return cast("User", request.user)


def debited(line: Line) -> Decimal | None:
    """The amount of the debit column."""
    return line.amount if line.amount > 0 else None


def credited(line: Line) -> Decimal | None:
    """The amount of the credit column."""
    return line.credit if line.amount < 0 else None


class TrialBalance(PermissionRequiredMixin, View):
    """Summen und Salden of a span of days."""

    permission_required = "workmate.view_entry"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        form, start, end = span(request.GET, localdate())
        rows = trial_balance(start, end)
        if request.GET.get("export") == "csv":
            heads = ["Konto", "Bezeichnung", "Anfangssaldo", "Soll", "Haben", "Endsaldo"]
            cells = (
                [row.number, row.name, row.opening, row.debit, row.credit, row.closing]
                for row in rows
            )
            return exports.csv_response(f"Summen und Salden {end:%Y-%m-%d}", heads, cells)
        context = {"form": form, "rows": rows, "total": total(rows), "start": start, "end": end}
        return render(request, "ledger/trial_balance.html", context)


class Journal(ListPage):
    """All entries, the latest first."""

    permission_required = "workmate.view_entry"
    title = "Journal"
    template_name = "ledger/list.html"
    queryset = Entry.objects.select_related("actor", "reverses").annotate(turnover=TURNOVER)
    filterset_class = EntryFilters
    default_sort = "-booked_on"
    empty = "Noch ist nichts gebucht."
    columns = (
        Column("pk", "Nr.", kind="number", sort="id", priority=3),
        Column("booked_on", "Buchungstag", kind="date"),
        Column("document_number", "Beleg", sort="", priority=2),
        Column("text", "Text", sort="", link=True),
        Column("recorded_at", "Erfasst", kind="moment", sort="", priority=3),
        Column("actor.name", "Von", sort="", priority=3),
        Column("turnover", "Betrag", kind="money", sort=""),
    )

    def row_url(self, row: Entry) -> str:
        return reverse("entry", args=[row.pk])


class EntryPage(PermissionRequiredMixin, View):
    """One entry with its lines."""

    permission_required = "workmate.view_entry"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        entries = Entry.objects.select_related("actor", "reverses", "reversed_by")
        entry = get_object_or_404(entries, pk=pk)
        lines = entry.lines.select_related("account", "tax_case", "open_item__partner")
        return render(request, "ledger/entry.html", {"entry": entry, "lines": lines})


class AccountSheet(ListPage):
    """The lines of one account."""

    permission_required = "workmate.view_entry"
    title = "Kontoblatt"
    template_name = "ledger/list.html"
    queryset = Line.objects.select_related("entry", "open_item__partner")
    filterset_class = LineFilters
    default_sort = "-booked_on"
    empty = "Auf diesem Konto ist nichts gebucht."
    columns = (
        Column("booked_on", "Buchungstag", kind="date"),
        Column("entry.document_number", "Beleg", sort="", priority=2),
        Column("entry.text", "Text", sort="", link=True, value=lambda row: row.entry.text),
        Column("debit", "Soll", kind="money", value=debited),
        Column("credit", "Haben", kind="money", value=credited),
        Column("amount", "Saldo", kind="money", total=True, priority=3),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.account = get_object_or_404(Account, number=kwargs["number"])
        self.facts = f"{self.account.get_kind_display()}, Saldo {format_amount(self._balance())} €"
        return super().get(request, **kwargs)

    def get_queryset(self) -> QuerySet[Line]:
        return super().get_queryset().filter(account=self.account)

    def row_url(self, row: Line) -> str:
        return reverse("entry", args=[row.entry_id])

    def get_context(self) -> dict[str, Any]:
        return {"title": str(self.account)}

    def _balance(self) -> Decimal:
        return self.account.lines.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


class Periods(PermissionRequiredMixin, View):
    """Months with their state; locking one locks all before it."""

    permission_required = "workmate.view_period"

    def get(self, request: HttpRequest) -> HttpResponse:
        until = Period.objects.locked_until()
        context = {"months": months(localdate()), "until": until, "today": localdate()}
        return render(request, "ledger/periods.html", context)


class PeriodLock(PermissionRequiredMixin, View):
    """Asks, then locks."""

    permission_required = "workmate.lock_period"

    def get(self, request: HttpRequest, month: str) -> HttpResponse:
        day = datetime.date.fromisoformat(f"{month}-01")
        before = Entry.objects.filter(booked_on__lt=day)
        if until := Period.objects.locked_until():
            before = before.filter(booked_on__gt=until)
        last = month_of(day)[1]
        inside = Entry.objects.filter(booked_on__range=(day, last))
        context = {"day": day, "last": last, "inside": inside.count(), "before": before.count()}
        return render(request, "ledger/period_lock.html", context)

    def post(self, request: HttpRequest, month: str) -> HttpResponse:
        day = datetime.date.fromisoformat(f"{month}-01")
        period = lock_period(day, by=actor(request), on=localdate())
        messages.success(request, f"{period} ist gesperrt.")
        return redirect("periods")


class PeriodUnlock(PermissionRequiredMixin, View):
    """Asks for the reason, then opens the last locked month."""

    permission_required = "workmate.lock_period"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(get_object_or_404(Period, pk=pk), UnlockForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        period = get_object_or_404(Period, pk=pk)
        form = UnlockForm(request.POST)
        if form.is_valid():
            try:
                unlock_period(period, by=actor(request), **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, f"{period} ist wieder offen.")
                return redirect("periods")
        return self._page(period, form, status=422)

    def _page(self, period: Period, form: UnlockForm, status: int = 200) -> HttpResponse:
        context = {"period": period, "form": form}
        return render(self.request, "ledger/period_unlock.html", context, status=status)
