"""Bookings entered by hand: entering one, and taking one back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from banking import errors
from banking.entering import enter, reverse_entered
from banking.entry_forms import EntryForm, ReversalForm
from banking.models import BankAccount, Transaction
from invoicing.forms import show
from invoicing.views.acting import Page
from workmate.errors import Problem


class TransactionNew(Page):
    """A booking of an account that sends no statements."""

    permission_required = "banking.add_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get("konto", "")
        account = BankAccount.objects.filter(pk=wanted).first() if wanted.isdecimal() else None
        return self._page(EntryForm(initial={"account": account}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EntryForm(request.POST)
        if form.is_valid():
            try:
                row = enter(form.cleaned_data["account"], **form.booking(), by=self.user)
            except Problem as problem:
                show(problem, form)
                form.ask_for_twin(asked=problem.kind is errors.POSSIBLY_KNOWN)
            else:
                messages.success(request, "Der Umsatz ist erfasst.")
                return redirect(row)
        return self._page(form, status=422)

    def _page(self, form: EntryForm, status: int = 200) -> HttpResponse:
        return render(self.request, "banking/enter.html", {"form": form}, status=status)


class TransactionReversal(Page):
    """Takes back what was entered by hand; needs a reason."""

    permission_required = "banking.add_transaction"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(_row(pk), ReversalForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row, form = _row(pk), ReversalForm(request.POST)
        if form.is_valid():
            try:
                reverse_entered(row, form.cleaned_data["reason"], by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, "Der Umsatz ist storniert.")
                return redirect(row)
        return self._page(row, form, status=422)

    def _page(self, row: Transaction, form: ReversalForm, status: int = 200) -> HttpResponse:
        context = {"row": row, "form": form}
        return render(self.request, "banking/reverse.html", context, status=status)


def _row(pk: int) -> Transaction:
    return get_object_or_404(Transaction.objects.select_related("account__money_account"), pk=pk)
