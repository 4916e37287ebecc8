"""The other formats of an issued document: which are valid, and their bytes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from invoicing import offering
from invoicing.models import Invoice
from invoicing.offering import Offer
from invoicing.views.acting import Page

ROWS = Invoice.objects.select_related("xml", "customer")


class Formats(Page):
    """Every format with a link, or with the reason why it is not offered."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(ROWS, pk=pk)
        if invoice.status == Invoice.Status.DRAFT:
            return redirect("invoicing:draft", invoice.pk)
        context = {"invoice": invoice, "offers": offering.offers(invoice)}
        return render(request, "invoicing/formats.html", context)


class FormatDownload(Page):
    """The document in one format, written and judged at this moment."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        return sent(offering.offer(get_object_or_404(ROWS, pk=pk), key))


def sent(offer: Offer) -> HttpResponse:
    """The answer with the XML, to be saved."""
    response = HttpResponse(offer.data, content_type="application/xml")
    disposition = content_disposition_header(as_attachment=True, filename=offer.file_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
