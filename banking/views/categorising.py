"""Ticked bookings get a kind, a category or both; then it shows what became of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from banking.categorising import MOST, categorise
from banking.entry_forms import CategoriseForm
from banking.models import Transaction
from invoicing.forms import show
from invoicing.views.acting import Page
from workmate.errors import Problem
from workmate.web import row_number


class Categorise(Page):
    """Asks what to give the ticked bookings, and does it."""

    permission_required = "banking.reconcile_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("banking:transactions")

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = [row_number(text) for text in request.POST.getlist("pk")][: MOST + 1]
        if "save" not in request.POST:
            return self._page(chosen, CategoriseForm())
        form = CategoriseForm(request.POST)
        if form.is_valid():
            try:
                outcomes = categorise(chosen, **form.wanted(), by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                if left := [one for one in outcomes if one.problem]:
                    context = {"left": left, "changed": sum(one.changed for one in outcomes)}
                    return render(request, "banking/categorised.html", context)
                messages.success(request, _said(len(outcomes)))
                return redirect("banking:transactions")
        return self._page(chosen, form, status=422)

    def _page(self, chosen: list[int], form: CategoriseForm, status: int = 200) -> HttpResponse:
        rows = Transaction.objects.filter(pk__in=chosen).select_related("category")
        context = {"rows": rows, "form": form}
        return render(self.request, "banking/categorise.html", context, status=status)


def _said(count: int) -> str:
    return f"{count} {'Umsatz ist' if count == 1 else 'Umsätze sind'} eingeordnet."
