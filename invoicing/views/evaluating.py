"""The evaluation of invoices, and documents as one file: the order, how far it is, the file."""

import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing import collecting, statistics
from invoicing.filters import STATES
from invoicing.forms.span import SpanForm
from invoicing.models import Customer, State
from invoicing.views.acting import Page
from invoicing.views.wording import TONES
from workmate.errors import Problem
from workmate.models import JobRun, User
from workmate.views.jobs import TONES as TONES_OF_RUNS
from workmate.web import row_number

Span = tuple[datetime.date, datetime.date]
SHOWN = (
    State.DRAFT,
    State.OPEN,
    State.PARTIAL,
    State.OVERDUE,
    State.PAID,
    State.CANCELLED,
    State.CORRECTION,
)


class Evaluation(Page):
    """Totals, what is open and overdue, and how many documents are in which state."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        today = localdate()
        form = SpanForm(request.GET or None)
        start, end = form.days(year_of(today))
        customer = Customer.objects.filter(pk=row_number(request.GET.get("customer"))).first()
        found = statistics.read(on=today, start=start, end=end, customer=customer)
        context = {
            "form": form,
            "start": start,
            "end": end,
            "today": today,
            "presets": _presets(today, (start, end)),
            "customer": customer,
            "found": found,
            "states": _states(found, (start, end), customer),
            "best": statistics.of_customers(on=today).best if not customer else [],
            "list_url": _list_url((start, end), customer),
            "overdue_url": _list_url((start, end), customer, State.OVERDUE),
            "exports": [
                (run, collecting.wanted_by(run), TONES_OF_RUNS[run.state])
                for run in collecting.latest(self.user)
            ],
            "unpaid_url": _list_url((start, end), customer, "unpaid"),
        }
        return render(request, "invoicing/evaluation.html", context)


class Collect(Page):
    """Ticked documents as one ZIP, or a span of days with its books for an audit (GoBD, Z3)."""

    permission_required = "invoicing.view_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        today = localdate()
        ids = [pk for text in request.POST.getlist("pk") if (pk := row_number(text))]
        if ids:
            wanted = collecting.Wanted(ids=ids)
        else:
            if not self.user.has_perm("invoicing.export_invoice"):
                raise PermissionDenied
            start, end = SpanForm(request.POST).days(year_of(today))
            wanted = collecting.Wanted(start=start, end=end)
        try:
            return redirect(collecting.order(wanted, by=self.user))
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
            return redirect("invoicing:evaluation" if not ids else "invoicing:invoices")


class CollectionPage(Page):
    """One collection; htmx asks for it again while it is not over."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        run = collection(pk, self.user)
        context = {
            "run": run,
            "wanted": collecting.wanted_by(run),
            "tone": TONES_OF_RUNS[run.state],
            "is_here": collecting.is_here(run),
            "until": collecting.kept_until(run),
        }
        partial = getattr(request, "htmx", None)
        page = "invoicing/collection.html"
        return render(request, f"{page}#run" if partial else page, context)


class CollectionFile(Page):
    """The file of a collection, as long as it is kept."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        run = collection(pk, self.user)
        try:
            return handed_out(run, self.user)
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
            return redirect(run)


def collection(pk: int, user: User) -> JobRun:
    """The collection, for whoever may have it."""
    runs = JobRun.objects.filter(name=collecting.JOB).select_related("created_by")
    run = get_object_or_404(runs, pk=pk)
    if not collecting.may_have(run, user):
        raise PermissionDenied
    return run


def handed_out(run: JobRun, user: User) -> FileResponse:
    """The file as a download, read while it is sent."""
    file = collecting.hand_out(run, by=user).open("rb")
    name = f"{collecting.wanted_by(run).name}.zip"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "private, no-store"
    return answer


def year_of(day: datetime.date) -> Span:
    """The calendar year up to its end."""
    return (day.replace(month=1, day=1), day.replace(month=12, day=31))


def _presets(today: datetime.date, chosen: Span) -> list[tuple[str, str, bool]]:
    first = today.replace(day=1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    after = (quarter + datetime.timedelta(days=95)).replace(day=1)
    before = today.replace(year=today.year - 1, month=1, day=1)
    spans = {
        "Dieser Monat": (first, last),
        "Dieses Quartal": (quarter, after - datetime.timedelta(days=1)),
        "Dieses Jahr": year_of(today),
        "Letztes Jahr": year_of(before),
    }
    return [
        (label, "?" + urlencode({"von": f"{a:%d.%m.%Y}", "bis": f"{b:%d.%m.%Y}"}), (a, b) == chosen)
        for label, (a, b) in spans.items()
    ]


def _list_url(span: Span, customer: Customer | None, status: str = "") -> str:
    """The list of the same documents."""
    wanted = {"date_from": f"{span[0]:%d.%m.%Y}", "date_to": f"{span[1]:%d.%m.%Y}"}
    if status == State.DRAFT:
        wanted = {}  # a draft has no date
    if status:
        wanted["status"] = status
    if customer:
        wanted["customer"] = str(customer.pk)
    return f"{reverse('invoicing:invoices')}?{urlencode(wanted)}"


def _states(
    found: statistics.Statistics, span: Span, customer: Customer | None
) -> list[dict[str, object]]:
    """Each state with its documents: count, amounts by currency, and where they are listed."""
    labels = dict(STATES)
    rows = []
    for state in SHOWN:
        sums = [one for one in found.states if one.state == state]
        rows.append(
            {
                "label": labels[state],
                "tone": TONES[state],
                "count": sum(one.count for one in sums),
                "sums": sums,
                "url": _list_url(span, customer, state),
            }
        )
    return rows
