"""Archived bytes: PDF, XML and report of an issued document, and the preview of a draft."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from invoicing import archiving, errors
from invoicing.models import Invoice
from invoicing.views.acting import Page
from workmate.views.documents import serve


class Download(Page):
    """One of the archived files; `?zeigen` shows a PDF in the browser instead of saving it."""

    permission_required = "invoicing.view_invoice"
    kind = "pdf"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.select_related("pdf", "xml", "report"), pk=pk)
        if invoice.status != Invoice.Status.ISSUED:
            raise errors.NOT_ISSUED()
        if self.kind == "pdf":
            document = archiving.archive_pdf(invoice, by=self.user)
        else:
            document = getattr(invoice, self.kind)
        if document is None:
            raise Http404("an offer has no e-invoice")
        return serve(document, inline="zeigen" in request.GET)


class DraftPreview(Page):
    """The draft as it would be printed, marked as a draft."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.drafts(), pk=pk)
        data = archiving.preview(invoice, on=localdate())
        response = HttpResponse(data, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="entwurf-{pk}.pdf"'
        return response
