"""What the rules say to a document of ours: to a draft today, to an issued one as archived."""

import json
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing import checking, gate
from invoicing.einvoice.report import Report
from invoicing.models import Invoice
from invoicing.remembering import remember
from invoicing.views.acting import Page
from invoicing.views.judging import way_to
from workmate import documents
from workmate.models import Company


class ReportPage(Page):
    """The verdict by classes of error, each finding with the way to its field."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Invoice.objects.select_related("customer", "xml", "report", "corrects")
        invoice = get_object_or_404(rows, pk=pk)
        context = {
            "invoice": invoice,
            "result": self._archived(invoice) if invoice.number else self._today(invoice),
            "classes": checking.CLASSES,
        }
        return render(request, "invoicing/report.html", context)

    def _archived(self, invoice: Invoice) -> checking.Checked:
        if invoice.report is None:
            raise Http404("an offer has no e-invoice")
        stored = Report.from_json(json.loads(documents.read(invoice.report)))
        report = replace(stored, currency=invoice.currency)
        return checking.Checked(
            file_name=f"{invoice.number}.xml", report=report, way_to=lambda field: ("", "")
        )

    def _today(self, invoice: Invoice) -> checking.Checked:
        if not Company.objects.exists() or invoice.is_offer:
            raise Http404("nothing that rules could judge")
        verdict = gate.check(invoice, on=localdate())
        remember(invoice, verdict)
        rows = list(range(invoice.lines.count()))

        def at_form(field: str) -> tuple[str, str]:
            href, link = way_to(invoice, field, rows)
            if href.startswith("#"):
                href = reverse("invoicing:draft", args=[invoice.pk]) + href
            return href, f"Zum Feld: {link}" if href.startswith("/rechnungen") else link

        return checking.Checked(
            file_name="Entwurf",
            report=replace(verdict.report, findings=verdict.findings, number="", total=None),
            way_to=at_form,
        )
