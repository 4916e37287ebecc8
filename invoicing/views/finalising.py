"""The two acts that cannot be undone: issuing an invoice and cancelling one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import contents, errors, gate
from invoicing.cancelling import cancel
from invoicing.composing import due_date_of
from invoicing.forms import CancelForm, IssueForm, show
from invoicing.issuing import issue
from invoicing.models import Invoice
from invoicing.models.states import CLAIMS
from invoicing.numbering import expected_number
from invoicing.remembering import remember, with_check
from invoicing.views.drafts import Editing
from invoicing.views.judging import Hint, elsewhere, grouped, hints
from workmate.errors import Problem
from workmate.models import Company


class Issue(Editing):
    """First what will happen, then the act; what the gate refuses is shown in the draft."""

    permission_required = "invoicing.issue_invoice"
    verdict: gate.Verdict | None = None  # of this request, once the gate was asked

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_permission():
            rows = with_check(Invoice.objects.select_related("customer"))
            found = get_object_or_404(rows, pk=kwargs["pk"])
            if found.status != Invoice.Status.DRAFT:
                return redirect(found)
            self.invoice = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        problem = self._refusal()
        if problem:
            return self._refused(problem, status=200)
        form = IssueForm(
            initial={"version": self.stored.version, "issue_date": localdate()},
            may_backdate=self.user.has_perm("invoicing.backdate_invoice"),
        )
        return self._confirm(form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = IssueForm(
            request.POST, may_backdate=self.user.has_perm("invoicing.backdate_invoice")
        )
        if not form.is_valid():
            return self._confirm(form, status=422)
        try:
            invoice = issue(
                self.stored,
                by=self.user,
                on=localdate(),
                issue_date=form.cleaned_data.get("issue_date"),
                version=form.cleaned_data["version"],
            )
        except Problem as problem:
            return self._answer(problem, form)
        messages.success(request, f"{invoice.get_kind_display()} {invoice.number} ist gestellt.")
        return redirect(invoice)

    def _answer(self, problem: Problem, form: IssueForm) -> HttpResponse:
        if problem.kind == errors.GATE_REFUSED:
            return self._refused(problem, status=422)
        if problem.kind in (errors.DRAFT_CHANGED, errors.NOT_A_DRAFT):
            messages.error(self.request, f"{problem.message} {problem.advice}")
            return redirect(self.stored)
        show(problem, form)
        return self._confirm(form, status=problem.status)

    def _refusal(self) -> Problem | None:
        """What the gate would say today; nothing when the way is free."""
        if not Company.objects.exists():
            return errors.GATE_REFUSED(
                count=1, fields={"company.name": ["Ihr Unternehmen ist noch nicht eingerichtet."]}
            )
        verdict = self.verdict = gate.check(self.stored, on=localdate())
        remember(self.stored, verdict)
        if verdict.passed:
            return None
        fields = verdict.fields()
        return errors.GATE_REFUSED(count=sum(map(len, fields.values())), fields=fields)

    def _refused(self, problem: Problem, status: int) -> HttpResponse:
        content = contents.content_of(self.stored)
        editor = self.editor(content)
        editor.show_refusal(problem)
        return self.page(editor, content, status=status, refusal=problem)

    def _confirm(self, form: IssueForm, status: int = 200) -> HttpResponse:
        today = localdate()
        invoice = self.stored
        context = {
            "invoice": invoice,
            "form": form,
            "number": expected_number(invoice.kind, today),
            "today": today,
            "due_date": due_date_of(invoice, today),
            "format": invoice.customer.get_einvoice_format_display() if invoice.customer else "",
            "count": invoice.lines.count(),
            "groups": grouped(self._hints()),
        }
        return render(self.request, "invoicing/issue.html", context, status=status)

    def _hints(self) -> list[Hint]:
        """What the rules mention without refusing it, with the way to each field of the draft."""
        if self.verdict is None:
            return []
        rows = range(self.stored.lines.count())
        return elsewhere(self.stored, hints(self.stored, self.verdict, rows))


class Cancel(Editing):
    """The Stornorechnung: what it does in numbers, the reason, the act."""

    permission_required = "invoicing.cancel_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(self._invoice(pk), CancelForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        invoice = self._invoice(pk)
        form = CancelForm(request.POST)
        if form.is_valid():
            try:
                storno = cancel(
                    invoice, reason=form.cleaned_data["reason"], by=self.user, on=localdate()
                )
            except Problem as problem:
                show(problem, form)
            else:
                done = f"{invoice.number} ist storniert; die Stornorechnung ist {storno.number}."
                messages.success(request, done)
                return redirect(storno)
        return self._page(invoice, form, status=422)

    def _invoice(self, pk: int) -> Any:
        rows = Invoice.objects.issued().filter(kind__in=CLAIMS)
        related = rows.select_related("customer", "open_item", "cancelled_by")
        return get_object_or_404(related.with_state(on=localdate()), pk=pk)

    def _page(self, invoice: Any, form: CancelForm, status: int = 200) -> HttpResponse:
        if getattr(invoice, "cancelled_by", None):
            return redirect(invoice)
        context = {
            "invoice": invoice,
            "form": form,
            "number": expected_number(Invoice.Kind.CANCELLATION, localdate()),
            "today": localdate(),
            "paid": invoice.gross_total - invoice.outstanding,
        }
        return render(self.request, "invoicing/cancel.html", context, status=status)
