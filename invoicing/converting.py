"""Converting: a quote becomes an order or an invoice, and what the customer said to it.

The next document is a draft with the same lines and references, at today's tax rules; it is
`based_on` the offer. Whoever goes on with a quote has had it accepted.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from invoicing import contents, drafting, errors
from invoicing.contents import Content
from invoicing.deducting import free_advances
from invoicing.models import Invoice
from invoicing.netting import total
from invoicing.snapshot import Snapshot
from invoicing.stationery import texts_of
from workmate import audit
from workmate.models import TaxCase, User
from workmate.money import format_decimal, round_money

NEXT = {
    Invoice.Kind.QUOTE: (Invoice.Kind.CONFIRMATION, *contents.BILLS),
    Invoice.Kind.CONFIRMATION: contents.BILLS,
}


@transaction.atomic
def convert(
    offer: Invoice, kind: str, *, percent: Decimal = Decimal(30), by: User, on: date
) -> Invoice:
    """The draft that follows an issued quote or order; an advance asks for `percent` of its net.

    Raises NOT_ISSUED, NOT_CONVERTIBLE, QUOTE_DECLINED.
    """
    offer = Invoice.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.status != Invoice.Status.ISSUED:
        raise errors.NOT_ISSUED()
    if kind not in NEXT.get(Invoice.Kind(offer.kind), ()):
        raise errors.NOT_CONVERTIBLE(document=offer.get_kind_display(), number=offer.number)
    if offer.decision == Invoice.Decision.DECLINED:
        raise errors.QUOTE_DECLINED(number=offer.number)
    if offer.kind == Invoice.Kind.QUOTE and not offer.decision:
        decide(offer, Invoice.Decision.ACCEPTED, by=by, on=on)
    content = contents.renewed(contents.content_of(offer), on=on)
    content.header.update(_header(offer, kind))
    if kind == Invoice.Kind.ADVANCE:
        content = _part(offer, content, percent, on)
    if kind == Invoice.Kind.FINAL:
        content.advances.extend(_advances(offer))
    return drafting.create_draft(content, based_on=offer, by=by)


@transaction.atomic
def decide(quote: Invoice, decision: str, *, by: User, on: date) -> Invoice:
    """Keep what the customer said to a quote; raises NOT_A_QUOTE, ALREADY_DECIDED."""
    quote = Invoice.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.kind != Invoice.Kind.QUOTE or quote.status != Invoice.Status.ISSUED:
        raise errors.NOT_A_QUOTE()
    if quote.decision:
        word = quote.get_decision_display()
        raise errors.ALREADY_DECIDED(number=quote.number, decision=word)
    quote.decision, quote.decided_on = Invoice.Decision(decision), on
    quote.save(update_fields=["decision", "decided_on"])
    accepted = quote.decision == Invoice.Decision.ACCEPTED
    event = "quote.accepted" if accepted else "quote.declined"
    audit.record(event, quote, by=by, payload={"on": on})
    return quote


def _header(offer: Invoice, kind: str) -> dict[str, object]:
    texts = texts_of(kind, offer.customer.language if offer.customer else "de")
    header: dict[str, object] = {"kind": kind, **texts}
    if offer.kind == Invoice.Kind.CONFIRMATION and not offer.sales_order_reference:
        header["sales_order_reference"] = offer.number
    return header


def _part(offer: Invoice, content: Content, percent: Decimal, on: date) -> Content:
    """An advance of so many percent of the net: one line per tax case."""
    cases = {case.code: case for case in TaxCase.objects.on(on)}
    word = "Auftrag" if offer.kind == Invoice.Kind.CONFIRMATION else "Angebot"
    share = format_decimal(percent, 0, most=2)
    lines = [
        {
            "name": f"{share} % Anzahlung auf {word} {offer.number}",
            "quantity": Decimal(1),
            "unit": "C62",
            "unit_price": round_money(taxed.base * percent / 100),
            "tax_case": cases.get(taxed.code),
        }
        for taxed in total(Snapshot.from_json(offer.snapshot or {}).taxed).values()
    ]
    header = {**content.header, "prices_gross": False, "cash_discounts": []}
    return Content(header=header, lines=lines)


def _advances(offer: Invoice) -> list[Invoice]:
    """The free advances of the same order: on this offer, the one before it or one after it."""
    family = Q(based_on=offer) | Q(based_on__based_on=offer)
    if offer.based_on_id:
        family |= Q(based_on=offer.based_on_id)
    related = set(Invoice.objects.filter(family).values_list("pk", flat=True))
    return [one for one in free_advances(offer.customer_id) if one.pk in related]
