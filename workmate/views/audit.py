"""Prüfpfad: who did what and when."""

from typing import Any

import django_filters
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from workmate.acts import TITLES
from workmate.filters import DateFilter, Filters
from workmate.lists import Column, ListPage
from workmate.models import AuditEvent, User
from workmate.web import Request


class AuditFilters(Filters):
    """By words, act, day, person."""

    search_fields = ("object_label", "object_id__exact", "request_id__exact")

    event = django_filters.ChoiceFilter(
        label="Ereignis",
        choices=sorted(TITLES.items(), key=lambda each: each[1]),
        empty_label="alle",
    )
    since = DateFilter("at", lookup_expr="date__gte", label="Von")
    until = DateFilter("at", lookup_expr="date__lte", label="Bis")
    actor = django_filters.ModelChoiceFilter(
        label="Wer", queryset=User.objects.all(), empty_label="alle"
    )

    class Meta:
        model = AuditEvent
        fields = ("q", "event", "since", "until", "actor")


class AuditTrail(ListPage):
    """All events, the latest first."""

    permission_required = "workmate.view_auditevent"
    title = "Prüfpfad"
    queryset = AuditEvent.objects.select_related("actor")
    filterset_class = AuditFilters
    default_sort = "-id"
    empty = "Noch hat niemand etwas getan."
    columns = (
        Column("seq", "Nr.", kind="number", sort="id", priority=2),
        Column("at", "Zeitpunkt", kind="moment", sort=""),
        Column("title", "Ereignis", sort="event", link=True),
        Column("object_label", "Wobei", sort=""),
        Column("actor.name", "Wer", sort=""),
    )

    def row_url(self, row: AuditEvent) -> str:
        return reverse("audit_event", args=[row.pk])


class AuditEventPage(PermissionRequiredMixin, View):
    """One event with its content, its seal, and what else happened to the same object."""

    permission_required = "workmate.view_auditevent"

    def get(self, request: Request, pk: int) -> HttpResponse:
        event = get_object_or_404(AuditEvent.objects.select_related("actor"), pk=pk)
        context: dict[str, Any] = {"event": event, "others": _others(event)[:50]}
        return render(request, "workmate/audit_event.html", context)


def _others(event: AuditEvent) -> QuerySet[AuditEvent]:
    same = AuditEvent.objects.filter(object_type=event.object_type, object_id=event.object_id)
    return same.exclude(pk=event.pk).select_related("actor").order_by("-id")
