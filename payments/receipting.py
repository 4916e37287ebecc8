"""Receipting: whoever pays may have it in writing (§ 368 BGB); numbered, archived, once."""

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from invoicing import numbering, pdf
from invoicing.archiving import presentation
from invoicing.composing import compose
from invoicing.gathering import Sources
from invoicing.lettering import page_of
from invoicing.models import Customer, Invoice
from invoicing.typesetting.receipt import Paid
from invoicing.typesetting.receipt import Receipt as Content
from payments import errors
from payments.models import Payment, Receipt
from workmate import audit, company, documents
from workmate.models import User

PREFIX = "QU"


@transaction.atomic
def issue_receipt(payment: Payment, *, on: datetime.date, by: User) -> Receipt:
    """The receipt of a payment; the first call numbers, prints and archives it.

    In the language of the customer. Raises NO_RECEIPT, COMPANY_MISSING, DATE_BEFORE_LAST.
    """
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("partner", "reversal", "credit")
        .get(pk=payment.pk)
    )
    if receipt := Receipt.objects.filter(payment=payment).first():
        return receipt
    if payment.amount <= 0 or payment.is_reversed:
        raise errors.NO_RECEIPT()
    number = numbering.take_in(f"{PREFIX}-{on.year}", on)
    document = documents.store(
        f"receipt/{payment.pk}/pdf",
        _print(payment, number, on),
        filename=f"{number}.pdf",
        media_type="application/pdf",
        kind="receipt",
        by=by,
    )
    receipt = Receipt.objects.create(
        payment=payment, number=number, issued_on=on, pdf=document, created_by=by
    )
    audit.record("receipt.issued", receipt, by=by, payload={"number": number, "on": on})
    return receipt


def _print(payment: Payment, number: str, on: datetime.date) -> bytes:
    customer = Customer.objects.filter(partner=payment.partner).first()
    company.get()
    blank = Invoice(customer=customer, currency=payment.currency, supply_date=on)
    sources = Sources.of(blank, lines=[], adjustments=[], advances=[])
    page = page_of(sources, on)
    paper = compose(sources, number=number, issue_date=on)
    content = Content(
        number=number,
        issued_on=on,
        received_on=payment.received_on,
        amount=payment.amount,
        currency=payment.currency,
        method=payment.get_method_display(),
        reference=payment.reference,
        payer=customer.name if customer else str(payment.partner.name if payment.partner else ""),
        rows=tuple(_rows(payment)),
    )
    return pdf.render_receipt(content, paper, presentation(page, created_at=timezone.now()))


def _rows(payment: Payment) -> Iterator[Paid]:
    for part in payment.allocations.select_related("open_item"):
        item = part.open_item
        day = item.document_date if item.document_number else None
        yield Paid(number=item.document_number, issued_on=day, amount=part.amount)
    if payment.rest:
        yield Paid(number="", issued_on=None, amount=payment.rest)
