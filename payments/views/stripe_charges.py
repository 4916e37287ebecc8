"""Money that came through Stripe: what is not assigned, refunds, disputes."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from invoicing.models import Invoice
from invoicing.views.acting import Page
from payments.stripe import returning
from payments.stripe.assigning import assign
from payments.stripe.client import connect
from payments.stripe.models import StripeCharge
from workmate.columns import Column
from workmate.errors import Problem
from workmate.filters import Filters
from workmate.forms import AmountField, Form
from workmate.lists import Action, ListPage

REFUND_TONES = {"succeeded": "positive", "failed": "negative"}


class ChargeFilters(Filters):
    """Charges by words and by whether they are assigned."""

    search_fields = ("payment_intent", "charge_id", "payer", "request__invoice__number")

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[("open", "Nicht zugeordnet"), ("done", "Zugeordnet")],
    )

    class Meta:
        model = StripeCharge
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With a payment in the books, or without."""
        return rows.filter(payment__isnull=value == "open")


class Charges(ListPage):
    permission_required = "payments.view_stripecharge"
    title = "Stripe-Zahlungen"
    queryset = StripeCharge.objects.select_related("request__invoice")
    filterset_class = ChargeFilters
    chips = "state"
    default_sort = "-paid_at"
    columns = [
        Column("paid_at", "Gezahlt", kind="moment"),
        Column("payment_intent", "Payment Intent", link=True, sort="", priority=3),
        Column("payer", "Von", sort="", link=True, value=lambda row: row.payer or "unbekannt"),
        Column(
            "invoice",
            "Rechnung",
            sort="",
            value=lambda row: row.request.invoice.number if row.request else "",
        ),
        Column("reason", "Warum nicht zugeordnet", sort="", priority=2),
        Column("amount", "Betrag", kind="money", currency="currency"),
    ]
    actions = [
        Action("Auszahlungen", "payments:stripe_payouts", "payments.view_stripepayout", "landmark"),
        Action("Ereignisse", "payments:stripe_events", "payments.view_stripeevent", "list"),
    ]
    empty = "Noch ist nichts über Stripe gezahlt."


class AssignForm(Form):
    """For which invoice the money came."""

    number = forms.CharField(label="Rechnungsnummer", max_length=60)

    def clean_number(self) -> Invoice:
        rows = Invoice.objects.issued().select_related("open_item", "customer__partner")
        invoice: Invoice | None = rows.filter(number=self.cleaned_data["number"].strip()).first()
        if invoice is None or not invoice.is_standing:
            raise forms.ValidationError("Eine offene Rechnung mit dieser Nummer gibt es nicht.")
        return invoice


class RefundForm(Form):
    """How much is given back."""

    amount = AmountField(label="Betrag", min_value=Decimal("0.01"))


class ChargePage(Page):
    permission_required = "payments.view_stripecharge"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(_charge(pk))

    def page(self, charge: StripeCharge, form: Form | None = None) -> HttpResponse:
        """Everything about this money, and what may be done with it."""
        rest = returning.refundable(charge)
        refunds = charge.refunds.select_related("payment", "created_by").order_by("-pk")
        shown = form or (RefundForm(initial={"amount": rest}) if charge.payment else AssignForm())
        context = {
            "charge": charge,
            "form": shown,
            "rest": rest,
            "refunds": [(one, REFUND_TONES.get(one.state, "info")) for one in refunds],
            "disputes": charge.disputes.select_related("payment"),
        }
        status = 422 if form else 200
        return render(self.request, "payments/stripe_charge.html", context, status=status)


class Assignment(ChargePage):
    permission_required = "payments.change_stripecharge"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        charge, form = _charge(pk), AssignForm(request.POST)
        if form.is_valid():
            try:
                assign(charge, form.cleaned_data["number"], client=connect(read=15), by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Die Zahlung ist gebucht.")
                return redirect(charge)
        return self.page(charge, form)


class Refund(ChargePage):
    permission_required = "payments.add_striperefund"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        charge, form = _charge(pk), RefundForm(request.POST)
        if form.is_valid():
            amount = form.cleaned_data["amount"]
            try:
                returning.order_refund(charge, amount, client=connect(read=15), by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                text = "Die Erstattung ist beauftragt, die Rechnung ist um den Betrag wieder offen."
                messages.success(request, text)
                return redirect(charge)
        return self.page(charge, form)


def _charge(pk: int) -> StripeCharge:
    rows = StripeCharge.objects.select_related("payment", "request__invoice")
    return get_object_or_404(rows, pk=pk)
