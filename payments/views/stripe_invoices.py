"""Online payment of one invoice: what was asked for, what came, links and intents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from invoicing.models import Invoice
from invoicing.views.acting import Page, attempt
from payments.stripe import checkout, connecting
from payments.stripe.client import connect
from payments.stripe.models import StripeCharge, StripeRequest
from workmate.models import User

TONES = {
    "open": "info",
    "processing": "attention",
    "paid": "positive",
    "failed": "negative",
}


class OnlinePayment(Page):
    permission_required = "payments.view_striperequest"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = _invoice(pk)
        requests = invoice.stripe_requests.order_by("-pk")[:20]
        context = {
            "invoice": invoice,
            "account": connecting.account(),
            "requests": [(one, TONES.get(one.state, "neutral")) for one in requests],
            "charges": StripeCharge.objects.filter(request__invoice=invoice).select_related(
                "payment"
            ),
            "can_ask": invoice.is_standing and invoice.open_item.outstanding > 0,
        }
        return render(request, "payments/stripe_invoice.html", context)


class NewRequest(Page):
    """Makes a payment link or a payment intent for what is open."""

    permission_required = "payments.add_striperequest"
    kind = StripeRequest.Kind.LINK

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        done = {
            StripeRequest.Kind.LINK: "Der Zahlungslink ist bereit.",
            StripeRequest.Kind.INTENT: "Der Payment Intent ist angelegt.",
        }
        attempt(request, done[self.kind], self._ask, _invoice(pk))
        return redirect("payments:stripe_invoice", pk)

    def _ask(self, invoice: Invoice, *, by: User) -> StripeRequest:
        return checkout.ask_for(invoice, self.kind, client=connect(read=15), by=by)


class Closing(Page):
    """Lets nobody pay this way any more."""

    permission_required = "payments.change_striperequest"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(StripeRequest.objects.select_related("invoice"), pk=pk)

        def act(*, by: User) -> None:
            checkout.close(row, client=connect(read=15))

        attempt(request, "Dieser Weg ist geschlossen.", act)
        return redirect("payments:stripe_invoice", row.invoice_id)


def _invoice(pk: int) -> Invoice:
    rows = Invoice.objects.issued().billing().select_related("open_item", "customer")
    invoice: Invoice = get_object_or_404(rows, pk=pk)
    return invoice
