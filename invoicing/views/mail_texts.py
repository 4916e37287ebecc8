"""Einstellungen › Versandtexte: what is proposed for every mail, in German and English."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from invoicing import mail_texts
from invoicing.forms import MailTextForm, show
from invoicing.models import Customer
from invoicing.views.acting import Page
from workmate.errors import Problem
from workmate.models import Company

LANGUAGES = dict(Customer.Language.choices)


class MailTexts(Page):
    """Both languages, each a form with its preview."""

    permission_required = "invoicing.change_mailtext"

    def get(self, request: HttpRequest) -> HttpResponse:
        return _page(request)


class MailTextSave(Page):
    """Keeps the text of one language."""

    permission_required = "invoicing.change_mailtext"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, language: str) -> HttpResponse:
        form = MailTextForm(request.POST, prefix=_known(language))
        if form.is_valid():
            try:
                mail_texts.save_text(language, **form.cleaned_data, by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{LANGUAGES[language]}: gespeichert.")
                return redirect(f"{reverse('invoicing:mail-texts')}#{language}")
        return _page(request, refused={language: form}, status=422)


class MailTextPreview(Page):
    """The text with an invented invoice, while one writes it."""

    permission_required = "invoicing.change_mailtext"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, language: str) -> HttpResponse:
        form = MailTextForm(request.POST, prefix=_known(language))
        context = {"language": language, "preview": _preview(form, language)}
        return render(request, "invoicing/mail_text_preview.html", context)


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise Http404
    return language


def _page(
    request: HttpRequest, refused: dict[str, MailTextForm] | None = None, status: int = 200
) -> HttpResponse:
    forms = {language: (refused or {}).get(language) or _form(language) for language in LANGUAGES}
    context = {
        "texts": [
            {
                "language": language,
                "title": LANGUAGES[language],
                "form": form,
                "preview": _preview(form, language),
            }
            for language, form in forms.items()
        ],
        "placeholders": [(f"{{{name}}}", text) for name, text in mail_texts.PLACEHOLDERS.items()],
    }
    return render(request, "invoicing/mail_texts.html", context, status=status)


def _form(language: str) -> MailTextForm:
    subject, text = mail_texts.text_in(language)
    return MailTextForm(initial={"subject": subject, "text": text}, prefix=language)


def _preview(form: MailTextForm, language: str) -> dict[str, Any]:
    own = Company.objects.filter(pk=1).first()
    values = {
        **mail_texts.sample_values(language),
        "unternehmen": own.name if own else "Ihre Firma",
    }
    subject, text = form["subject"].value() or "", form["text"].value() or ""
    return {
        "subject": mail_texts.filled(subject, values),
        "text": mail_texts.filled(text, values),
        "complaints": mail_texts.complaints(subject + text),
    }
