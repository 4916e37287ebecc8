"""What became of a document: movements on its open item, and events of its life."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from invoicing.models import Dispatch, Invoice, State
from invoicing.views.wording import DISPATCH_TONES
from workmate.acts import title_of
from workmate.models import AuditEvent, Entry, Line
from workmate.money import format_money

MARKS = {  # event: icon, tone
    "invoice.drafted": ("file-plus", ""),
    "invoice.draft_changed": ("pencil", ""),
    "quote.accepted": ("circle-check", "positive"),
    "quote.declined": ("circle-alert", "negative"),
    **{f"{kind}.issued": ("stamp", "info") for kind in Invoice.Kind.values},
}
ACTS = {  # what a booking on the open item is for its reader; its text where none of these
    "advances.dissolved": "In der Schlussrechnung aufgegangen",
    "advances.reopened": "Schlussrechnung storniert",
    "open_items.offset": "Verrechnung",
    "payments.credit_taken_back": "Verrechnung zurückgenommen",
    "payments.deduction_taken_back": "Abzug zurückgenommen",
    "payments.recorded": "Zahlung",
    "payments.reversed": "Zahlung zurückgenommen",
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
    return [
        Movement(
            day=line.entry.booked_on,
            text=_text(line.entry),
            amount=line.currency_amount,
            url=_url(line.entry),
        )
        for line in _lines(invoice)
    ]


def timeline(invoice: Invoice) -> list[Event]:
    """The events of the document and of what was paid on it, oldest first."""
    events = [
        *_audited(invoice),
        *_dispatched(invoice),
        *_booked(invoice),
        *_cancelled(invoice),
        *_corrected(invoice),
        *_seen(invoice),
    ]
    return sorted(events, key=lambda event: event.at)


def days_overdue(invoice: Any, *, on: datetime.date) -> int:
    """How many days ago it was due; 0 for whatever is not overdue. Needs `with_state`."""
    return (on - invoice.due_date).days if invoice.state == State.OVERDUE else 0


def _audited(invoice: Invoice) -> Iterable[Event]:
    """The acts on the document; of many saves in a row only the last one is told."""
    found = AuditEvent.objects.filter(
        object_type="invoicing.invoice", object_id=str(invoice.pk)
    ).select_related("actor")
    shown = [event for event in found.order_by("pk") if event.event in MARKS]
    for event, following in zip_longest(shown, shown[1:]):
        if following and event.event == following.event == "invoice.draft_changed":
            continue
        icon, tone = MARKS[event.event]
        text = title_of(event.event)
        yield Event(at=event.at, text=text, by=str(event.actor), icon=icon, tone=tone)


def dispatches(invoice: Invoice) -> list[tuple[Dispatch, str]]:
    """What was sent of the document, the latest first, each with its tone."""
    found = invoice.dispatches.select_related("created_by").prefetch_related("recipients")
    return [(one, DISPATCH_TONES[one.state]) for one in found.order_by("-pk")]


def _dispatched(invoice: Invoice) -> Iterable[Event]:
    """Every dispatch at the moment it left, or at that of its order where it did not."""
    for one, tone in dispatches(invoice):
        text = f"{one.get_state_display().capitalize()}: {one.to}"
        by = str(one.created_by)
        yield Event(at=one.sent_at or one.created_at, text=text, by=by, icon="send", tone=tone)


def _booked(invoice: Invoice) -> Iterable[Event]:
    for line in _lines(invoice):
        paid = line.currency_amount < 0
        amount = format_money(abs(line.currency_amount), invoice.currency)
        yield Event(
            at=line.entry.recorded_at,
            text=f"{_text(line.entry)}: {amount}",
            by=str(line.entry.actor),
            icon="hand-coins" if paid else "undo-2",
            tone="positive" if paid else "attention",
        )


def _cancelled(invoice: Invoice) -> Iterable[Event]:
    storno = getattr(invoice, "cancelled_by", None)
    if storno and storno.issued_at:
        text = f"Storniert durch {storno.number}"
        by = str(storno.issued_by)
        yield Event(at=storno.issued_at, text=text, by=by, icon="ban", tone="negative")


def _seen(invoice: Invoice) -> Iterable[Event]:
    if view := getattr(invoice, "first_view", None):
        yield Event(at=view.seen_at, text="Vom Kunden angesehen", by="", icon="eye", tone="info")


def _corrected(invoice: Invoice) -> Iterable[Event]:
    for one in invoice.corrections.issued().select_related("issued_by"):
        amount = format_money(-one.gross_total, one.currency)
        text = f"Korrigiert durch {one.number}: {amount}"
        by = str(one.issued_by)
        yield Event(at=one.issued_at, text=text, by=by, icon="scissors", tone="attention")


def _lines(invoice: Invoice) -> Any:
    """The bookings on the open item but for the document's own."""
    own = {"entry__act": f"{invoice.kind}.issued", "entry__document_number": invoice.number}
    if invoice.open_item is None:  # an offer is not in the books
        return Line.objects.none()
    lines = Line.objects.filter(open_item=invoice.open_item).exclude(**own)
    return lines.select_related("entry__payment", "entry__actor").order_by("entry__booked_on", "pk")


def _text(entry: Entry) -> str:
    return ACTS.get(entry.act) or entry.text or entry.act


def _url(entry: Entry) -> str:
    payment = getattr(entry, "payment", None)
    return payment.get_absolute_url() if payment else ""
