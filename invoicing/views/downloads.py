"""Archived bytes: PDF, XML and report of an issued document, and the preview of a draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate

from invoicing import archiving, errors
from invoicing.models import Invoice
from invoicing.views.acting import Page
from workmate import documents
from workmate.models import Document, User


def served(document: Document, *, attachment: bool) -> HttpResponse:
    """The bytes from the archive, checked against their SHA-256; they never change."""
    response = HttpResponse(documents.read(document), content_type=document.media_type)
    disposition = content_disposition_header(attachment, document.filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["ETag"] = f'"{document.sha256}"'
    return response


def pdf_of(invoice: Invoice, *, by: User) -> Document:
    """The archived PDF; printed now where a crash left it out."""
    return invoice.pdf or archiving.archive_pdf(invoice.pk, by=by)


class Download(Page):
    """One of the archived files; `?anzeigen` shows it in the browser instead of saving it."""

    permission_required = "invoicing.view_invoice"
    kind = "pdf"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.select_related("pdf", "xml", "report"), pk=pk)
        if invoice.status != Invoice.Status.ISSUED:
            raise errors.NOT_ISSUED()
        if self.kind == "pdf":
            document = pdf_of(invoice, by=self.user)
        else:
            document = getattr(invoice, self.kind)
        return served(document, attachment="anzeigen" not in request.GET)


class DraftPreview(Page):
    """The draft as it would be printed, marked as a draft."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.drafts(), pk=pk)
        data = archiving.preview(invoice, on=localdate())
        response = HttpResponse(data, content_type="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="entwurf-{pk}.pdf"'
        return response
