"""What became of a document: movements on its open item, and events of its life."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from invoicing.models import Invoice, State
from workmate.models import AuditEvent, Line

EVENTS = {
    "invoice.drafted": ("angelegt", "file-plus", ""),
    "invoice.draft_changed": ("geändert", "pencil", ""),
    "invoice.issued": ("gestellt", "send", "info"),
    "cancellation.issued": ("gestellt", "send", "info"),
    "invoice.cancelled": ("storniert", "ban", "negative"),
}
ACTS = {
    "cancellation.issued": "Stornorechnung",
    "open_item.offset": "Verrechnung",
    "openitem.offset": "Verrechnung",
    "payment.recorded": "Zahlung",
    "payment.reversed": "Zahlung zurückgenommen",
}


@dataclass(frozen=True, kw_only=True)
class Movement:
    """A line that changed what is owed."""

    day: datetime.date
    text: str
    amount: Decimal  # in the currency of the document, signed: a payment is negative
    url: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """A step in the life of a document."""

    at: datetime.datetime
    text: str
    by: str
    icon: str
    tone: str


def movements(invoice: Invoice) -> list[Movement]:
    """What changed the amount owed since the document itself, oldest first."""
    lines = (
        Line.objects.filter(open_item=invoice.open_item)
        .exclude(entry__act=f"{invoice.kind}.issued", entry__document_number=invoice.number)
        .select_related("entry", "entry__payment")
        .order_by("entry__booked_on", "pk")
    )
    return [
        Movement(
            day=line.entry.booked_on,
            text=ACTS.get(line.entry.act) or line.entry.text or line.entry.act,
            amount=line.currency_amount,
            url=_url(line.entry),
        )
        for line in lines
    ]


def timeline(invoice: Invoice) -> list[Event]:
    """The events of the document and of what was paid on it, oldest first."""
    events = [*_audited(invoice), *_booked(invoice)]
    return sorted(events, key=lambda event: event.at)


def days_overdue(invoice: Any, *, on: datetime.date) -> int:
    """How many days ago it was due; 0 for whatever is not overdue."""
    return (on - invoice.due_date).days if invoice.state == State.OVERDUE else 0


def _audited(invoice: Invoice) -> Iterable[Event]:
    found = AuditEvent.objects.filter(
        object_type="invoicing.invoice", object_id=str(invoice.pk)
    ).select_related("actor")
    last_change = None
    for event in found.order_by("pk"):
        text, icon, tone = EVENTS.get(event.event, (event.event, "circle", ""))
        shown = Event(at=event.at, text=text, by=str(event.actor), icon=icon, tone=tone)
        if event.event == "invoice.draft_changed":
            last_change = shown  # of many saves only the last one is told
            continue
        if last_change:
            yield last_change
            last_change = None
        yield shown


def _booked(invoice: Invoice) -> Iterable[Event]:
    lines = (
        Line.objects.filter(open_item=invoice.open_item)
        .exclude(entry__act=f"{invoice.kind}.issued", entry__document_number=invoice.number)
        .select_related("entry__actor")
    )
    for line in lines:
        entry = line.entry
        paid = line.currency_amount < 0
        yield Event(
            at=entry.recorded_at,
            text=ACTS.get(entry.act) or entry.text or entry.act,
            by=str(entry.actor),
            icon="hand-coins" if paid else "undo-2",
            tone="positive" if paid else "attention",
        )


def _url(entry: Any) -> str:
    payment = getattr(entry, "payment", None)
    return payment.get_absolute_url() if payment else ""
