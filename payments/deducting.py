"""Deducting: what is not going to be paid of an invoice, as Skonto or because it is given up.

Either lowers the VAT in the period in which it happens, in proportion over all rates of the
invoice (§ 17 (1) UStG). Skonto needs no corrected invoice: its terms are on the invoice
(§ 14 (4) no. 7 UStG).
"""

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from invoicing import remittance, skonto
from invoicing.models import Invoice
from invoicing.netting import left_of
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
    return _allowed([invoice], paid_on)[invoice.pk]


def deductible(items: Iterable[OpenItem], *, paid_on: datetime.date) -> dict[int, Decimal]:
    """The open items from which something may be deducted, each with its Skonto of that day."""
    standing = Invoice.objects.standing().exclude(kind=Invoice.Kind.ADVANCE)
    invoices = list(standing.filter(open_item__in=[item.pk for item in items]))
    allowed = _allowed(invoices, paid_on)
    return {invoice.open_item_id or 0: allowed[invoice.pk] for invoice in invoices}


def skonto_terms(*, since: datetime.date) -> dict[int, tuple[tuple[datetime.date, Decimal], ...]]:
    """What may still be deducted from open items by who pays on that day or later.

    By id of the open item: last day, grace included, and amount, the earliest step first.
    """
    rows = (
        Invoice.objects.standing()
        .exclude(kind=Invoice.Kind.ADVANCE)
        .exclude(cash_discounts=[])
        .filter(open_item__outstanding__gt=0)
    )
    invoices = [one for one in rows if _last_day(one) >= since]
    terms = _terms(invoices)
    return {
        one.open_item_id: tuple((day, kept) for day, kept in terms[one.pk] if day >= since)
        for one in invoices
        if one.open_item_id
    }


def _last_day(invoice: Invoice) -> datetime.date:
    """Until when the last step of Skonto is granted."""
    issued = invoice.issue_date or datetime.date.min
    days = max(step.days for step in skonto.steps(invoice.cash_discounts))
    return issued + datetime.timedelta(days=days) + GRACE


def _allowed(invoices: Sequence[Invoice], paid_on: datetime.date) -> dict[int, Decimal]:
    """The Skonto of each invoice on that day; two queries whatever their number."""
    return {
        pk: max((kept for day, kept in terms if paid_on <= day), default=Decimal(0))
        for pk, terms in _terms(invoices).items()
    }


def _terms(invoices: Sequence[Invoice]) -> dict[int, list[tuple[datetime.date, Decimal]]]:
    """The steps of each invoice: last day, grace included, and what is left to deduct until it."""
    granted = {}
    for invoice in invoices:
        einvoice = Snapshot.from_json(invoice.snapshot or {}).einvoice
        if steps := sorted(remittance.discounts(einvoice), key=lambda one: one.until):
            granted[invoice.pk] = steps, einvoice.totals.payable
    back, standing = (_taken_back(granted), _standing_skonto(granted)) if granted else ({}, {})
    terms: dict[int, list[tuple[datetime.date, Decimal]]] = {one.pk: [] for one in invoices}
    for pk, (steps, payable) in granted.items():
        share = (payable + back.get(pk, Decimal(0))) / payable
        taken = standing.get(pk, Decimal(0))
        terms[pk] = [
            (one.until + GRACE, max(Decimal(0), round_money(one.amount * share) - taken))
            for one in steps
        ]
    return terms


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
    item: OpenItem,
    amount: Decimal,
    *,
    reason: str,
    on: datetime.date,
    by: User,
    payment: Payment | None = None,
) -> Deduction:
    """Give up so much (positive) of a claim on an invoice.

    With `payment` it goes back with the payment. Raises REASON_MISSING, NOT_DEDUCTIBLE,
    SETTLES_TOO_MUCH, BEFORE_CLAIM, PERIOD_LOCKED.
    """
    if not (reason := " ".join(reason.split())):
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    kind = Deduction.Kind.WRITE_OFF
    return _deduct(kind, item, _invoice(item), amount, on=on, by=by, payment=payment, reason=reason)


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
    deduction.entry = post_deduction(deduction, snapshot, left_of(invoice), by=by)
    deduction.save(force_insert=True)
    follow_up([item], on=on, source=deduction.entry.source, by=by)
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


def _taken_back(invoices: Iterable[int]) -> dict[int, Decimal]:
    """What Rechnungskorrekturen have taken back (negative), by invoice."""
    rows = Invoice.objects.issued().filter(corrects__in=list(invoices)).order_by()
    return dict(rows.values_list("corrects").annotate(sum=Sum("gross_total")))


def _standing_skonto(invoices: Iterable[int]) -> dict[int, Decimal]:
    """The Skonto that was taken already, by invoice."""
    rows = Deduction.objects.filter(
        open_item__invoice__in=list(invoices),
        kind=Deduction.Kind.SKONTO,
        entry__reversed_by__isnull=True,
    ).order_by()
    return dict(rows.values_list("open_item__invoice").annotate(sum=Sum("amount")))
