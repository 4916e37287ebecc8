"""New SEPA batches: choose invoices to collect, or credits to pay out."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.models import Invoice
from invoicing.views.acting import Page
from payments.models import Mandate, Order
from payments.refunding import return_order
from payments.sepa.collecting import candidates, collect
from payments.sepa.forms import (
    CollectForm,
    OrderReturnForm,
    TransferForm,
    UntilForm,
    a_fortnight_after,
)
from payments.sepa.transferring import payable, transfer
from workmate.errors import Problem
from workmate.models import Company
from workmate.web import row_number


class Collect(Page):
    """Invoices that announced a debit; those with a mandate are ticked already."""

    permission_required = "payments.add_batch"

    def get(self, request: HttpRequest) -> HttpResponse:
        scheme = "B2B" if request.GET.get("verfahren") == "B2B" else "CORE"
        return self._page(CollectForm(initial={"scheme": scheme}), scheme)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CollectForm(request.POST)
        chosen = [row_number(text) for text in request.POST.getlist("invoice")]
        if form.is_valid():
            invoices = Invoice.objects.filter(pk__in=[one for one in chosen if one])
            try:
                batch = collect(invoices, on=localdate(), by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                text = "Der Entwurf ist angelegt. Eine zweite Person prüft ihn und gibt ihn frei."
                messages.success(request, text)
                return redirect(batch)
        return self._page(form, request.POST.get("scheme", "CORE"), status=422)

    def _page(self, form: CollectForm, scheme: str, status: int = 200) -> HttpResponse:
        today = localdate()
        asked = UntilForm({"until": self.request.GET.get("bis") or a_fortnight_after(today)})
        until = asked.cleaned_data["until"] if asked.is_valid() else a_fortnight_after(today)
        found = candidates(until=until, on=today)
        ready = [one for one in found if not one.refusal]
        rows = [one for one in ready if one.mandate and one.mandate.scheme == scheme]
        context: dict[str, Any] = {
            "form": form,
            "scheme": scheme,
            "until": until,
            "rows": rows,
            "total": sum(one.amount for one in rows),
            "others": len(ready) - len(rows),
            "without": [one for one in found if one.refusal],
            "creditor_id": Company.get().creditor_id,
        }
        return render(self.request, "payments/collect.html", context, status=status)


class TransferPage(Page):
    """What we owe in euro, with the account that we know of each."""

    permission_required = "payments.add_batch"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            account = form.cleaned_data["money_account"]
            try:
                batch = transfer(
                    form.transfers(), money_account=account, on=localdate(), by=self.user
                )
            except Problem as problem:
                form.add_problem(problem)
            else:
                text = "Der Entwurf ist angelegt. Eine zweite Person prüft ihn und gibt ihn frei."
                messages.success(request, text)
                return redirect(batch)
        return self._page(form, status=422)

    def _form(self, *data: Any) -> TransferForm:
        items = list(payable().order_by("document_date", "pk")[:200])
        mandates = Mandate.objects.filter(
            customer__partner__in=[item.partner_id for item in items], revoked_on=None
        ).values_list("customer__partner", "iban")
        return TransferForm(*data, items=items, ibans=dict(mandates))

    def _page(self, form: TransferForm, status: int = 200) -> HttpResponse:
        return render(self.request, "payments/transfer.html", {"form": form}, status=status)


class OrderReturn(Page):
    """The bank could not carry an order out, or took the money back."""

    permission_required = "payments.reverse_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self._order(pk)
        return self._page(order, OrderReturnForm(initial={"on": localdate()}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self._order(pk)
        form = OrderReturnForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data | {"fee": form.cleaned_data["fee"] or 0}
            try:
                return_order(order, by=self.user, **data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                text = f"{order.open_item} ist wieder offen und kann neu eingezogen werden."
                messages.success(request, text)
                return redirect(order.batch)
        return self._page(order, form, status=422)

    def _page(self, order: Order, form: OrderReturnForm, status: int = 200) -> HttpResponse:
        context = {"order": order, "form": form}
        return render(self.request, "payments/order_return.html", context, status=status)

    def _order(self, pk: int) -> Order:
        alive = Q(ended_at=None, batch__state__in=["written", "executed"])
        rows = Order.objects.select_related("batch", "open_item__partner")
        return get_object_or_404(rows, alive, pk=pk)
