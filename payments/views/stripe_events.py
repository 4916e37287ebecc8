"""The log of what Stripe has told us, with what came of it."""

import json
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from invoicing.views.acting import Page, attempt
from payments.stripe import events
from payments.stripe.models import StripeEvent
from workmate.columns import Column
from workmate.filters import Filters
from workmate.lists import ListPage

TONES = {
    "wartet": "info",
    "verarbeitet": "positive",
    "ohne Wirkung": "neutral",
    "gescheitert": "negative",
}


class EventFilters(Filters):
    """Events by words and by what became of them."""

    search_fields = ("event_id", "type", "object_id", "result")

    state = django_filters.ChoiceFilter(
        label="Stand",
        choices=[("failed", "Gescheitert"), ("received", "Wartend"), ("done", "Verarbeitet")],
    )

    class Meta:
        model = StripeEvent
        fields: tuple[str, ...] = ()


class Events(ListPage):
    permission_required = "payments.view_stripeevent"
    title = "Stripe-Ereignisse"
    queryset = StripeEvent.objects.defer("payload")
    filterset_class = EventFilters
    chips = "state"
    default_sort = "-happened_at"
    columns = [
        Column("happened_at", "Geschehen", kind="moment"),
        Column("type", "Art", link=True),
        Column("object_id", "Objekt", sort="", priority=3),
        Column("source", "Weg", value=StripeEvent.get_source_display, sort="", priority=3),
        Column("result", "Ergebnis", sort="", priority=2),
        Column("attempts", "Versuche", sort="", priority=3),
        Column("state", "Stand", kind="status", value=StripeEvent.get_state_display, tones=TONES),
    ]
    empty = "Stripe hat noch nichts gemeldet."


class EventPage(Page):
    permission_required = "payments.view_stripeevent"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(StripeEvent, pk=pk)
        context: dict[str, Any] = {
            "event": event,
            "tone": TONES[event.get_state_display()],
            "payload": json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=True),
            "is_over": event.state in events.OVER,
        }
        return render(request, "payments/stripe_event.html", context)


class EventRetry(Page):
    permission_required = "payments.change_stripeevent"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(StripeEvent, pk=pk)
        attempt(request, "Das Ereignis wird noch einmal verarbeitet.", events.retry, event)
        return redirect(event)
