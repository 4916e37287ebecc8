"""Allocating a customer's credit to a claim, and taking that back."""

import datetime
from decimal import Decimal

from django.db import transaction

from invoicing.settling import follow_up, touched_by
from payments import errors
from payments.models import Settlement
from payments.posting import next_id
from workmate import audit
from workmate.ledger import posting
from workmate.ledger.models import OpenItem
from workmate.ledger.open_items import lock, offset
from workmate.models import User


@transaction.atomic
def apply_credit(
    credit: OpenItem, item: OpenItem, amount: Decimal, *, on: datetime.date, by: User
) -> Settlement:
    """Use so much (positive) of a customer's credit for a claim on the same customer.

    Raises NOT_A_CREDIT and what `open_items.offset` raises.
    """
    if lock([credit, item])[credit.pk].outstanding >= 0:
        raise errors.NOT_A_CREDIT(item=credit)
    settlement = Settlement(
        pk=next_id(Settlement),
        credit=credit,
        open_item=item,
        amount=amount,
        settled_on=on,
        created_by=by,
    )
    settlement.entry = offset(
        item,
        credit,
        amount,
        booked_on=on,
        source=_source(settlement),
        by=by,
        text=f"Verrechnung {settlement}",
    )
    settlement.save(force_insert=True)
    follow_up([credit, item], on=on, source=_source(settlement), by=by, received_on=on)
    payload = {"credit": str(credit), "item": str(item), "amount": amount, "on": on}
    audit.record("credit.applied", settlement, by=by, payload=payload)
    return settlement


@transaction.atomic
def take_back(settlement: Settlement, *, on: datetime.date, by: User) -> Settlement:
    """Undo the use of a credit: credit and claim are as before. Raises SETTLEMENT_TAKEN_BACK.

    A claim that is cancelled meanwhile is settled against its Stornorechnung.
    """
    settlement = (
        Settlement.objects.select_for_update(of=("self",))
        .select_related("entry", "credit__partner", "open_item__partner")
        .get(pk=settlement.pk)
    )
    if settlement.taken_back_on:
        raise errors.SETTLEMENT_TAKEN_BACK()
    touched = lock(touched_by(settlement.entry))
    day = max(on, settlement.settled_on)
    entry = posting.reverse(
        settlement.entry,
        act="payments.credit_taken_back",
        source=f"{_source(settlement)}:reversal",
        booked_on=day,
        by=by,
    )
    follow_up(touched.values(), on=day, source=entry.source, by=by)
    settlement.entry.reversed_by = entry
    payload = {"amount": settlement.amount, "on": on}
    audit.record("credit.taken_back", settlement, by=by, payload=payload)
    return settlement


def _source(settlement: Settlement) -> str:
    return f"payments.settlement:{settlement.pk}"
