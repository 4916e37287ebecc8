"""Paying out a credit, and what the bank took back."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.forms import RefundForm, ReturnForm
from payments.models import Payment
from payments.refunding import refund, return_debit
from payments.views.payments import changes, payment_of, refusal
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.ledger.posting import open_day
from workmate.money import format_amount


class RefundPage(Page):
    """Money back to the customer; the payment that comes of it is taken back like every other."""

    permission_required = "payments.record_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        credit = _credit(pk)
        account = MoneyAccount.objects.filter(is_active=True).order_by("-on_invoices", "pk").first()
        initial = {
            "amount": -credit.outstanding,
            "on": localdate(),
            "money_account": account,
            "method": Payment.Method.TRANSFER,
        }
        return self._page(credit, RefundForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        credit = _credit(pk)
        form = RefundForm(request.POST)
        if form.is_valid():
            try:
                payment = refund(credit, by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                paid = format_amount(-payment.amount)
                messages.success(request, f"{paid} {credit.currency} sind als Auszahlung gebucht.")
                return redirect(payment)
        return self._page(credit, form, status=422)

    def _page(self, credit: OpenItem, form: RefundForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "credit": credit,
            "form": form,
            "available": max(Decimal(0), -credit.outstanding),
        }
        return render(self.request, "payments/refund.html", context, status=status)


class ReturnPage(Page):
    """A debit or card payment that the bank took back."""

    permission_required = "payments.reverse_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        if payment.is_reversed or payment.amount <= 0:
            return redirect(payment)
        day = min(open_day(payment.entry.booked_on), localdate())
        return self._page(payment, ReturnForm(initial={"on": max(day, localdate())}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        form = ReturnForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            fee = data["fee"] or Decimal(0)
            try:
                return_debit(payment, on=data["on"], reason=data["reason"], fee=fee, by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Die Rückgabe ist gebucht, die Posten sind wieder offen.")
                return redirect(payment)
        return self._page(payment, form, status=422)

    def _page(self, payment: Payment, form: ReturnForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "payment": payment,
            "form": form,
            "changes": changes(payment),
            "refusal": refusal(payment),
        }
        return render(self.request, "payments/return.html", context, status=status)


def _credit(pk: int) -> OpenItem:
    rows = OpenItem.objects.receivables().select_related("partner")
    return get_object_or_404(rows, pk=pk)
