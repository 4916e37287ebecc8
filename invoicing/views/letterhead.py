"""Settings › Briefpapier: logo, looks and usual texts, with the page as it will be printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing import pdf, stationery
from invoicing.forms.letterhead import LetterheadForm, TextsForm
from invoicing.models import Customer, Invoice, Letterhead
from invoicing.sampling import sample
from invoicing.views.acting import Page
from invoicing.views.invoices import set_page
from workmate import company
from workmate.company_forms import LogoUpload
from workmate.errors import Problem
from workmate.models import Company

# A Stornorechnung says what it cancels and needs no text.
KINDS = {kind.value: kind.label for kind in Invoice.Kind if kind != Invoice.Kind.CANCELLATION}
LANGUAGES = dict(Customer.Language.choices)


class LetterheadPage(Page):
    """All of it on one page; each form is saved by itself."""

    permission_required = "workmate.change_company"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LetterheadForm(request.POST, instance=stationery.get())
        if form.is_valid():
            try:
                stationery.save(form.cleaned_data, by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Das Briefpapier ist gespeichert.")
                return redirect("invoicing:letterhead")
        return self.page(form=form)

    def page(self, **refused: Any) -> HttpResponse:
        own = Company.objects.select_related("logo").filter(pk=1).first()
        kind = _chosen(self.request, "belegart", KINDS)
        language = _chosen(self.request, "sprache", LANGUAGES)
        context = {
            "company": own,
            "form": refused.get("form") or LetterheadForm(instance=stationery.get()),
            "logo_form": refused.get("logo") or LogoUpload(),
            "texts_form": refused.get("texts")
            or TextsForm(initial=stationery.texts_of(kind, language)),
            "kinds": KINDS,
            "languages": LANGUAGES,
            "kind": kind,
            "language": language,
            "sheet": _sheet(stationery.get()) if own else None,
        }
        status = 422 if refused else 200
        return render(self.request, "invoicing/letterhead.html", context, status=status)


class LetterheadPreview(LetterheadPage):
    """What is in the form right now, as a page or as PDF; stores nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LetterheadForm(request.POST, instance=stationery.get())
        valid = form.is_valid()
        if "pdf" in request.POST:
            if not valid:
                return self.page(form=form)
            data = pdf.render(*sample(form.instance, on=localdate()), xml=None)
            response = HttpResponse(data, content_type="application/pdf")
            response.headers["Content-Disposition"] = 'inline; filename="briefpapier.pdf"'
            return response
        if not valid:
            return HttpResponse(status=204)
        return render(request, "invoicing/sheet.html", {"sheet": _sheet(form.instance)})


class LetterheadLogo(LetterheadPage):
    """Takes a new logo, or removes it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "remove" in request.POST:
            company.remove_logo(by=self.user)
            messages.success(request, "Das Logo ist entfernt.")
            return redirect("invoicing:letterhead")
        form = LogoUpload(request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["logo"]
            try:
                company.set_logo(upload.read(), media_type=upload.content_type or "", by=self.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Das Logo ist gespeichert.")
                return redirect("invoicing:letterhead")
        return self.page(logo=form)


class LetterheadTexts(LetterheadPage):
    """The usual texts of one kind of document in one language."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = _chosen(request, "belegart", KINDS)
        language = _chosen(request, "sprache", LANGUAGES)
        form = TextsForm(request.POST)
        if form.is_valid():
            stationery.save_texts(kind, language, form.cleaned_data, by=self.user)
            messages.success(request, f"Die Texte sind gespeichert: {KINDS[kind]}.")
            query = f"?belegart={kind}&sprache={language}#texte"
            return redirect(reverse("invoicing:letterhead") + query)
        return self.page(texts=form)


def _chosen(request: HttpRequest, name: str, choices: dict[str, str]) -> str:
    """The choice in the address, or the first."""
    chosen = request.GET.get(name, next(iter(choices)))
    if chosen not in choices:
        raise Http404
    return chosen


def _sheet(paper: Letterhead) -> dict[str, Any]:
    return set_page(*sample(paper, on=localdate()))
