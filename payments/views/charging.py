"""Fees of a payment, and taking them back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page, attempt
from payments.charging import charge_fee, take_back_fee
from payments.forms import FeeForm
from payments.models import Fee, Payment
from payments.views.payments import payment_of
from workmate.errors import Problem
from workmate.ledger.posting import open_day


class FeePage(Page):
    """A fee that the bank or the provider kept of a payment."""

    permission_required = "payments.record_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        day = min(open_day(payment_of(pk).entry.booked_on), localdate())
        return self._page(payment_of(pk), FeeForm(initial={"on": day, "text": "Gebühr"}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        form = FeeForm(request.POST)
        if form.is_valid():
            try:
                charge_fee(payment, by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Die Gebühr ist gebucht.")
                return redirect(payment)
        return self._page(payment, form, status=422)

    def _page(self, payment: Payment, form: FeeForm, status: int = 200) -> HttpResponse:
        context = {"payment": payment, "form": form}
        return render(self.request, "payments/fee.html", context, status=status)


class FeeReversal(Page):
    """Takes back a fee."""

    permission_required = "payments.reverse_payment"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        fee = get_object_or_404(Fee.objects.select_related("payment"), pk=pk)
        day = open_day(fee.charged_on)
        attempt(request, "Die Gebühr ist zurückgenommen.", take_back_fee, fee, on=day)
        return redirect(fee.payment)
