"""Payments: list, page, and taking one back."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.filters import PaymentFilters
from payments.forms import ReversalForm
from payments.models import Allocation, Payment, Receipt
from payments.receipting import issue_receipt
from payments.recording import refuse_used_credit, reverse_payment
from workmate.errors import Problem
from workmate.ledger.posting import open_day
from workmate.lists import Action, Column, ListPage
from workmate.views.documents import serve

NEW = Action(
    "Zahlung erfassen", "payments:payment_new", "payments.record_payment", "plus", primary=True
)
BATCHES = Action("SEPA-Aufträge", "payments:batches", "payments.view_batch", "landmark")
STRIPE = Action("Stripe", "payments:stripe_charges", "payments.view_stripecharge", "credit-card")
CASH_BOOK = Action("Kassenbuch", "payments:cash_books", "payments.view_payment", "wallet")
OPEN_ITEMS = Action("Offene Posten", "payments:open_items", "workmate.view_openitem", "list")


def documents(payment: Payment) -> str:
    """What it was paid for, as the list shows it: one number, or how many."""
    parts = payment.allocations.all()
    if len(parts) == 1:
        return str(parts[0].open_item)
    return f"{len(parts)} Posten" if parts else "Guthaben"


class Payments(ListPage):
    permission_required = "payments.view_payment"
    title = "Zahlungen"
    queryset = Payment.objects.select_related(
        "partner", "money_account", "reversal", "credit"
    ).prefetch_related("allocations__open_item__partner")
    filterset_class = PaymentFilters
    chips = "state"
    default_sort = "-received_on"
    columns = [
        Column("received_on", "Datum", kind="date"),
        Column(
            "partner.name",
            "Von / an",
            link=True,
            sort="",
            value=lambda row: row.partner.name if row.partner else "Mehrere",
        ),
        Column("documents", "Für", value=documents),
        Column("method", "Zahlungsart", value=Payment.get_method_display, sort="", priority=3),
        Column("money_account.name", "Geldkonto", sort="", priority=3),
        Column("reference", "Verwendungszweck", sort="", priority=3),
        Column(
            "state",
            "Stand",
            kind="status",
            value=lambda row: "storniert" if row.is_reversed else "",
            tones={"storniert": "negative"},
            priority=2,
        ),
        Column(
            "free",
            "Rest",
            kind="money",
            currency="currency",
            value=lambda row: abs(row.credit.outstanding) or None if row.credit else None,
            priority=3,
        ),
        Column("amount", "Betrag", kind="money", currency="currency", total=True),
    ]
    actions = [STRIPE, BATCHES, CASH_BOOK, OPEN_ITEMS, NEW]
    empty = "Noch keine Zahlung. Zahlungen entstehen aus Kontoauszügen oder werden hier erfasst."
    empty_action = NEW


class PaymentPage(Page):
    permission_required = "payments.view_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        context = {
            "payment": payment,
            "parts": payment.allocations.select_related("open_item__partner", "open_item__invoice"),
            "deductions": payment.deductions.select_related(
                "open_item__partner", "entry__reversed_by"
            ),
            "fees": payment.fees.select_related("entry__reversed_by"),
            "lines": payment.entry.lines.select_related("account", "open_item__partner"),
        }
        return render(request, "payments/payment.html", context)


class PaymentReceipt(Page):
    """The receipt of a payment: issued by the first who asks, the same file for all after."""

    permission_required = "payments.record_payment"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        try:
            receipt = issue_receipt(payment, on=localdate(), by=self.user)
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
            return redirect(payment)
        return redirect("payments:receipt_pdf", receipt.payment_id)


class ReceiptPdf(Page):
    """The archived receipt."""

    permission_required = "payments.view_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        receipt = get_object_or_404(Receipt.objects.select_related("pdf"), payment=pk)
        return serve(receipt.pdf, inline="zeigen" in request.GET)


class PaymentReversal(Page):
    permission_required = "payments.reverse_payment"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        if payment.is_reversed:
            return redirect(payment)
        day = min(open_day(payment.entry.booked_on), localdate())
        return self._page(payment, ReversalForm(initial={"on": day}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = payment_of(pk)
        form = ReversalForm(request.POST)
        if form.is_valid():
            try:
                reverse_payment(payment, by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(
                    request, "Die Zahlung ist storniert, die Posten sind wieder offen."
                )
                return redirect(payment)
        return self._page(payment, form, status=422)

    def _page(self, payment: Payment, form: ReversalForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "payment": payment,
            "form": form,
            "changes": changes(payment),
            "refusal": refusal(payment),
        }
        return render(self.request, "payments/reversal.html", context, status=status)


def changes(payment: Payment) -> list[tuple[Allocation, Decimal]]:
    """What is open on each item once the payment counts no more, Skonto and rests included."""
    kept: dict[int, Decimal] = {}
    for one in payment.deductions.filter(entry__reversed_by=None):
        kept[one.open_item_id] = kept.get(one.open_item_id, Decimal(0)) + one.amount
    return [
        (part, part.open_item.outstanding + part.amount + kept.get(part.open_item_id, Decimal(0)))
        for part in payment.allocations.select_related("open_item__partner")
    ]


def refusal(payment: Payment) -> Problem | None:
    """Said before the form is filled in, not after."""
    try:
        refuse_used_credit(payment)
    except Problem as problem:
        return problem
    return None


def payment_of(pk: int) -> Payment:
    rows = Payment.objects.select_related(
        "partner",
        "money_account",
        "entry",
        "credit__partner",
        "created_by",
        "reversal__created_by",
        "reversal__entry",
        "receipt",
    )
    return get_object_or_404(rows, pk=pk)
