"""Skonto and write-offs of an invoice, and taking them back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing.models import Invoice
from invoicing.views.acting import Page, attempt, back_to
from payments.deducting import allowed_skonto, grant_skonto, take_back, write_off
from payments.forms import DeductionForm
from payments.models import Deduction
from workmate.errors import Problem
from workmate.ledger.posting import open_day


class DeductionPage(Page):
    """What is not going to be paid of an invoice; what was deducted before stands below."""

    permission_required = "payments.write_off"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = _invoice(pk)
        owed = invoice.open_item.outstanding
        allowed = min(allowed_skonto(invoice, paid_on=localdate()), owed)
        kind = Deduction.Kind.SKONTO if allowed > 0 else Deduction.Kind.WRITE_OFF
        initial = {"kind": kind, "amount": allowed if allowed > 0 else owed, "on": localdate()}
        return self._page(invoice, DeductionForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = _invoice(pk)
        form = DeductionForm(request.POST)
        if form.is_valid():
            data, item = form.cleaned_data, invoice.open_item
            try:
                if data["kind"] == Deduction.Kind.SKONTO:
                    grant_skonto(item, data["amount"], on=data["on"], by=self.user)
                else:
                    reason = data["reason"]
                    write_off(item, data["amount"], reason=reason, on=data["on"], by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Der Abzug ist gebucht, die Umsatzsteuer berichtigt.")
                return redirect(invoice)
        return self._page(invoice, form, status=422)

    def _page(self, invoice: Invoice, form: DeductionForm, status: int = 200) -> HttpResponse:
        made = invoice.open_item.deductions.select_related("entry__reversed_by", "created_by")
        context: dict[str, Any] = {
            "invoice": invoice,
            "form": form,
            "allowed": allowed_skonto(invoice, paid_on=localdate()),
            "deductions": made,
        }
        return render(self.request, "payments/deduction.html", context, status=status)


class DeductionReversal(Page):
    """Takes back a deduction."""

    permission_required = "payments.write_off"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        deduction = get_object_or_404(Deduction, pk=pk)
        day = open_day(deduction.deducted_on)
        attempt(request, "Der Abzug ist zurückgenommen.", take_back, deduction, on=day)
        return back_to(request, reverse("payments:deduction", args=[deduction.open_item_id]))


def _invoice(pk: int) -> Any:
    """The invoice of an open item, unless its tax is unknown or not owed yet."""
    rows = (
        Invoice.objects.standing()
        .exclude(kind=Invoice.Kind.ADVANCE)
        .select_related("open_item", "customer")
    )
    return get_object_or_404(rows, open_item=pk)
