"""Sending pages: the form with its preview, one dispatch, many documents at once."""

import secrets
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from invoicing import bulk_running, mail_texts, sending
from invoicing.bulk_sending import SENDING
from invoicing.forms import SendForm, show
from invoicing.forms.send import addresses
from invoicing.models import Customer, Dispatch, Invoice, Recipient
from invoicing.views.acting import Page
from invoicing.views.wording import DISPATCH_TONES
from workmate import documents, letters, mail
from workmate.errors import Problem
from workmate.web import row_number

ROWS = Invoice.objects.select_related("customer", "pdf", "xml")
ANSWERS: dict[str, str] = {
    Recipient.State.OPEN: "neutral",
    Recipient.State.ACCEPTED: "positive",
    Recipient.State.REFUSED: "negative",
}


class Send(Page):
    """The mail with its document: look at it, change it, send it."""

    permission_required = "invoicing.send_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(ROWS, pk=pk)
        if invoice.status != Invoice.Status.ISSUED:
            return redirect(invoice)
        wanted = sending.proposal(invoice, language=_language(request))
        if again := _earlier(request, invoice):
            wanted = _like(again, wanted)
        return self._page(invoice, SendForm.of(wanted, key=secrets.token_hex(12)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(ROWS, pk=pk)
        form = SendForm(request.POST)
        if form.is_valid():
            try:
                dispatch = sending.send(
                    invoice, form.mail, by=self.user, key=form.cleaned_data["key"]
                )
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{invoice} wird an {dispatch.to} versendet.")
                return redirect(dispatch)
        return self._page(invoice, form, status=422)

    def _page(self, invoice: Invoice, form: SendForm, status: int = 200) -> HttpResponse:
        context = {
            "invoice": invoice,
            "form": form,
            "preview": preview(invoice, form),
            "languages": Customer.Language.choices,
            "language": form["language"].value(),
            "ready": _way_out(),
            "captured": mail.is_captured(),
        }
        return render(self.request, "invoicing/send.html", context, status=status)


class SendPreview(Page):
    """The mail as it would leave, while one writes it. Nothing is kept."""

    permission_required = "invoicing.send_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(ROWS.filter(status=Invoice.Status.ISSUED), pk=pk)
        context = {"invoice": invoice, "preview": preview(invoice, SendForm(request.POST))}
        return render(request, "invoicing/send.html#preview", context)


class DispatchPage(Page):
    """One dispatch: what became of it at each recipient, and the mail as it left."""

    permission_required = "invoicing.view_dispatch"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Dispatch.objects.select_related("invoice__customer", "mail", "created_by", "run")
        dispatch = get_object_or_404(rows.prefetch_related("recipients"), pk=pk)
        context = {
            "dispatch": dispatch,
            "tone": DISPATCH_TONES[dispatch.state],
            "recipients": [(one, ANSWERS[one.state]) for one in dispatch.recipients.all()],
            "letter": letters.read(documents.read(dispatch.mail)) if dispatch.mail else None,
        }
        partial = request.htmx and not request.htmx.history_restore_request
        template = "invoicing/dispatch.html#state" if partial else "invoicing/dispatch.html"
        return render(request, template, context)


class CallOff(Page):
    """Takes back a dispatch that still waits."""

    permission_required = "invoicing.send_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dispatch = get_object_or_404(Dispatch, pk=pk)
        try:
            sending.call_off(dispatch, by=self.user)
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
        else:
            messages.success(request, "Der Versand ist abgebrochen.")
        return redirect(dispatch)


class SendMany(Page):
    """Ticked documents: what would go to whom in numbers, then a dispatch for each."""

    permission_required = "invoicing.send_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = [pk for text in request.POST.getlist("pk") if (pk := row_number(text))]
        found = list(ROWS.filter(pk__in=wanted[: bulk_running.LIMIT]).order_by("issue_date", "pk"))
        ready = [one for one in found if _can_go(one)]
        key = request.POST.get("key", "")
        if "confirmed" in request.POST and ready:
            return self._order(ready, key)
        context = {
            "ready": [(one, one.customer.email if one.customer else "") for one in ready],
            "left_out": [one for one in found if not _can_go(one)],
            "key": secrets.token_hex(12),
            "captured": mail.is_captured(),
        }
        return render(request, "invoicing/send_many.html", context)

    def _order(self, ready: list[Invoice], key: str) -> HttpResponse:
        wanted = dict.fromkeys(invoice.pk for invoice in ready)
        try:
            run = bulk_running.order(SENDING, wanted, by=self.user, key=key)
        except Problem as problem:
            messages.error(self.request, f"{problem.message} {problem.advice}")
            return redirect("invoicing:invoices")
        return redirect(run)


def preview(invoice: Invoice, form: SendForm) -> dict[str, Any]:
    """What the mail would say: placeholders filled, unknown ones named."""
    say = {name: form[name].value() or "" for name in ("to", "cc", "bcc", "subject", "text")}
    language = "en" if form["language"].value() == "en" else "de"
    values = mail_texts.values_of(invoice, language)
    return {
        "to": ", ".join(addresses(say["to"])),
        "cc": ", ".join(addresses(say["cc"])),
        "bcc": ", ".join(addresses(say["bcc"])),
        "subject": mail_texts.filled(say["subject"], values),
        "text": mail_texts.filled(say["text"], values),
        "complaints": mail_texts.complaints(say["subject"] + say["text"], invoice),
        "enclosures": sending.enclosures(invoice),
    }


def _can_go(invoice: Invoice) -> bool:
    has_address = bool(invoice.customer and invoice.customer.email)
    return invoice.status == Invoice.Status.ISSUED and has_address


def _way_out() -> bool:
    """Whether a mail could leave at all."""
    try:
        mail.door()
    except Problem:
        return False
    return True


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("sprache", "")
    return wanted if wanted in Customer.Language.values else ""


def _earlier(request: HttpRequest, invoice: Invoice) -> Dispatch | None:
    """The dispatch that is to be done again, if the address names one of this document."""
    number = row_number(request.GET.get("versand"))
    return invoice.dispatches.prefetch_related("recipients").filter(pk=number).first()


def _like(again: Dispatch, proposed: sending.Mail) -> sending.Mail:
    """The earlier mail, to those who did not get it."""
    missing = [one for one in again.recipients.all() if one.state != Recipient.State.ACCEPTED]
    chosen = missing or list(again.recipients.all())
    by_role: dict[str, list[str]] = {"to": [], "cc": [], "bcc": []}
    for one in chosen:
        by_role[one.role].append(one.readable)
    return replace(
        proposed, **by_role, language=again.language, subject=again.subject, text=again.text
    )
