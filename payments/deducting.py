"""Deducting: what is not going to be paid of an invoice, as Skonto or because it is given up.

Either lowers the VAT in the period in which it happens, in proportion over all rates of the
invoice (§ 17 (1) UStG). Skonto needs no corrected invoice: its terms are on the invoice
(§ 14 (4) no. 7 UStG).
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from invoicing import remittance
from invoicing.models import Invoice
from invoicing.settling import follow_up, touched_by
from invoicing.snapshot import Snapshot
from payments import errors
from payments.models import Deduction, Payment
from payments.posting import next_id, post_deduction
from workmate import audit
from workmate.ledger import posting
from workmate.ledger.models import OpenItem
from workmate.ledger.open_items import lock, refuse_before_claim, refuse_too_much
from workmate.models import User
from workmate.money import format_amount, format_date, round_money

GRACE = datetime.timedelta(days=3)  # a transfer on the last day arrives later


def hold(items: Iterable[OpenItem]) -> dict[int, Invoice]:
    """Lock the invoices of these open items, before the items, as a cancellation does."""
    rows = Invoice.objects.select_for_update(of=("self",)).order_by("pk")
    return {invoice.open_item_id: invoice for invoice in rows.filter(open_item__in=list(items))}


def allowed_skonto(invoice: Invoice, *, paid_on: datetime.date) -> Decimal:
    """What may be deducted from a payment of that day, three days of grace included.

    In the currency of the invoice; less what was deducted already, and in proportion where a
    Rechnungskorrektur has taken back a part.
    """
    einvoice = Snapshot.from_json(invoice.snapshot or {}).einvoice
    granted = [one.amount for one in remittance.discounts(einvoice) if paid_on <= one.until + GRACE]
    if not granted:
        return Decimal(0)
    back = invoice.corrections.issued().aggregate(sum=Sum("gross_total"))["sum"] or Decimal(0)
    payable = einvoice.totals.payable
    whole = round_money(max(granted) * (payable + back) / payable)
    return max(Decimal(0), whole - _standing_skonto(invoice))


@transaction.atomic
def grant_skonto(
    item: OpenItem,
    amount: Decimal,
    *,
    on: datetime.date,
    by: User,
    payment: Payment | None = None,
) -> Deduction:
    """Let the customer keep so much (positive) who paid on that day.

    With `payment` it goes back with the payment. Raises NOT_DEDUCTIBLE, SKONTO_TOO_HIGH,
    SETTLES_TOO_MUCH, BEFORE_CLAIM, PERIOD_LOCKED.
    """
    invoice = _invoice(item)
    paid_on = payment.received_on if payment else on
    allowed = allowed_skonto(invoice, paid_on=paid_on)
    if amount > allowed:
        raise errors.SKONTO_TOO_HIGH(
            item=item,
            day=format_date(paid_on),
            allowed=format_amount(allowed),
            currency=item.currency,
        )
    skonto = Deduction.Kind.SKONTO
    return _deduct(skonto, item, invoice, amount, on=on, by=by, payment=payment)


@transaction.atomic
def write_off(
    item: OpenItem, amount: Decimal, *, reason: str, on: datetime.date, by: User
) -> Deduction:
    """Give up so much (positive) of a claim on an invoice.

    Raises REASON_MISSING, NOT_DEDUCTIBLE, SETTLES_TOO_MUCH, BEFORE_CLAIM, PERIOD_LOCKED.
    """
    if not (reason := " ".join(reason.split())):
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    kind = Deduction.Kind.WRITE_OFF
    return _deduct(kind, item, _invoice(item), amount, on=on, by=by, reason=reason)


@transaction.atomic
def take_back(deduction: Deduction, *, on: datetime.date, by: User) -> Deduction:
    """The claim and its VAT are as before the deduction. Raises DEDUCTION_TAKEN_BACK."""
    hold([deduction.open_item])
    deduction = (
        Deduction.objects.select_for_update(of=("self",))
        .select_related("entry", "open_item__partner")
        .get(pk=deduction.pk)
    )
    if deduction.taken_back_on:
        raise errors.DEDUCTION_TAKEN_BACK()
    touched = lock(touched_by(deduction.entry))
    day = max(on, deduction.deducted_on)
    entry = posting.reverse(
        deduction.entry,
        act="payments.deduction_taken_back",
        source=f"{deduction.entry.source}:reversal",
        booked_on=day,
        by=by,
    )
    follow_up(touched.values(), on=day, source=entry.source, by=by)
    deduction.entry.reversed_by = entry
    payload = {"kind": deduction.kind, "amount": deduction.amount, "on": day}
    audit.record("deduction.taken_back", deduction, by=by, payload=payload)
    return deduction


def _deduct(
    kind: Deduction.Kind,
    item: OpenItem,
    invoice: Invoice,
    amount: Decimal,
    *,
    on: datetime.date,
    by: User,
    payment: Payment | None = None,
    reason: str = "",
) -> Deduction:
    item = lock([item])[item.pk]
    refuse_too_much(item, amount)
    refuse_before_claim(item, on)
    deduction = Deduction(
        pk=next_id(Deduction),
        kind=kind,
        open_item=item,
        amount=amount,
        deducted_on=on,
        reason=reason[:200],
        payment=payment,
        created_by=by,
    )
    snapshot = Snapshot.from_json(invoice.snapshot or {})
    deduction.entry = post_deduction(deduction, snapshot, by=by)
    deduction.save(force_insert=True)
    payload = {"kind": kind, "item": str(item), "amount": amount, "on": on, "reason": reason}
    audit.record("deduction.made", deduction, by=by, payload=payload)
    return deduction


def _invoice(item: OpenItem) -> Invoice:
    """The invoice whose VAT a deduction lowers, locked; raises NOT_DEDUCTIBLE."""
    invoice = hold([item]).get(item.pk)
    # An advance bears no VAT before it is paid (§ 13 (1) no. 1 a UStG): nothing to correct.
    if invoice is None or not invoice.is_standing or invoice.kind == Invoice.Kind.ADVANCE:
        raise errors.NOT_DEDUCTIBLE(item=item)
    return invoice


def _standing_skonto(invoice: Invoice) -> Decimal:
    standing = Deduction.objects.filter(
        open_item=invoice.open_item_id,
        kind=Deduction.Kind.SKONTO,
        entry__reversed_by__isnull=True,
    )
    return standing.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
