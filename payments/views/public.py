"""The public page of a document and its files, for whoever has the link."""

import base64
import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views import View

from invoicing.archiving import archive_pdf
from invoicing.models import Invoice
from payments import public
from payments.public_words import LANGUAGES, Wording
from payments.stripe.public import checkout_origin, online
from workmate import documents
from workmate.limits import Limit
from workmate.login import client_ip
from workmate.models import Document
from workmate.views.documents import serve

VISITS = Limit("pay.visits", times=120, seconds=60)
MISSES = Limit("pay.misses", times=20, seconds=15 * 60)
# Programs that fetch links by themselves are nobody who has seen anything.
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|fetch|monitor|facebook|whatsapp", re.IGNORECASE
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Vary": "Accept-Language, Cookie",
}


@method_decorator(login_not_required, name="dispatch")
class Public(View):
    """Finds the document or says nothing about why not; keeps guessing slow."""

    http_method_names: tuple[str, ...] = ("get", "head", "options")
    methods: tuple[str, ...] = ("GET", "HEAD")

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        response = self._answer(request, token)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.method not in self.methods:
            return self.http_method_not_allowed(request)
        who = client_ip(request)
        if VISITS.is_reached(who) or MISSES.is_reached(who):
            return self._refuse(request, "too_often", status=429)
        VISITS.count(who)
        invoice = public.find(token, on=timezone.localdate())
        if invoice is None:
            MISSES.count(who)
            return self._refuse(request, "missing", status=404)
        return self.show(request, invoice)

    def show(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        """The answer once the document is found."""
        raise NotImplementedError

    def _refuse(self, request: HttpRequest, key: str, *, status: int) -> HttpResponse:
        language = asked_language(request) or "de"
        texts = Wording(language)
        context = {
            "language": language,
            "words": texts,
            "title": texts[key],
            "advice": texts[f"{key}_advice"],
        }
        response = render(request, "payments/public_refusal.html", context, status=status)
        if status == 429:
            response.headers["Retry-After"] = str(MISSES.seconds)
        return response


class PublicPage(Public):
    """The document as its customer sees it, with what is open now and how to pay it."""

    def show(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        language = asked_language(request) or public.language_of(invoice)
        found = public.page(invoice, language=language, on=timezone.localdate())
        if is_customer(request):
            public.note_view(invoice, at=timezone.now())
        context = found | {
            "invoice": invoice,
            "language": language,
            "other": "de" if language == "en" else "en",
            "words": Wording(language),
            "logo": _logo(found["logo_id"]),
            "code": _address(found["code"].encode(), "image/svg+xml"),
            "address": reverse("pay:page", args=[invoice.token]),
            "online": online(invoice, request.GET),
        }
        response = render(request, "payments/public.html", context)
        if context["online"]:  # The form is answered with a redirect to the page of Stripe.
            response._csp_update = {"form-action": [checkout_origin()]}
        return response


class PublicFile(Public):
    """The archived PDF or XML, byte for byte."""

    kind = "pdf"

    def show(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        document = getattr(invoice, self.kind)
        if document is None:  # a crash left it out
            document = archive_pdf(invoice, by=invoice.issued_by)
        return serve(document, inline="zeigen" in request.GET)


def asked_language(request: HttpRequest) -> str:
    """`?sprache=`, then what the browser prefers; English for a foreign one, empty for none."""
    if (wanted := request.GET.get("sprache", "")) in LANGUAGES:
        return wanted
    preferred = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    spoken = [name.partition("-")[0] for name, _ in preferred if name != "*"]
    return next((name for name in spoken if name in LANGUAGES), "en" if spoken else "")


def is_customer(request: HttpRequest) -> bool:
    """Whether somebody looks who is neither one of us nor a program."""
    agent = request.headers.get("User-Agent", "")
    fetched = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    person = agent.startswith("Mozilla/") and not ROBOTS.search(agent) and not fetched
    return request.method == "GET" and person and not request.user.is_authenticated


def _logo(pk: int | None) -> str:
    document = Document.objects.filter(pk=pk).first() if pk else None
    return _address(documents.read(document), document.media_type) if document else ""


def _address(data: bytes, media_type: str) -> str:
    """A picture inside the page; empty for none."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}" if data else ""
