"""Cancelling answers an invoice with a Stornorechnung; the original stays as it is.

The Stornorechnung has its own number and the negative quantities of the original (384, BG-3).
Both open items are settled against each other; what was paid already remains as a credit of the
customer. If a payment comes back later, what it opens is settled too (`settling`).
Source: § 14 (4) UStG, § 31 (5) UStDV, GoBD Rz. 107.
"""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q

from invoicing import advances, errors
from invoicing.following import follow
from invoicing.gate import Verdict, judge_composed
from invoicing.issuing import archive_after_commit, freeze, require_passed
from invoicing.mirroring import mirror
from invoicing.models import Invoice, InvoiceLine
from invoicing.netting import DEDUCTED
from invoicing.numbering import expected_number, take_number
from invoicing.settling import settle
from invoicing.snapshot import Snapshot
from workmate.models import Line, User


def cancel(invoice: Invoice, *, reason: str, by: User, on: date) -> Invoice:
    """Issue the Stornorechnung of `invoice` on that day and return it.

    Raises NOT_ISSUED, IS_CANCELLATION, ALREADY_CANCELLED, IS_CORRECTED, IS_DEDUCTED,
    REASON_MISSING, the gate's and the ledger's problems; then nothing happened.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise errors.REASON_MISSING(fields={"reason": ["Nennen Sie den Grund."]})
    _check(invoice)
    original = Snapshot.from_json(invoice.snapshot)
    kind = Invoice.Kind.CANCELLATION
    verdict = _judged(invoice, original, expected_number(kind, on), on, reason)
    with transaction.atomic():
        # With the advances that it deducts, in the order in which everybody locks documents.
        rows = Invoice.objects.select_for_update(of=("self",)).order_by("pk")
        locked = rows.filter(Q(pk=invoice.pk) | Q(deducted_by=invoice.pk))
        invoice = next(one for one in locked if one.pk == invoice.pk)
        _check(invoice)
        storno = _draft(invoice, reason, by=by, on=on)
        number = take_number(kind, on)
        if number != verdict.einvoice.number:
            verdict = _judged(invoice, original, number, on, reason)
        freeze(storno, verdict, _snapshot(original, verdict), by=by)
        archive_after_commit(storno, by=by)
        source = f"invoicing.cancellation:{storno.pk}"
        settle(storno, on=on, source=source, by=by)
        freed = advances.free(invoice, on=on, by=by)
        follow([*freed, invoice.open_item], on=on, source=source, by=by)
    return storno


def _check(invoice: Invoice) -> None:
    if invoice.status != Invoice.Status.ISSUED:
        raise errors.NOT_ISSUED()
    if not invoice.is_claim:
        raise errors.IS_CANCELLATION(document=invoice.get_kind_display(), number=invoice.number)
    if Invoice.objects.filter(cancels=invoice).exists():
        raise errors.ALREADY_CANCELLED(number=invoice.number)
    if final := invoice.deducted_by:
        raise errors.IS_DEDUCTED(number=invoice.number, final=final.number)
    # The Stornorechnung takes back every line: with a correction before it, a part twice.
    if correction := invoice.corrections.issued().first():
        raise errors.IS_CORRECTED(number=invoice.number, correction=correction.number)
    if _is_deducted(invoice):
        raise errors.IS_DEDUCTED(number=invoice.number)


def _is_deducted(invoice: Invoice) -> bool:
    """Whether its VAT is lowered already, which the Stornorechnung would do once more."""
    lines = Line.objects.filter(open_item=invoice.open_item_id, entry__act=DEDUCTED)
    return lines.filter(entry__reversed_by=None).exists()


def _judged(invoice: Invoice, original: Snapshot, number: str, on: date, reason: str) -> Verdict:
    einvoice = mirror(original.einvoice, number=number, issue_date=on, reason=reason)
    verdict = judge_composed(einvoice, invoice.einvoice_format)
    require_passed(verdict)
    return verdict


def _draft(invoice: Invoice, reason: str, *, by: User, on: date) -> Invoice:
    """The row of the Stornorechnung with its negative lines, not yet issued."""
    storno = Invoice.objects.create(
        kind=Invoice.Kind.CANCELLATION,
        customer=invoice.customer,
        cancels=invoice,
        cancel_reason=reason,
        due_date=on,
        payment_terms_days=0,
        supply_date=invoice.supply_date,
        supply_start=invoice.supply_start,
        supply_end=invoice.supply_end,
        currency=invoice.currency,
        einvoice_format=invoice.einvoice_format,
        buyer_reference=invoice.buyer_reference,
        order_reference=invoice.order_reference,
        net_total=-invoice.net_total,
        vat_total=-invoice.vat_total,
        gross_total=-invoice.gross_total,
        created_by=by,
    )
    lines = list(invoice.lines.all())
    for line in lines:
        line.pk, line.invoice = None, storno
        if line.quantity is not None:  # A title has none.
            line.quantity = -line.quantity
        line.net_amount = -line.net_amount
    InvoiceLine.objects.bulk_create(lines)
    return storno


def _snapshot(original: Snapshot, verdict: Verdict) -> Snapshot:
    return replace(
        original,
        einvoice=verdict.einvoice,
        page=original.page.mirrored(heading="Stornorechnung", intro="", advances=()),
        taxed=tuple(-taxed for taxed in original.taxed),
        deducted=tuple(-one for one in original.deducted),
    )
