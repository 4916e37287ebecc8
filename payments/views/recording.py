"""Recording a payment by hand: from whom, how much, for what."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.allocating import suggest
from payments.forms import PaymentForm
from payments.models import Payment
from payments.recording import record_payment
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount, OpenItem, Partner
from workmate.money import format_amount
from workmate.web import row_number

OFFERED = 20
MOST_ITEMS = 200


class PaymentNew(Page):
    """First the customer, then the form with what they owe; `?posten=7` starts with an invoice."""

    permission_required = "payments.record_payment"

    def get(self, request: HttpRequest) -> HttpResponse:
        if chosen := row_number(request.GET.get("posten")):
            item = get_object_or_404(OpenItem.objects.select_related("partner"), pk=chosen)
            return self._page(item.partner, self._form(item.partner, item))
        if chosen := row_number(request.GET.get("kunde")):
            partner = get_object_or_404(Partner, pk=chosen)
            return self._page(partner, self._form(partner))
        return self._choose(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=row_number(request.GET.get("kunde")))
        form = PaymentForm(request.POST, items=items_of(partner))
        if form.is_valid():
            try:
                payment = record_payment(partner=partner, by=self.user, **form.act_arguments())
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, done(payment))
                return redirect(payment)
        return self._page(partner, form, status=422)

    def _form(self, partner: Partner, item: OpenItem | None = None) -> PaymentForm:
        initial: dict[str, Any] = {"received_on": localdate(), "method": Payment.Method.TRANSFER}
        account = MoneyAccount.objects.filter(is_active=True).order_by("-on_invoices", "pk").first()
        initial["money_account"] = account
        if item is not None and item.outstanding:
            initial |= {"amount": item.outstanding, f"item_{item.pk}": item.outstanding}
            initial["reference"] = item.document_number
        return PaymentForm(items=items_of(partner), initial=initial)

    def _page(self, partner: Partner, form: PaymentForm, status: int = 200) -> HttpResponse:
        context = {"partner": partner, "form": form, **summary(form, partner)}
        return render(self.request, "payments/new.html", context, status=status)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        template = (
            "payments/choose.html#partners"
            if "HX-Request" in request.headers
            else "payments/choose.html"
        )
        return render(request, template, {"q": text, "partners": who_may_pay(text)})


class PaymentSpread(Page):
    """The form again with its amount spread over the items, oldest first."""

    permission_required = "payments.record_payment"

    def post(self, request: HttpRequest) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=row_number(request.GET.get("kunde")))
        items = items_of(partner)
        form = PaymentForm(request.POST, items=items)
        form.is_valid()
        amount = form.cleaned_data.get("amount") or Decimal(0)
        parts = suggest(amount, _of_one_currency(items, form.currency()))
        data = request.POST.copy()
        for item in items:
            part = parts.get(item.pk)
            data[f"item_{item.pk}"] = format_amount(part) if part else ""
        form = PaymentForm(data, items=items)
        form.is_valid()
        template = (
            "payments/new.html#allocation"
            if "HX-Request" in request.headers
            else "payments/new.html"
        )
        context = {"partner": partner, "form": form, **summary(form, partner)}
        return render(request, template, context)


class PaymentRest(Page):
    """What is left of the amount while one types."""

    permission_required = "payments.record_payment"

    def post(self, request: HttpRequest) -> HttpResponse:
        partner = get_object_or_404(Partner, pk=row_number(request.GET.get("kunde")))
        form = PaymentForm(request.POST, items=items_of(partner))
        form.is_valid()
        return render(request, "payments/new.html#rest", summary(form, partner))


def who_may_pay(text: str) -> list[Partner]:
    """Customers who owe something, or those whose name, number or document fits the text."""
    owes = Q(open_items__outstanding__gt=0, open_items__currency="EUR")
    open_in_any = Q(open_items__outstanding__gt=0)
    found = Partner.objects.annotate(
        owed=Sum("open_items__outstanding", filter=owes),
        count=Count("open_items", filter=open_in_any),
    )
    for word in text.split()[:5]:
        documents = OpenItem.objects.filter(document_number__icontains=word).values("partner")
        found = found.filter(Q(name__icontains=word) | Q(number=word) | Q(pk__in=documents))
    if not text:
        found = found.filter(count__gt=0)
    return list(found.order_by("name" if text else F("owed").desc(nulls_last=True), "pk")[:OFFERED])


def items_of(partner: Partner) -> list[OpenItem]:
    """What is open with a partner, oldest first."""
    return list(partner.open_items.open().select_related("partner")[:MOST_ITEMS])


def summary(form: PaymentForm, partner: Partner) -> dict[str, Any]:
    """Amount, allocated and rest as far as they are known, for the line below the items."""
    if form.is_bound:
        amount = form.cleaned_data.get("amount") or Decimal(0)
        parts, currency = form.allocations(), form.currency()
    else:
        amount = form.initial.get("amount") or Decimal(0)
        parts = [(i, form.initial[n]) for n, i in form.items.items() if n in form.initial]
        currency = parts[0][0].currency if parts else "EUR"
    allocated = sum((part for _, part in parts), Decimal(0))
    rest = amount - allocated
    wanted = 1 if partner.kind == Partner.Kind.CUSTOMER else -1
    return {
        "partner": partner,
        "amount": amount,
        "currency": currency,
        "allocated": allocated,
        "rest": rest,
        "excess": abs(rest) if rest * wanted < 0 else None,
        "credit": abs(rest) if rest * wanted > 0 and rest * amount > 0 else None,
        "too_much": [item for item, part in parts if not _fits(item, part)],
    }


def _of_one_currency(items: list[OpenItem], currency: str) -> list[OpenItem]:
    """The items in this currency, or where there are none those in the currency of the first."""
    found = [item for item in items if item.currency == currency]
    return found or [item for item in items if item.currency == items[0].currency]


def done(payment: Payment) -> str:
    """What the toast says."""
    if payment.credit and payment.partner:
        rest = format_amount(abs(payment.rest))
        unit = "€" if payment.currency == "EUR" else payment.currency
        return f"Die Zahlung ist gebucht; {rest} {unit} sind Guthaben von {payment.partner.name}."
    return "Die Zahlung ist gebucht."


def _fits(item: OpenItem, part: Decimal) -> bool:
    return part * item.outstanding > 0 and abs(part) <= abs(item.outstanding)


def _part(request: HttpRequest, template: str, part: str) -> str:
    """For htmx only the part that changes."""
    return f"{template}#{part}" if "HX-Request" in request.headers else template
