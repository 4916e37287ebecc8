"""Settings, and Settings › Unternehmen: master data in sections."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.views import View

from workmate import company
from workmate.company_forms import SECTIONS
from workmate.errors import Problem
from workmate.ledger import turnover
from workmate.models import Company
from workmate.web import Request


@dataclass(frozen=True)
class Topic:
    """One line of the settings; shown when its page exists and the user may open it."""

    label: str
    text: str
    icon: str
    url_name: str
    permission: str

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


TOPICS = (
    Topic(
        "Unternehmen",
        "Firma, Anschrift, Steuern, Zahlungsziel.",
        "building-2",
        "company",
        "workmate.change_company",
    ),
    Topic(
        "Briefpapier",
        "Logo, Farbe, Schrift, Fußzeile und Texte Ihrer Belege.",
        "file-pen-line",
        "invoicing:letterhead",
        "workmate.change_company",
    ),
    Topic(
        "Bankkonten und Kassen",
        "Wohin Geld kommt und welches Konto auf Rechnungen steht.",
        "landmark",
        "banking:accounts",
        "workmate.change_moneyaccount",
    ),
    Topic(
        "Nummernkreise",
        "Muster und Startwerte der Belegnummern.",
        "hash",
        "invoicing:number_ranges",
        "invoicing.change_numberrange",
    ),
    Topic(
        "E-Mail",
        "Postausgangsserver, Absender, Verbindung prüfen.",
        "mail",
        "mail",
        "workmate.change_mailaccount",
    ),
    Topic(
        "Versandtexte",
        "Betreff und Text der E-Mails, mit denen Rechnungen versendet werden.",
        "mail-open",
        "invoicing:mail-texts",
        "invoicing.change_mailtext",
    ),
    Topic(
        "Stripe",
        "Kartenzahlung und andere Wege auf der Rechnungsseite Ihrer Kunden.",
        "credit-card",
        "payments:stripe",
        "payments.set_up_stripe",
    ),
    Topic(
        "Buchungsperioden",
        "Monate sperren, wenn sie gemeldet sind.",
        "calendar-check-2",
        "periods",
        "workmate.lock_period",
    ),
    Topic(
        "Umrechnungskurse",
        "Monatskurse für Rechnungen in fremder Währung.",
        "coins",
        "exchange_rates",
        "workmate.view_exchangerate",
    ),
    Topic(
        "Prüfregeln",
        "Fassungen von EN 16931, XRechnung und Factur-X, nach denen geprüft wird.",
        "shield-check",
        "invoicing:rules",
        "invoicing.view_invoice",
    ),
    Topic(
        "Benutzer",
        "Wer Zugang hat und was er darf.",
        "users",
        "users",
        "workmate.manage_users",
    ),
)


class Settings(PermissionRequiredMixin, View):
    """What can be set, one line each."""

    permission_required = "workmate.change_company"

    def get(self, request: Request) -> HttpResponse:
        topics = [t for t in TOPICS if t.url and request.user.has_perm(t.permission)]
        return render(request, "workmate/settings.html", {"topics": topics})


class CompanyPage(PermissionRequiredMixin, View):
    """All sections on one page; each form posts to `CompanySection`."""

    permission_required = "workmate.change_company"

    def get(self, request: Request) -> HttpResponse:
        return _page(request)


class CompanySection(PermissionRequiredMixin, View):
    """Saves one section."""

    permission_required = "workmate.change_company"

    def post(self, request: Request, section: str) -> HttpResponse:
        if section not in SECTIONS:
            raise Http404
        form = SECTIONS[section](request.POST, instance=_company(), prefix=section)
        if form.is_valid():
            try:
                company.save(form.cleaned_data, by=request.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, f"{form.title}: gespeichert.")
                return redirect(f"{reverse('company')}#{section}")
        return _page(request, **{section: form})


def _company() -> Company:
    return Company.objects.filter(pk=1).first() or Company(pk=1)


def _page(request: Request, **refused: Any) -> HttpResponse:
    own = _company()
    sections = [
        (name, refused.get(name) or form_class(instance=own, prefix=name))
        for name, form_class in SECTIONS.items()
    ]
    today = localdate()
    context = {
        "company": own,
        "limits": turnover.limits(today) if own.is_small_business(today) else None,
        "begun": not own._state.adding,
        "sections": sections if not own._state.adding else sections[:1],
    }
    return render(request, "workmate/company.html", context, status=422 if refused else 200)
