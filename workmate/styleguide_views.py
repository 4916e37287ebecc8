"""The style page (/stil/, only with DEBUG): every component and kind of page on samples."""

from decimal import Decimal
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from workmate import forms

PARTS = {
    "": "Bausteine",
    "formular": "Formular",
    "liste": "Liste",
    "beleg": "Beleg",
    "entwurf": "Entwurf",
    "abgleich": "Abgleich",
    "uebersicht": "Übersicht",
    "warnung": "Bestätigen",
}
TONES = ["positive", "attention", "negative", "info", "neutral"]
COLOURS = ["paper", "desk", "sunken", "hover", "chosen", "line", "edge", "faint", "muted", "ink"]
STATES = {
    "Entwurf": "neutral",
    "offen": "info",
    "teilweise bezahlt": "attention",
    "überfällig": "negative",
    "bezahlt": "positive",
}
CUSTOMERS = ["Brauerei Ahrens GmbH", "Stadt Lüneburg", "Nordlicht Verlag", "Zimmerei Köhler & Sohn"]
MONTHS = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]


class SampleForm(forms.Form):
    """One field of every kind."""

    name = django_forms.CharField(label="Name", help_text="Wie er auf der Rechnung steht.")
    email = django_forms.EmailField(label="E-Mail-Adresse", required=False)
    day = forms.DateField(label="Leistungsdatum", help_text="Auch 22.11. oder heute.")
    price = forms.AmountField(label="Betrag in Euro")
    kind = django_forms.ChoiceField(
        label="Format", choices=[("x", "XRechnung"), ("z", "ZUGFeRD (PDF und XML)")]
    )
    way = django_forms.ChoiceField(
        label="Versand",
        widget=django_forms.RadioSelect,
        choices=[("mail", "per E-Mail"), ("post", "per Post"), ("portal", "über das Portal")],
    )
    note = django_forms.CharField(
        label="Bemerkung", required=False, widget=django_forms.Textarea(attrs={"rows": 3})
    )
    agreed = django_forms.BooleanField(
        label="Skonto gewähren", required=False, help_text="2 % innerhalb von 10 Tagen."
    )


def show(request: HttpRequest, part: str = "") -> HttpResponse:
    """One part of the style page."""
    if "hinweis" in request.GET:
        messages.success(request, "Rechnung RE-2026-0042 ist gestellt.")
        messages.error(request, "Der Kunde hat keine Leitweg-ID. Tragen Sie sie beim Kunden ein.")
    wrong = {"name": "", "day": "31.02.2026", "price": "viel", "way": "fax", "email": "a@"}
    context: dict[str, Any] = {
        "parts": [(f"/stil/{slug}/" if slug else "/stil/", name) for slug, name in PARTS.items()],
        "here": request.path,
        "tones": TONES,
        "colours": COLOURS,
        "invoices": list(_invoices()),
        "months": list(_months()),
        "form": SampleForm(wrong) if "fehler" in request.GET else SampleForm(),
    }
    return render(request, f"styleguide/{part or 'parts'}.html", context)


def _invoices() -> Any:
    for number in range(42, 26, -1):
        state = list(STATES)[(number * 7) % 5]
        yield {
            "number": "" if state == "Entwurf" else f"RE-2026-{number:04}",
            "customer": CUSTOMERS[number % 4],
            "day": f"{number % 27 + 1:02}.11.2026",
            "state": state,
            "tone": STATES[state],
            "total": Decimal(number * number * 731) / 100,
            "open": Decimal(0) if state == "bezahlt" else Decimal(number * number * 731) / 100,
        }


def _months() -> Any:
    """Bars of a chart 720 wide and 180 high; heights are px."""
    for index, name in enumerate(MONTHS):
        income, spent = 40 + (index * 53) % 110, 25 + (index * 37) % 60
        yield {
            "name": name,
            "x": index * 60,
            "middle": index * 60 + 30,
            "income": income,
            "income_y": 170 - income,
            "spent": spent,
            "spent_y": 170 - spent,
        }


urlpatterns = [
    path("", show, name="styleguide"),
    path("<slug:part>/", show),
]
