"""Help pages that write themselves."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workmate.errors import CATALOGUE

AREAS = {
    "AUTH": "Anmeldung und Rechte",
    "INVOICE": "Rechnungen",
    "PAYMENT": "Zahlungen",
    "FINANCE": "Bank, Buchungen und Dienste",
    "CRM": "Kunden",
    "PRODUCT": "Produkte",
    "DOCUMENT": "Archiv",
    "SYSTEM": "System",
}


def error_catalogue(request: HttpRequest) -> HttpResponse:
    """Every error with its advice, from the catalogue."""
    entries = sorted(CATALOGUE.values(), key=lambda entry: entry.code)
    grouped = groupby(entries, key=lambda entry: entry.code.partition("_")[0])
    areas = [(AREAS.get(prefix, prefix.title()), list(group)) for prefix, group in grouped]
    return render(request, "workmate/errors.html", {"areas": areas, "count": len(entries)})
