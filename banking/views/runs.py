"""Runs of the matcher with their undoing, and proposals of one kind accepted together."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from banking import accepting, running
from banking.views import wants_part
from invoicing.views.acting import Page, attempt
from workmate.lists import Column, ListPage
from workmate.models import JobRun
from workmate.views.jobs import TONES
from workmate.web import row_number


def _result(name: str) -> Callable[[JobRun], int | None]:
    """What a run counted under this name; nothing before it is done."""
    return lambda run: run.result.get(name)


class Runs(ListPage):
    """The runs of the matcher, the latest first."""

    permission_required = "banking.view_match"
    template_name = "banking/list.html"
    title = "Zuordnungsläufe"
    queryset = JobRun.objects.filter(name=running.MATCHING).select_related("created_by")
    default_sort = "-id"
    empty = "Noch lief keine Zuordnung."
    columns = [
        Column("created_at", "Gestartet", kind="moment", sort="id", link=True),
        Column("state", "Zustand", kind="status", tones=TONES),
        Column("checked", "Geprüft", kind="number", sort="", value=_result("checked")),
        Column("matched", "Zugeordnet", kind="number", sort="", value=_result("matched")),
        Column(
            "above_ceiling",
            "Über der Grenze",
            kind="number",
            sort="",
            value=_result("above_ceiling"),
            priority=3,
        ),
        Column("created_by.name", "Wer", sort="", priority=2),
    ]


class RunPage(Page):
    """One run and what it booked; htmx asks for it again while it is not over."""

    permission_required = "banking.view_match"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = _run(pk)
        rows = run.matches.select_related(
            "transaction__account__money_account", "payment__reversal"
        ).prefetch_related("payment__allocations__open_item")
        dismissals = run.dismissals.decisions().select_related(
            "transaction__account__money_account", "entry"
        )
        undoing = JobRun.objects.filter(name=running.UNDOING, params__run_id=run.pk)
        context = {
            "run": run,
            "tone": TONES[run.state],
            "rows": rows.order_by("-pk")[:500],
            "dismissals": dismissals.order_by("-pk")[:500],
            "live": running.live_count(run),
            "undoing": undoing.order_by("-pk").first(),
        }
        template = "banking/run.html#run" if wants_part(request) else "banking/run.html"
        return render(request, template, context)


class RunUndo(Page):
    """Starts the job that takes back what a run booked."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = _run(pk)
        attempt(request, "Dieser Lauf wird aufgehoben.", running.order_undoing, run)
        return redirect(run)


class Accept(Page):
    """Proposals of the same kind side by side; the ticked ones are booked, each for itself."""

    permission_required = "banking.reconcile_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = accepting.offered()
        found_at = min((one.created_at for group in groups for one in group.offers), default=None)
        context = {"groups": groups, "found_at": found_at, "most": accepting.MOST}
        return render(request, "banking/accept.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        outcomes = accepting.accept(_chosen(request.POST.getlist("vorschlag")), by=self.user)
        if not outcomes:
            messages.error(request, "Kreuzen Sie mindestens einen Vorschlag an.")
            return redirect("banking:accept")
        context = {
            "outcomes": outcomes,
            "booked": sum(one.made is not None for one in outcomes),
            "refused": sum(one.problem is not None for one in outcomes),
        }
        return render(request, "banking/accepted.html", context)


def _run(pk: int) -> JobRun:
    return get_object_or_404(
        JobRun.objects.filter(name=running.MATCHING).select_related("created_by"), pk=pk
    )


def _chosen(texts: list[str]) -> Mapping[int, str]:
    """Transaction and the key of what was seen, from fields such as `12.9f3c`."""
    pairs = (text.partition(".") for text in texts)
    return {row_number(pk): key for pk, _, key in pairs}
