"""Recording a payment, and taking it back."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction

from invoicing.settling import follow_up, touched_by
from payments import errors
from payments.cash_keeping import refuse_cash
from payments.charging import charge_fee, take_back_fee
from payments.deducting import grant_skonto, hold, take_back, write_off
from payments.models import Allocation, Payment, Reversal
from payments.posting import Parts, next_id, post_payment, source
from workmate import audit
from workmate.ledger import posting
from workmate.ledger.models import MoneyAccount, OpenItem, Partner
from workmate.ledger.open_items import lock, open_item
from workmate.models import User
from workmate.money import format_amount, format_date


@transaction.atomic
def record_payment(
    *,
    money_account: MoneyAccount,
    received_on: datetime.date,
    booked_on: datetime.date | None = None,
    amount: Decimal,
    method: str,
    allocations: Sequence[tuple[OpenItem, Decimal]],
    partner: Partner | None = None,
    currency: str = "EUR",
    euro: Decimal | None = None,
    reference: str = "",
    note: str = "",
    skonto: Parts = (),
    write_offs: Parts = (),
    reason: str = "",
    fee: Decimal = Decimal(0),
    seen: Mapping[int, Decimal] | None = None,
    gives_back: Payment | None = None,
    by: User,
) -> Payment:
    """Book money into (positive) or out of (negative) a money account and settle open items.

    An allocation has the sign of what is open on its item: positive on an invoice, negative on a
    credit. What a customer pays beyond the allocations becomes a credit of `partner`, or of the one
    customer whose items are paid. `skonto` names what the customer deducted (positive) from which
    items, `write_offs` what is given up of them for which `reason`, `fee` what the bank kept for
    itself of `amount`: all three go back with the payment. `euro` is
    the worth of a payment in another currency: on an account in euro what the bank has credited;
    what the books lack or have over is a gain or loss. `booked_on` is the day of the books where
    that of the money is locked. `seen` is what was open on the items, by id, when somebody decided:
    CHANGED_MEANWHILE where it is something else now. `gives_back` names the payment that this one
    returns to its payer, see `refunding.give_back`: what it had settled is open again. Raises
    PAYMENT_2051 to 2062, 2066, 2067, 2069, 2081, 2082, INVOICE_2091 and PERIOD_LOCKED.
    """
    hold(item for item, _ in [*skonto, *write_offs])
    items = lock(item for item, _ in allocations)
    _refuse_changed(items, seen or {})
    parts = [(items[item.pk], part) for item, part in allocations]
    partner = partner or _only_partner(parts)
    payment = Payment(
        pk=next_id(Payment),
        money_account=money_account,
        received_on=received_on,
        amount=amount,
        method=method,
        currency=currency,
        reference=reference[:200],
        note=note,
        partner=partner,
        gives_back=gives_back,
        created_by=by,
    )
    _check(payment, parts)
    if currency == "EUR":
        euro = amount
    elif euro is None or euro * amount <= 0:
        raise errors.RATE_MISSING(currency=currency)
    refuse_cash(money_account, euro, on=booked_on or received_on)
    payment.credit = _credit_for_rest(payment, parts)
    payment.entry = post_payment(payment, parts, euro=euro, on=booked_on or received_on, by=by)
    payment.save(force_insert=True)
    Allocation.objects.bulk_create(
        Allocation(payment=payment, open_item=item, amount=part) for item, part in parts
    )
    day = payment.entry.booked_on
    follow_up(items.values(), on=day, source=payment.entry.source, by=by, received_on=received_on)
    audit.record("payment.recorded", payment, by=by, payload=_summary(payment, parts))
    for item, part in skonto:
        grant_skonto(item, part, on=booked_on or received_on, by=by, payment=payment)
    for item, part in write_offs:
        write_off(item, part, reason=reason, on=booked_on or received_on, by=by, payment=payment)
    if fee:
        charge_fee(payment, fee, text="Gebühr", on=booked_on or received_on, by=by)
    return payment


@transaction.atomic
def reverse_payment(
    payment: Payment, *, on: datetime.date, by: User, reason: str, returned: bool = False
) -> Reversal:
    """Take a payment back: its items are open again, its credit is gone.

    Skonto that was taken with it goes back, and so do its fees unless the bank has `returned` it.
    What is cancelled meanwhile is settled against its Stornorechnung. `on` is the day on which the
    books show it, for a returned debit the day of the return. Raises ALREADY_REVERSED, CREDIT_USED,
    REVERSED_TOO_EARLY, REASON_MISSING, CASH_OVERDRAWN, CASH_CLOSED and PERIOD_LOCKED.
    """
    hold(deduction.open_item for deduction in payment.deductions.select_related("open_item"))
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("entry", "credit", "money_account")
        .get(pk=payment.pk)
    )
    if Reversal.objects.filter(payment=payment).exists():
        raise errors.ALREADY_REVERSED()
    if payment.given_back.valid().exists():
        raise errors.GIVEN_BACK()
    if not reason.strip():
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    if on < payment.entry.booked_on:
        raise errors.REVERSED_TOO_EARLY(booked_on=format_date(payment.entry.booked_on))
    touched = lock(touched_by(payment.entry))
    payment.credit = touched.get(payment.credit_id or 0)
    refuse_used_credit(payment)
    refuse_cash(payment.money_account, -payment.amount, on=on)
    entry = posting.reverse(
        payment.entry,
        act="payments.reversed",
        source=f"{source(payment)}:reversal",
        booked_on=on,
        by=by,
        text=f"Storno: {payment.entry.text}",
    )
    follow_up(touched.values(), on=on, source=entry.source, by=by)
    reversal = Reversal.objects.create(
        payment=payment, entry=entry, reversed_on=on, reason=reason.strip()[:200], created_by=by
    )
    for deduction in payment.deductions.filter(entry__reversed_by=None):
        take_back(deduction, on=on, by=by)
    if not returned:
        for one in payment.fees.filter(entry__reversed_by=None):
            take_back_fee(one, on=on, by=by)
    audit.record(
        "payment.reversed",
        payment,
        by=by,
        payload={"reason": reversal.reason, "on": on, "amount": payment.amount},
    )
    return reversal


def refuse_used_credit(payment: Payment) -> None:
    """A credit that has been used cannot vanish; raises CREDIT_USED."""
    if payment.credit and payment.credit.outstanding != -payment.rest:
        raise errors.CREDIT_USED(rest=format_amount(payment.rest), currency=payment.currency)


def _refuse_changed(items: Mapping[int, OpenItem], seen: Mapping[int, Decimal]) -> None:
    for pk, item in items.items():
        if seen.get(pk, item.outstanding) != item.outstanding:
            raise errors.CHANGED_MEANWHILE(
                item=item,
                outstanding=format_amount(item.outstanding),
                seen=format_amount(seen[pk]),
                currency=item.currency,
            )


def _check(payment: Payment, parts: Parts) -> None:
    if not payment.amount:
        raise errors.NOTHING_PAID(fields={"amount": ["Bitte geben Sie einen Betrag an."]})
    account = payment.money_account
    if not account.is_active:
        raise errors.MONEY_ACCOUNT_CLOSED(account=account.name)
    if account.currency not in (payment.currency, "EUR"):
        raise errors.WRONG_CURRENCY(
            item=account.name, expected=account.currency, currency=payment.currency
        )
    seen = set()
    for item, part in parts:
        if item.pk in seen:
            raise errors.ALLOCATED_TWICE(item=item)
        seen.add(item.pk)
        _check_part(payment, item, part)


def _check_part(payment: Payment, item: OpenItem, part: Decimal) -> None:
    if item.currency != payment.currency:
        raise errors.WRONG_CURRENCY(item=item, expected=item.currency, currency=payment.currency)
    if payment.gives_back:  # It opens again what that payment had settled.
        return
    if part * item.outstanding <= 0 or abs(part) > abs(item.outstanding):
        raise errors.ALLOCATED_TOO_MUCH(
            item=item,
            outstanding=format_amount(item.outstanding),
            currency=item.currency,
            fields={f"item_{item.pk}": [f"Offen sind {format_amount(item.outstanding)}."]},
        )


def _credit_for_rest(payment: Payment, parts: Parts) -> OpenItem | None:
    """What a customer pays too much, or we pay a supplier too much, stays visible."""
    allocated = sum((part for _, part in parts), Decimal(0))
    rest = payment.amount - allocated
    if not rest:
        return None
    partner = payment.partner
    if rest * payment.amount < 0 or (partner and (rest > 0) != _is_customer(partner)):
        raise errors.MORE_THAN_PAID(
            allocated=format_amount(allocated),
            amount=format_amount(payment.amount),
            excess=format_amount(abs(rest)),
            currency=payment.currency,
        )
    if partner is None:
        raise errors.WHO_PAID(rest=format_amount(rest), currency=payment.currency)
    kind = OpenItem.Kind.RECEIVABLE if _is_customer(partner) else OpenItem.Kind.PAYABLE
    return open_item(
        kind,
        partner,
        source=f"{source(payment)}:credit",
        document_date=payment.received_on,
        currency=payment.currency,
    )


def _is_customer(partner: Partner) -> bool:
    return partner.kind == Partner.Kind.CUSTOMER


def _only_partner(parts: Parts) -> Partner | None:
    partners = {item.partner for item, _ in parts}
    return partners.pop() if len(partners) == 1 else None


def _summary(payment: Payment, parts: Parts) -> dict[str, object]:
    return {
        "amount": payment.amount,
        "currency": payment.currency,
        "received_on": payment.received_on,
        "allocations": [[str(item), part] for item, part in parts],
    }
