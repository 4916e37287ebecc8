"""Settling: what answers a document is set off against it, as far as both are open.

A Stornorechnung and a Rechnungskorrektur have open items below zero of their own. They are settled
against the document that they answer when they are issued, and again whenever a payment that comes
back opens one of the pair: nobody owes what was taken back.
"""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from invoicing.following import follow
from invoicing.models import Invoice
from workmate.ledger.open_items import lock, offset
from workmate.models import Entry, OpenItem, User


def settle(answer: Invoice, *, on: date, source: str, by: User) -> None:
    """Settle a Stornorechnung or correction and its original against each other."""
    original = answer.cancels or answer.corrects
    if original is None:
        raise ValueError("only an answer to another document can be settled against it")
    pair = [original.open_item_id, answer.open_item_id]
    locked = lock(OpenItem.objects.filter(pk__in=pair))
    claim, credit = (locked[pk] for pk in pair if pk)
    amount = min(claim.outstanding, -credit.outstanding)
    if amount > Decimal(0):
        offset(claim, credit, amount, booked_on=on, source=source, by=by, at_one_rate=True)


def answer(document: Invoice, *, on: date, source: str, by: User) -> None:
    """Settle an issued answer against its original; VAT that follows the money follows."""
    settle(document, on=on, source=source, by=by)
    follow([document.open_item], on=on, source=source, by=by)


def touched_by(entry: Entry) -> QuerySet[OpenItem]:
    """The open items of an entry, and the other half of each pair that they belong to."""
    own = set(entry.lines.exclude(open_item=None).values_list("open_item", flat=True))
    pairs = _answers_on(own).values_list("open_item", "cancels__open_item", "corrects__open_item")
    return OpenItem.objects.filter(pk__in=own.union(*pairs) - {None})


def follow_up(
    items: Iterable[OpenItem],
    *,
    on: date,
    source: str,
    by: User,
    received_on: date | None = None,
) -> None:
    """What follows from money that came onto these open items or left them again.

    For whoever posts it, inside that act and with the items locked that it touches. `source`
    names the act. Pairs are settled again, and the VAT that follows the money does so.
    """
    items = list(items)
    answers = _answers_on({item.pk for item in items})
    # Mostly there is none, and the narrow question is the cheap one.
    found = list(answers.values_list("pk", flat=True))
    rows = Invoice.objects.filter(pk__in=found).select_related("cancels", "corrects")
    for answer in rows.order_by("pk") if found else ():
        day = max(on, answer.issue_date or on)
        settle(answer, on=day, source=f"{source}:{answer.pk}", by=by)
    follow(items, on=on, source=source, by=by, received_on=received_on)


def _answers_on(items: Collection[int]) -> QuerySet[Invoice]:
    """The issued answers that have one of these open items, or whose original has."""
    of = list(Invoice.objects.filter(open_item__in=items).values_list("pk", flat=True))
    answered = Q(cancels__in=of) | Q(corrects__in=of)
    own = Q(pk__in=of, kind__in=(Invoice.Kind.CANCELLATION, Invoice.Kind.CORRECTION))
    return Invoice.objects.issued().filter(own | answered).order_by("pk")
