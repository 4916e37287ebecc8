"""Itemising: what a payout consists of, and where each part of it stands in the books.

Of a payout that has arrived nothing remains on the transit account „Stripe“. So what no payment,
refund or dispute of ours brings is posted from the movement itself: Stripe's fees, also those
given back, as Nebenkosten des Geldverkehrs; reserves as Sonstige Vermögensgegenstände until they
are released; everything else, money that nobody has assigned yet among it, on Durchlaufende
Posten, where a person clears it.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from payments.posting import post_account_fee, post_kept
from payments.stripe import receiving, returning
from payments.stripe.amounts import from_minor
from payments.stripe.client import Client
from payments.stripe.models import (
    StripeAccount,
    StripeCharge,
    StripeDispute,
    StripeMovement,
    StripePayout,
    StripeRefund,
)
from payments.stripe.receiving import day_of
from workmate import audit
from workmate.ledger.models import Entry
from workmate.ledger.posting import open_day
from workmate.models import User

Told = dict[str, Any]
EXPAND = ["data.source"]
# By reporting category: what the payment, refund or dispute of the movement's source brings;
STORIES = {"charge", "refund", "refund_failure", "dispute", "dispute_reversal"}
# what Stripe keeps for itself beside single payments;
OWN_FEES = {"fee", "network_cost", "tax"}
# what is booked when the bank shows it, and taken back when it fails.
MOVED = {"payout", "payout_reversal"}
# By type: what Stripe holds back for a while.
RESERVES = {
    "payment_network_reserve_hold",
    "payment_network_reserve_release",
    "payout_minimum_balance_hold",
    "payout_minimum_balance_release",
    "reserve_hold",
    "reserve_release",
    "reserve_transaction",
    "reserved_funds",
}


def itemise(client: Client, account: StripeAccount, payout: StripePayout) -> None:
    """Keep every movement but the payout itself, and book those that are not in the books."""
    v1, number = client.v1, payout.payout_id
    rows = client.all(v1.balance_transactions.list, payout=number, expand=EXPAND)
    told = {row["id"]: row for row in rows if row["type"] != "payout"}
    StripeMovement.objects.bulk_create(
        (_movement(payout, row) for row in told.values()), ignore_conflicts=True
    )
    _catch_up(client, account, told.values())
    booked = _booked(told.values())
    made = [
        _book(
            movement, told[movement.movement_id], account, is_booked=movement.movement_id in booked
        )
        for movement in payout.movements.filter(entry=None, movement_id__in=told)
    ]
    StripePayout.objects.filter(pk=payout.pk).update(is_itemised=True)
    payload = {"movements": len(told), "posted": len([one for one in made if one])}
    audit.record("stripe.payout_itemised", payout, by=User.objects.system(), payload=payload)


def _catch_up(client: Client, account: StripeAccount, rows: Collection[Told]) -> None:
    """Look at every payment of which something is not booked; its events may come only later.

    In the order of their numbers, so that two payouts never wait for each other.
    """
    booked = _booked(rows)
    missing = set()
    for row in rows:
        source = row.get("source")
        told = source if isinstance(source, dict) else {}
        intent = told.get("payment_intent")
        if intent and row["reporting_category"] in STORIES and row["id"] not in booked:
            missing.add((str(intent), told["object"], told["id"]))
    for intent, kind, number in sorted(missing):
        if kind == "charge":
            receiving.look(client, account, intent)
        elif kind == "refund":
            returning.look_at_refund(client, account, number, intent)
        elif kind == "dispute":
            returning.look_at_dispute(client, account, number, intent)


def _booked(rows: Collection[Told]) -> set[str]:
    """The movements that a payment, refund or dispute of ours has brought into the books."""
    numbers = {_source(row) for row in rows if row["reporting_category"] in STORIES} - {""}
    paid = {"payment__isnull": False}
    charges = StripeCharge.objects.filter(charge_id__in=numbers, fee_known=True, **paid)
    # A refund that failed before we heard of it went out and came back without a trace.
    failed = Q(state=StripeRefund.State.FAILED)
    refunds = StripeRefund.objects.filter(Q(**paid) | failed, refund_id__in=numbers)
    refunds = refunds.filter(charge__payment__isnull=False)
    disputes = StripeDispute.objects.filter(dispute_id__in=numbers, **paid)
    out = set(refunds.values_list("refund_id", flat=True))
    out |= set(disputes.values_list("dispute_id", flat=True))
    reversed_ = {"payment__reversal__isnull": False}
    back = set(refunds.filter(Q(**reversed_) | failed).values_list("refund_id", flat=True))
    back |= set(disputes.filter(**reversed_).values_list("dispute_id", flat=True))
    by_category: dict[str, Any] = {
        "charge": set(charges.values_list("charge_id", flat=True)),
        "refund": out,
        "dispute": out,
        "refund_failure": back,
        "dispute_reversal": back,
    }
    return {
        row["id"] for row in rows if _source(row) in by_category.get(row["reporting_category"], ())
    }


def _book(
    movement: StripeMovement, row: Told, account: StripeAccount, *, is_booked: bool
) -> Entry | None:
    """Post a movement, or what of it is not in the books; nothing where all of it is."""
    if movement.category in MOVED:
        return None
    if is_booked:
        movement.entry = returning.book_fee_of_return(row, account)
    elif movement.net:
        how: dict[str, Any] = {
            "source": f"payments.stripe_movement:{movement.pk}",
            "on": open_day(day_of(row)),
            "by": User.objects.system(),
        }
        money, text = account.money_account, movement.description
        if movement.category in OWN_FEES:
            text = text or "Stripe-Gebühr"
            movement.entry = post_account_fee(money, -movement.net, text=text, **how)
        else:
            movement.entry = post_kept(
                money,
                movement.net,
                is_reserve=row["type"] in RESERVES,
                text=f"Stripe {movement.source_id or row['type']} {text}".strip(),
                **how,
            )
    if movement.entry:
        movement.save(update_fields=["entry"])
    return movement.entry


def _movement(payout: StripePayout, row: Told) -> StripeMovement:
    currency = row["currency"]
    return StripeMovement(
        payout=payout,
        movement_id=row["id"],
        category=row["reporting_category"][:60],
        source_id=_source(row)[:255],
        description=(row.get("description") or "")[:300],
        amount=from_minor(row["amount"], currency),
        fee=from_minor(row["fee"], currency),
        net=from_minor(row["net"], currency),
        happened_at=datetime.fromtimestamp(row["created"], UTC),
    )


def _source(row: Told) -> str:
    """The number of what the movement comes from, whether it was told in full or not."""
    source = row.get("source")
    return str((source.get("id") if isinstance(source, dict) else source) or "")
