"""Settings › Umrechnungskurse: the monthly rates of the BMF."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views import View

from workmate.errors import Problem
from workmate.forms import Form
from workmate.ledger import exchange_rates
from workmate.ledger.exchange_rates import Rate
from workmate.ledger.models import ExchangeRate
from workmate.ledger.models.exchange_rate import CURRENCIES
from workmate.web import Request

SHOWN = 120


class RatesForm(Form):
    """Lines with month, currency and rate, and where they are published."""

    lines = forms.CharField(
        label="Kurse",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "05.2026;USD;1,1234"}),
        help_text="Je Zeile Monat, Währung und Kurs (1 EUR = …), mit Semikolon oder Tabulator.",
    )
    source = forms.CharField(
        label="Quelle",
        max_length=200,
        help_text="Steht auf der Rechnung, zum Beispiel: BMF, Umsatzsteuer-Umrechnungskurse 2026.",
    )

    def clean_lines(self) -> list[Rate]:
        try:
            found = list(exchange_rates.read(self.cleaned_data["lines"]))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not found:
            raise forms.ValidationError("Geben Sie mindestens einen Kurs ein.")
        return found


class ExchangeRates(PermissionRequiredMixin, View):
    """The rates that are known, and a form for more; `?waehrung=USD&monat=05.2026` begins it."""

    permission_required = "workmate.view_exchangerate"

    def has_permission(self) -> bool:
        changes = self.request.method == "POST"
        allowed = self.request.user.has_perm("workmate.change_exchangerate")
        return bool(super().has_permission()) and (allowed or not changes)

    def get(self, request: Request) -> HttpResponse:
        currency, month = request.GET.get("waehrung", ""), request.GET.get("monat", "")
        initial: dict[str, Any] = {"source": f"BMF, Umsatzsteuer-Umrechnungskurse {localdate():%Y}"}
        if currency in CURRENCIES:
            initial["lines"] = f"{month[:7]};{currency};"
        return self._page(RatesForm(initial=initial))

    def post(self, request: Request) -> HttpResponse:
        form = RatesForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = exchange_rates.enter(data["lines"], source=data["source"], by=request.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                what = "Ein Kurs ist" if len(made) == 1 else f"{len(made)} Kurse sind"
                messages.success(request, f"{what} gespeichert.")
                return redirect("exchange_rates")
        return self._page(form, status=422)

    def _page(self, form: RatesForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "rates": ExchangeRate.objects.all()[:SHOWN]}
        return render(self.request, "workmate/exchange_rates.html", context, status=status)
