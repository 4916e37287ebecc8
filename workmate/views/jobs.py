"""Aufgaben im Hintergrund: what runs, what failed, once more."""

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from workmate import jobs
from workmate.filters import Filters
from workmate.lists import Column, ListPage
from workmate.models import JobRun
from workmate.web import Request

TONES = {
    "queued": "neutral",
    "running": "info",
    "done": "positive",
    "failed": "negative",
    "cancelled": "attention",
}


class JobFilters(Filters):
    """By state and name."""

    search_fields = ("name", "error")
    state = django_filters.ChoiceFilter(choices=JobRun.State.choices, label="Zustand")

    class Meta:
        model = JobRun
        fields = ("q", "state")


class Jobs(ListPage):
    """All runs, the latest first."""

    permission_required = "workmate.view_jobrun"
    title = "Aufgaben im Hintergrund"
    queryset = JobRun.objects.select_related("created_by")
    filterset_class = JobFilters
    chips = "state"
    default_sort = "-id"
    empty = "Noch lief nichts im Hintergrund."
    columns = (
        Column("title", "Aufgabe", sort="name", link=True, note="error"),
        Column("state", "Zustand", kind="status", tones=TONES),
        Column("created_at", "Angelegt", kind="moment", sort="id", priority=2),
        Column("finished_at", "Beendet", kind="moment", priority=3),
        Column("created_by.name", "Wer", sort="", priority=3),
    )


class JobPage(PermissionRequiredMixin, View):
    """One run; htmx asks for its state again while it is not over."""

    permission_required = "workmate.view_jobrun"

    def get(self, request: Request, pk: int) -> HttpResponse:
        run = get_object_or_404(JobRun.objects.select_related("created_by"), pk=pk)
        template = "workmate/job.html#state" if request.htmx else "workmate/job.html"
        return render(request, template, {"run": run, "tone": TONES[run.state]})


class Restart(PermissionRequiredMixin, View):
    """Runs a failed job once more."""

    permission_required = "workmate.change_jobrun"

    def post(self, request: Request, pk: int) -> HttpResponse:
        run = jobs.restart(get_object_or_404(JobRun, pk=pk), by=request.user)
        messages.success(request, f"„{run.title}“ läuft gleich noch einmal.")
        return redirect(run)


class Cancellation(PermissionRequiredMixin, View):
    """Stops a job."""

    permission_required = "workmate.change_jobrun"

    def post(self, request: Request, pk: int) -> HttpResponse:
        run = jobs.cancel(get_object_or_404(JobRun, pk=pk), by=request.user)
        messages.success(request, f"„{run.title}“ wird abgebrochen.")
        return redirect(run)
