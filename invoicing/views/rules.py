"""Which official rules judge e-invoices here, where they come from, and which a report names."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from invoicing.einvoice import rules
from invoicing.einvoice.report import Report
from invoicing.einvoice.validate import rules_in_use
from invoicing.models import Invoice
from invoicing.views.acting import Page
from invoicing.views.wording import check_tone, check_word
from workmate import documents
from workmate.errors import Problem
from workmate.lists import Column, ListPage
from workmate.models import Document


class RulesPage(Page):
    """The rules in use, and the releases that were installed over those of the package."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        installed = rules.in_use()
        context = {
            "rules": rules_in_use(),
            "current": f"rules/{installed.name}" if installed else "",
            "releases": Document.objects.filter(kind="rules")
            .select_related("created_by")
            .order_by("-created_at"),
        }
        return render(request, "invoicing/rules.html", context)


def rules_of(invoice: Invoice) -> str:
    """The rules and versions that its archived report names."""
    try:
        stored = json.loads(documents.read(invoice.report))
    except Problem as problem:  # one missing file is no reason to show no list
        return problem.message
    versions = Report.from_json(stored).versions
    return " · ".join(f"{name} {version}" for name, version in versions.items())


class Reports(ListPage):
    """Every archived report with the rules that judged the document."""

    permission_required = "invoicing.view_invoice"
    title = "Prüfberichte"
    facts = "Ein Bericht ändert sich nicht, wenn später andere Regeln gelten."
    queryset = (
        Invoice.objects.filter(report__isnull=False)
        .select_related("report", "customer")
        .defer("snapshot")
    )
    default_sort = "-listed_on"
    page_size = 25
    columns = [
        Column("number", "Nummer", value=str, sort="number", link=True),
        Column("issue_date", "Datum", kind="date", sort="listed_on"),
        Column("einvoice_format", "Format", value=Invoice.get_einvoice_format_display, sort=""),
        Column(
            "rules", "Regeln", kind="template", value=rules_of, template="invoicing/rules_cell.html"
        ),
        Column("hints", "Prüfung", kind="status", value=check_word, sort="", tones=check_tone),
    ]
    empty = "Noch kein Bericht; der erste entsteht mit der ersten Rechnung."

    def row_url(self, row: Any) -> str:
        return reverse("invoicing:report", args=[row.pk])
