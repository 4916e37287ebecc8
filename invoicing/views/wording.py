"""States of documents in words and tones, the same on every page."""

from collections.abc import Iterable
from typing import Any

from invoicing.models import Dispatch, Invoice, State

TONES = {
    State.DRAFT: "neutral",
    State.OPEN: "info",
    State.PARTIAL: "attention",
    State.OVERDUE: "negative",
    State.PAID: "positive",
    State.CANCELLED: "neutral",
    State.CORRECTION: "neutral",
    State.OFFERED: "info",
    State.ACCEPTED: "positive",
    State.DECLINED: "negative",
    State.EXPIRED: "attention",
    State.CONFIRMED: "positive",
}
DISPATCH_TONES: dict[str, str] = {
    Dispatch.State.QUEUED: "neutral",
    Dispatch.State.SENDING: "info",
    Dispatch.State.SENT: "positive",
    Dispatch.State.PARTIAL: "attention",
    Dispatch.State.REFUSED: "negative",
    Dispatch.State.CANCELLED: "neutral",
    Dispatch.State.UNCLEAR: "attention",
}
DISPATCH_WORDS = {str(state.label): tone for state, tone in DISPATCH_TONES.items()}
CANCELLATION = str(Invoice.Kind.CANCELLATION.label)
SETTLED = "abgerechnet"  # an advance that a final invoice has taken up
WORD_TONES = {str(state.label): tone for state, tone in TONES.items()} | {
    CANCELLATION: "neutral",
    SETTLED: "positive",
}


def word_of(invoice: Any) -> str:
    """The state in a word; a Stornorechnung is named as what it is. Needs `with_state`."""
    if invoice.kind == Invoice.Kind.CANCELLATION:
        return CANCELLATION
    if invoice.deducted_by_id:
        return SETTLED
    return str(State(invoice.state).label)


def dispatch_word(invoice: Any) -> str:
    """What became of its latest dispatch; empty without one. Needs `with_dispatch`."""
    return str(Dispatch.State(invoice.dispatch_state).label) if invoice.dispatch_state else ""


def check_word(invoice: Any) -> str:
    """What the rules said, stored with the document; empty for offers, which have none to pass.

    A draft needs `with_check`.
    """
    if invoice.is_offer:
        return ""
    if invoice.status == Invoice.Status.DRAFT:
        if invoice.checked_version is None:
            return "nicht geprüft"
        if not invoice.check_is_current:
            return "veraltet"
        if invoice.faults:
            return f"{invoice.faults} Fehler"
    if not invoice.hints:
        return "geprüft"
    return f"geprüft, {invoice.hints} Hinweis{'e' if invoice.hints > 1 else ''}"


def check_tone(invoice: Any) -> str:
    """The tone of `check_word`."""
    if invoice.status == Invoice.Status.DRAFT:
        if not invoice.check_is_current:
            return "neutral"
        if invoice.faults:
            return "negative"
    return "attention" if invoice.hints else "positive"


def dressed(invoices: Iterable[Any]) -> list[Any]:
    """The documents with `word` and `tone` of their state for a template."""
    found = list(invoices)
    for invoice in found:
        invoice.word = word_of(invoice)
        invoice.tone = WORD_TONES[invoice.word]
    return found
