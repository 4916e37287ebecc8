"""Invoices: the list, and an issued document with what became of it."""

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import archiving, filters, pdf, typesetting
from invoicing.converting import NEXT
from invoicing.einvoice.model import EInvoice
from invoicing.models import Customer, Invoice
from invoicing.models.dispatch import with_dispatch
from invoicing.remembering import with_check
from invoicing.snapshot import Snapshot
from invoicing.views import history
from invoicing.views.acting import Page
from invoicing.views.wording import (
    DISPATCH_WORDS,
    WORD_TONES,
    check_tone,
    check_word,
    dispatch_word,
    dressed,
    word_of,
)
from workmate.lists import Action, Column, ListPage
from workmate.web import row_number

NEW = Action(
    "Rechnung schreiben", "invoicing:draft-create", "invoicing.add_invoice", "plus", primary=True
)
SENT = Action("Versand", "invoicing:dispatches", "invoicing.view_dispatch", "mails")
SEND = Action("Versenden", "invoicing:send-many", "invoicing.send_invoice", "send")
CHECK = Action("E-Rechnung prüfen", "invoicing:check", "invoicing.view_invoice", "shield-check")
DELETED = Action(
    "Gelöschte Entwürfe", "invoicing:deleted-drafts", "invoicing.add_invoice", "trash-2"
)

ISSUE = Action("Rechnungen stellen", "invoicing:bulk-confirm", "invoicing.issue_invoice", "send")
DELETE = Action("Entwürfe löschen", "invoicing:bulk-delete", "invoicing.delete_invoice", "trash-2")
COLLECT = Action("Herunterladen", "invoicing:collect", "invoicing.view_invoice", "download")


class Invoices(ListPage):
    permission_required = "invoicing.view_invoice"
    template_name = "invoicing/invoices.html"
    bills = True
    title = "Rechnungen"
    queryset = Invoice.objects.select_related("customer", "open_item").defer("snapshot")
    filterset_class = filters.InvoiceFilters
    chips = "status"
    default_sort = "-listed_on"
    columns = [
        Column("number", "Nummer", value=str, sort="number", link=True),
        Column("customer.name", "Kunde", sort="customer__name"),
        Column("issue_date", "Datum", kind="date", sort="listed_on", priority=2),
        Column("due_date", "Fällig", kind="date", sort="due_date", priority=2),
        Column("state", "Status", kind="status", value=word_of, sort="", tones=WORD_TONES),
        Column(
            "hints",
            "Prüfung",
            kind="status",
            value=check_word,
            sort="",
            tones=check_tone,
            priority=3,
        ),
        Column(
            "dispatch_state",
            "Versand",
            kind="status",
            value=dispatch_word,
            sort="",
            tones=DISPATCH_WORDS,
            priority=3,
        ),
        Column("gross_total", "Betrag", kind="money", currency="currency", total=True),
        Column(
            "outstanding",
            "Offen",
            kind="money",
            currency="currency",
            sort="open_item__outstanding",
            total=True,
        ),
    ]
    actions = [DELETED, CHECK, SENT, NEW]
    bulk_actions = [ISSUE, SEND, COLLECT, DELETE]
    empty = "Noch keine Rechnung."
    empty_action = NEW

    def get_queryset(self) -> Any:
        return super().get_queryset().billing() if self.bills else super().get_queryset()

    def shown(self, rows: Any) -> Any:
        return with_check(with_dispatch(rows.with_state(on=localdate())))

    def order_by(self, name: str) -> str:
        """What is owed is found through its open items, which know the order by due date."""
        owed = self.request.GET.get(self.chips, "") in filters.OWED
        return "open_item__due_date" if owed and name == "due_date" else name

    def get_context(self) -> dict[str, Any]:
        wanted = row_number(self.request.GET.get("customer"))
        customer = Customer.objects.filter(pk=wanted).first()
        return {
            "customer": customer,
            "without_customer": self._url(customer=None),
            "project": self.request.GET.get("project", ""),
            "without_project": self._url(project=None),
        }


class InvoicePage(Page):
    """A document as the customer sees it, and beside it what became of it."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(
            Invoice.objects.with_state(on=localdate()).select_related(
                "customer",
                "open_item",
                "cancels",
                "corrects",
                "deducted_by",
                "based_on",
                "cancelled_by__issued_by",
                "xml",
                "pdf",
                "report",
            ),
            pk=pk,
        )
        if invoice.status == Invoice.Status.DRAFT:
            return redirect("invoicing:draft", invoice.pk)
        context = {
            "invoice": dressed([invoice])[0],
            "check": (check_word(invoice), check_tone(invoice)),
            "days_overdue": history.days_overdue(invoice, on=localdate()),
            "sheet": sheet(invoice),
            "movements": history.movements(invoice),
            "timeline": history.timeline(invoice),
            "pay_url": archiving.pay_url(invoice),
            "dispatches": history.dispatches(invoice),
            "storno": getattr(invoice, "cancelled_by", None),
            "corrections": invoice.corrections.issued(),
            "followers": invoice.followers.order_by("pk"),
            "steps": NEXT.get(Invoice.Kind(invoice.kind), ()),
        }
        return render(request, "invoicing/invoice.html", context)


def sheet(invoice: Invoice) -> dict[str, Any]:
    """The page of an issued document from its snapshot, in the words of the PDF."""
    snapshot = Snapshot.from_json(invoice.snapshot or {})
    presentation = archiving.presentation(snapshot.page, pay_url=archiving.pay_url(invoice))
    return set_page(snapshot.einvoice, presentation)


def set_page(einvoice: EInvoice, presentation: typesetting.Presentation) -> dict[str, Any]:
    """What `invoicing/sheet.html` shows, its pictures as data."""
    pictures = {
        name: f"data:{kind};base64,{base64.b64encode(data).decode()}"
        for name, (data, kind) in pdf.images(einvoice, presentation).items()
    }
    return {
        **typesetting.context(einvoice, presentation),
        "logo": pictures.get(pdf.LOGO),
        "girocode": pictures.get(pdf.GIROCODE),
        "pay_code": pictures.get(pdf.PAY_CODE),
    }
