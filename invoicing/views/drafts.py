"""The draft, edited in place of the document, with and without JavaScript."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import assembling, attaching, contents, correcting, drafting, errors, restoring
from invoicing.attaching import Upload
from invoicing.contents import Content
from invoicing.deducting import free_advances, received
from invoicing.forms import DraftEditor
from invoicing.models import Attachment, Customer, Invoice
from invoicing.remembering import remember, with_check
from invoicing.views.acting import Page, attempt
from invoicing.views.comparing import differences
from invoicing.views.judging import Judgement, judgement
from invoicing.views.wording import check_tone, check_word
from workmate.errors import Problem
from workmate.web import row_number

VALID = timedelta(days=30)  # what a new quote proposes


class Editing(Page):
    """What the pages of a new and of a stored draft share."""

    invoice: Invoice | None = None

    @property
    def stored(self) -> Invoice:
        """The draft in the database; only pages of a stored one ask."""
        if self.invoice is None:
            raise ValueError("this draft is not stored yet")
        return self.invoice

    def editor(self, content: Content, **options: Any) -> DraftEditor:
        version = self.invoice.version if self.invoice else None
        kinds = contents.siblings(content.header.get("kind") or Invoice.Kind.INVOICE)
        return DraftEditor(content, day=localdate(), version=version, kinds=kinds, **options)

    def sent(self) -> DraftEditor:
        """The editor with what the browser sent."""
        kind = self.request.POST.get("kind") or Invoice.Kind.INVOICE
        blank = Content(header={"kind": kind if kind in contents.KINDS else Invoice.Kind.INVOICE})
        stored = contents.content_of(self.invoice) if self.invoice else blank
        return self.editor(stored, data=self.request.POST)

    def judge(self, editor: DraftEditor, content: Content) -> Judgement:
        """Totals and hints for what the form says; values that do not fit count as missing."""
        invoice = Invoice(created_by=self.user)
        if self.invoice:
            invoice.pk, invoice.version = self.invoice.pk, self.invoice.version
            invoice.corrects = self.invoice.corrects
        try:
            invoice, parts = assembling.assemble(content, by=self.user, invoice=invoice)
        except Problem:
            invoice, parts = assembling.assemble(contents.blank(), by=self.user)
        return judgement(invoice, parts, editor, on=localdate())

    def page(
        self,
        editor: DraftEditor,
        content: Content,
        status: int = 200,
        refusal: Problem | None = None,
    ) -> HttpResponse:
        judged = self.judge(editor, content)
        if self.request.method == "GET" and self.invoice and judged.verdict:
            remember(self.invoice, judged.verdict)  # what is stored is what was judged
        for row, net in judged.sums:
            editor.lines.forms[row].net = net
        context = {
            "invoice": self.invoice,
            "header": editor.header,
            "lines": editor.lines,
            "empty_line": editor.empty_line,
            "adjustments": editor.adjustments,
            "attachments": self.attachments(),
            "advances": advances(content),
            "customer": content.header.get("customer"),
            "kind": Invoice.Kind(content.header.get("kind") or Invoice.Kind.INVOICE),
            "judgement": judged,
            "check": (check_word(self.invoice), check_tone(self.invoice)) if self.invoice else None,
            "refused": status == 422 or refusal is not None,
            "refusal": refusal,
            "may_issue": self.request.user.has_perm("invoicing.issue_invoice"),
            "may_change": self.request.user.has_perm("invoicing.change_invoice"),
        }
        return render(self.request, "invoicing/draft.html", context, status=status)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """What the pressed button asks for: another line, the totals, or to save."""
        editor = self.sent()
        act = request.POST.get("act", "save")
        if act.startswith("add-"):
            content = editor.content()
            return self.page(self.editor(content, add=act.removeprefix("add-")), content)
        if act == "calculate":
            return self.page(editor, editor.content())
        if not editor.is_valid():
            return self.page(editor, editor.content(), status=422)
        content = editor.content()
        try:
            with transaction.atomic():
                invoice = self.save(content, editor.version)
                self.save_attachments(invoice)
        except Problem as problem:
            if problem.kind == errors.DRAFT_CHANGED:
                return self.conflict(problem, content)
            editor.show(problem)
            return self.page(editor, content, status=422)
        if act == "issue":
            return redirect("invoicing:issue", invoice.pk)
        messages.success(request, "Der Entwurf ist gespeichert.")
        return redirect("invoicing:draft", invoice.pk)

    def save(self, content: Content, version: int) -> Invoice:
        raise NotImplementedError

    def attachments(self) -> Sequence[Attachment]:
        """The files that the stored draft carries."""
        return list(self.invoice.attachments.select_related("file")) if self.invoice else []

    def save_attachments(self, invoice: Invoice) -> None:
        """Take out the ticked files and put in the chosen ones."""
        ticked = [row_number(pk) for pk in self.request.POST.getlist("detach")]
        for one in invoice.attachments.select_related("file").filter(pk__in=ticked):
            attaching.detach(invoice, one, by=self.user)
        chosen = self.request.FILES.getlist("attachments")
        if chosen:
            uploads = [Upload(filename=one.name or "", data=one.read()) for one in chosen]
            attaching.attach(invoice, uploads, by=self.user)

    def conflict(self, problem: Problem, mine: Content) -> HttpResponse:
        """Both versions side by side, and the choice between them."""
        invoice = Invoice.objects.get(pk=self.stored.pk)
        sent = [
            (name, value)
            for name, values in self.request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", "version", "act")
        ]
        context = {
            "invoice": invoice,
            "problem": problem,
            "sent": sent,
            "comparison": differences(mine, contents.content_of(invoice)),
        }
        return render(self.request, "invoicing/draft_conflict.html", context, status=409)


def advances(content: Content) -> list[tuple[Invoice, Decimal, bool]]:
    """What a final invoice of this customer can deduct: advance, what was received, chosen."""
    if content.header.get("kind") != Invoice.Kind.FINAL:
        return []
    customer, chosen = content.header.get("customer"), content.advances
    offered = {one.pk: one for one in (*free_advances(customer.pk if customer else None), *chosen)}
    return [(one, received(one), one in chosen) for one in offered.values()]


class DraftCreate(Editing):
    """A draft that is not stored yet; opening the page writes nothing."""

    permission_required = "invoicing.add_invoice"
    kind: str = Invoice.Kind.INVOICE

    def get(self, request: HttpRequest) -> HttpResponse:
        customer = Customer.objects.filter(pk=row_number(request.GET.get("kunde"))).first()
        wanted = request.GET.get("art", self.kind)
        kind = wanted if wanted in contents.KINDS else Invoice.Kind.INVOICE
        content = contents.blank(customer, kind)
        if kind == Invoice.Kind.QUOTE:
            content.header["valid_until"] = localdate() + VALID
        return self.page(self.editor(content, add="item"), content)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def save(self, content: Content, version: int) -> Invoice:
        return drafting.create_draft(contents.with_usual_terms(content), by=self.user)


class DraftEdit(Editing):
    """A stored draft. Who may only read sees the same page without a way to change it."""

    permission_required = "invoicing.view_invoice"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.has_perm("invoicing.view_invoice"):
            rows = with_check(Invoice.objects.select_related("customer", "corrects"))
            found = get_object_or_404(rows, pk=kwargs["pk"])
            if found.status != Invoice.Status.DRAFT:
                return redirect(found)
            self.invoice = found
        return super().dispatch(request, *args, **kwargs)

    def has_permission(self) -> bool:
        allowed = super().has_permission()
        if self.request.method == "POST":
            return allowed and self.request.user.has_perm("invoicing.change_invoice")
        return allowed

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        content = contents.content_of(self.stored)
        return self.page(self.editor(content, add="" if content.lines else "item"), content)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(request)

    def save(self, content: Content, version: int) -> Invoice:
        return drafting.save_draft(self.stored, content, version=version, by=self.user)


class DraftTotals(Editing):
    """Totals and check of what is in the form right now, for htmx; stores nothing."""

    permission_required = "invoicing.change_invoice"

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        if pk is not None:
            self.invoice = get_object_or_404(Invoice.objects.drafts(), pk=pk)
        editor = self.sent()
        content = editor.content()
        context = {
            "invoice": self.invoice,
            "judgement": self.judge(editor, content),
            "customer": content.header.get("customer"),
            "advances": advances(content),
            "kind": content.header.get("kind"),
            "live": True,
        }
        return render(request, "invoicing/draft_side.html", context)


class DraftDelete(Page):
    permission_required = "invoicing.delete_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice.objects.drafts().select_related("customer"), pk=pk)
        context = {"invoice": invoice, "count": invoice.lines.count()}
        return render(request, "invoicing/draft_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice, pk=pk)
        version = request.POST.get("version", "")
        if attempt(
            request,
            "Der Entwurf ist gelöscht. Unter „Gelöschte Entwürfe“ lässt er sich 30 Tage lang "
            "wiederherstellen.",
            restoring.discard,
            invoice,
            version=row_number(version) if version else None,
        ):
            return redirect("invoicing:invoices")
        return redirect(invoice)


class Correct(Page):
    """Begins the correction of an issued invoice."""

    permission_required = "invoicing.add_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice, pk=pk)
        done = "Der Entwurf nimmt die ganze Rechnung zurück; kürzen Sie ihn auf das Falsche."
        draft = attempt(request, done, correcting.draft_correction, invoice)
        return redirect("invoicing:draft", draft.pk) if draft else redirect(invoice)


class Duplicate(Page):
    permission_required = "invoicing.add_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = get_object_or_404(Invoice, pk=pk)
        done = f"Neuer Entwurf nach {invoice}."
        copy = attempt(request, done, drafting.duplicate, invoice, on=localdate())
        return redirect("invoicing:draft", copy.pk) if copy else redirect(invoice)
