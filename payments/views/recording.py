"""Recording a payment by hand: from whom, how much, for what."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.models import Payment
from payments.recording import record_payment
from payments.recording_form import PaymentForm
from payments.suggesting import fitting, oldest_first
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount, OpenItem, Partner
from workmate.money import format_amount
from workmate.web import row_number

OFFERED = 20
MOST_ITEMS = 200
SUGGESTIONS = {"oldest": oldest_first, "fitting": fitting}


class Recording(Page):
    """What the pages of a new payment share."""

    permission_required = "payments.record_payment"

    def partner(self) -> Partner:
        chosen = row_number(self.request.GET.get("kunde"))
        return get_object_or_404(Partner, pk=chosen)

    def form(self, partner: Partner, data: QueryDict | None = None, **kwargs: Any) -> PaymentForm:
        return PaymentForm(
            data,
            items=items_of(partner, data or {}),
            may_write_off=self.user.has_perm("payments.write_off"),
            **kwargs,
        )

    def page(
        self, partner: Partner, form: PaymentForm, *, part: str = "", status: int = 200, **more: Any
    ) -> HttpResponse:
        """The form, or for htmx only the part that changes."""
        part = part if part and "HX-Request" in self.request.headers else ""
        template = f"payments/new.html#{part}" if part else "payments/new.html"
        context = {"form": form, **summary(form, partner), **more}
        return render(self.request, template, context, status=status)


class PaymentNew(Recording):
    """First the customer, then the form with what they owe; `?posten=7` starts with an invoice."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if chosen := row_number(request.GET.get("posten")):
            item = get_object_or_404(OpenItem.objects.select_related("partner"), pk=chosen)
            return self._start(item.partner, item)
        if row_number(request.GET.get("kunde")):
            return self._start(self.partner(), like=self._reversed())
        return self._choose(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        partner = self.partner()
        form = self.form(partner, request.POST)
        if form.is_valid():
            try:
                payment = record_payment(partner=partner, by=self.user, **form.act_arguments())
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, done(payment))
                return redirect(payment)
        return self.page(partner, form, status=422)

    def _reversed(self) -> Payment | None:
        """A payment that was taken back and is recorded again (`?wie=7`)."""
        chosen = row_number(self.request.GET.get("wie"))
        return Payment.objects.reversed().filter(pk=chosen).first() if chosen else None

    def _start(
        self, partner: Partner, item: OpenItem | None = None, like: Payment | None = None
    ) -> HttpResponse:
        initial: dict[str, Any] = {"received_on": localdate(), "method": Payment.Method.TRANSFER}
        account = MoneyAccount.objects.filter(is_active=True).order_by("-on_invoices", "pk").first()
        initial["money_account"] = account
        if item is not None and item.outstanding:
            initial |= {"amount": item.outstanding, f"item_{item.pk}": item.outstanding}
            initial["reference"] = item.document_number
        if like is not None:
            initial |= {name: getattr(like, name) for name in ("amount", "method", "reference")}
            initial["money_account"] = like.money_account
            initial |= {f"item_{part.open_item_id}": part.amount for part in like.allocations.all()}
        return self.page(partner, self.form(partner, initial=initial))

    def _choose(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        template = (
            "payments/choose.html#partners"
            if "HX-Request" in request.headers
            else "payments/choose.html"
        )
        return render(request, template, {"q": text, "partners": who_may_pay(text)})


class PaymentSpread(Recording):
    """The form again, its amount spread as `how` says; else only what the date decides is new."""

    def post(self, request: HttpRequest) -> HttpResponse:
        partner, data = self.partner(), request.POST.copy()
        form = self.form(partner, data)
        suggest = SUGGESTIONS.get(data.get("how", ""))
        if suggest is None:
            form.is_valid()
            for name in ("amount", "reason"):
                form.errors.pop(name, None)
            return self.page(partner, form, part="allocation")
        form.is_valid()
        parts = suggest(form.paid(), form.claims(form.currency()))
        for pk in form.items:
            data[f"item_{pk}"] = format_amount(parts[pk]) if parts.get(pk) else ""
            data[f"skonto_{pk}"] = "on"
            data.pop(f"rest_{pk}", None)
        form = self.form(partner, data)
        form.is_valid()
        return self.page(partner, form, part="allocation", nothing_fits=not parts)


class PaymentRest(Recording):
    """What is left of the amount while one types."""

    def post(self, request: HttpRequest) -> HttpResponse:
        partner = self.partner()
        form = self.form(partner, request.POST)
        form.is_valid()
        return self.page(partner, form, part="rest")


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


def items_of(partner: Partner, data: Mapping[str, Any]) -> list[OpenItem]:
    """What is open with a partner, oldest first; also what the form (`item_7`) still names."""
    typed = (row_number(name[5:]) for name, value in data.items() if name[:5] == "item_" and value)
    rows = partner.open_items.filter(~Q(outstanding=0) | Q(pk__in=[pk for pk in typed if pk]))
    return list(rows.select_related("partner")[:MOST_ITEMS])


def summary(form: PaymentForm, partner: Partner) -> dict[str, Any]:
    """Amount, allocated and rest as far as they are known, and what becomes of each item."""
    amount, shares = form.paid(), form.shares()
    allocated = sum((share.paid for share in shares), Decimal(0))
    rest = amount - allocated
    wanted = 1 if partner.kind == Partner.Kind.CUSTOMER else -1
    return {
        "partner": partner,
        "shares": shares,
        "amount": amount,
        "currency": form.currency(),
        "allocated": allocated,
        "rest": rest,
        "excess": abs(rest) if rest * wanted < 0 else None,
        "credit": abs(rest) if rest * wanted > 0 and rest * amount > 0 else None,
        "too_much": [share.item for share in shares if not _fits(share.item, share.paid)],
    }


def done(payment: Payment) -> str:
    """What the toast says."""
    if payment.credit and payment.partner:
        rest = format_amount(abs(payment.rest))
        unit = "€" if payment.currency == "EUR" else payment.currency
        return f"Die Zahlung ist gebucht; {rest} {unit} sind Guthaben von {payment.partner.name}."
    return "Die Zahlung ist gebucht."


def _fits(item: OpenItem, part: Decimal) -> bool:
    return part * item.outstanding > 0 and abs(part) <= abs(item.outstanding)
