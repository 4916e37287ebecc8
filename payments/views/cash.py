"""The cash book (Kassenbuch): every movement with the balance after it, and closing a day."""

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.cash_keeping import close_day, held
from payments.forms import CashBoxForm, ClosingForm
from payments.views.statements import StatementPage
from workmate.errors import Problem
from workmate.ledger.models import Line, MoneyAccount
from workmate.ledger.money_accounts import open_money_account

BOXES = MoneyAccount.objects.filter(kind=MoneyAccount.Kind.CASH)
SHOWN = 31


class CashBooks(Page):
    """Leads to the cash book; says what to do where there is no cash box."""

    permission_required = "payments.view_payment"

    def get(self, request: HttpRequest) -> HttpResponse:
        box = BOXES.order_by("-is_active", "pk").first()
        return redirect(_address(box)) if box else render(request, "payments/no_cash.html")


class CashBoxNew(Page):
    """A new cash box, empty, with an account of its own."""

    permission_required = "workmate.add_moneyaccount"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "payments/cash_new.html", {"form": CashBoxForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CashBoxForm(request.POST)
        if form.is_valid():
            name = form.cleaned_data["name"]
            try:
                box = open_money_account(name, kind=MoneyAccount.Kind.CASH, by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, f"„{box.name}“ ist angelegt.")
                return redirect(_address(box))
        return render(request, "payments/cash_new.html", {"form": form}, status=422)


class CashBook(StatementPage):
    """One cash box."""

    permission_required = "payments.view_payment"
    template_name = "payments/cash_book.html"
    heads = ("Nr.", "Datum", "Beleg", "Text", "Einnahme", "Ausgabe", "Bestand")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.box = get_object_or_404(BOXES, pk=pk)
        return self.show(request)

    def lines(self) -> QuerySet[Line]:
        return Line.objects.filter(account=self.box.account_id)

    def name(self) -> str:
        return f"Kassenbuch {self.box.name}"

    def first(self, today: datetime.date) -> datetime.date:
        return today.replace(day=1)

    def more(self) -> dict[str, Any]:
        return {
            "box": self.box,
            "boxes": BOXES.order_by("name", "pk"),
            "closings": self.box.closings.select_related("created_by")[:SHOWN],
        }


class CashClosingPage(Page):
    """Counting the box in the evening; afterwards the day is closed."""

    permission_required = "payments.close_cash"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(
            get_object_or_404(BOXES, pk=pk), ClosingForm(initial={"day": localdate()})
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        box = get_object_or_404(BOXES, pk=pk)
        form = ClosingForm(request.POST)
        if form.is_valid():
            try:
                close_day(box, by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Der Tag ist abgeschlossen.")
                return redirect(_address(box))
        return self._page(box, form, status=422)

    def _page(self, box: MoneyAccount, form: ClosingForm, status: int = 200) -> HttpResponse:
        context = {"box": box, "form": form, "balance": held(box, localdate())}
        return render(self.request, "payments/cash_closing.html", context, status=status)


def _address(box: MoneyAccount) -> str:
    return reverse("payments:cash_book", args=[box.pk])
