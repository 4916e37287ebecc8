"""Payouts: what Stripe sends to our bank, itemised, and how it arrives there.

Between customer and bank the money lies on the transit account „Stripe“: payments come onto it,
fees and refunds leave it, and a payout leaves it when the bank shows it.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from payments.posting import post_transfer
from payments.stripe import errors
from payments.stripe.amounts import from_minor
from payments.stripe.client import Client
from payments.stripe.itemising import itemise
from payments.stripe.locking import hold
from payments.stripe.models import StripeAccount, StripePayout
from workmate import audit
from workmate.ledger.models import Entry, MoneyAccount
from workmate.ledger.posting import open_day, reverse
from workmate.models import User

Told = dict[str, Any]
State = StripePayout.State
LOST = (State.FAILED, State.CANCELED)


@transaction.atomic
def look(client: Client, account: StripeAccount, number: str) -> str:
    """Keep how a payout stands and, once Stripe has closed it, what it consists of.

    One that failed after its arrival was booked has not arrived: the arrival is taken back.
    """
    hold(number)
    told = client.ask(client.v1.payouts.retrieve, number)
    payout, _ = StripePayout.objects.update_or_create(
        payout_id=number,
        defaults={
            "amount": from_minor(told["amount"], told["currency"]),
            "currency": told["currency"].upper(),
            "arrival_date": datetime.fromtimestamp(told["arrival_date"], UTC).date(),
            "state": told["status"],
            "error": (told.get("failure_message") or "")[:300],
            "trace_id": ((told.get("trace_id") or {}).get("value") or "")[:255],
        },
    )
    if told.get("reconciliation_status") == "completed" and not payout.is_itemised:
        itemise(client, account, payout)
    done = f"{payout}: {payout.get_state_display()}."
    if payout.state in LOST and payout.arrival_id:
        take_back(payout, by=User.objects.system())
        done += " Der gebuchte Eingang ist zurückgenommen."
    return done


@transaction.atomic
def arrive(payout: StripePayout, bank: MoneyAccount, *, on: date, by: User) -> StripePayout:
    """The bank shows the payout: the money leaves the transit account for that one.

    Raises ARRIVED_ALREADY, NOT_PAID_OUT, NOT_CONNECTED and PERIOD_LOCKED.
    """
    payout = StripePayout.objects.select_for_update().get(pk=payout.pk)
    if payout.arrival_id:
        raise errors.ARRIVED_ALREADY()
    if payout.state not in (State.PAID, State.IN_TRANSIT):
        raise errors.NOT_PAID_OUT()
    account = StripeAccount.objects.select_related("money_account__account").filter(pk=1).first()
    if account is None:
        raise errors.NOT_CONNECTED()
    payout.arrival = post_transfer(
        account.money_account,
        bank,
        payout.amount,
        source=_source(payout),
        text=str(payout),
        on=on,
        by=by,
    )
    payout.save(update_fields=["arrival"])
    payload = {"amount": payout.amount, "on": on, "account": str(bank)}
    audit.record("stripe.payout_arrived", payout, by=by, payload=payload)
    return payout


@transaction.atomic
def take_back(payout: StripePayout, *, by: User) -> StripePayout:
    """The arrival was no arrival: the money lies on the transit account again.

    Posted on the day of the arrival, or on the first open day where that is locked. Raises
    NOT_ARRIVED.
    """
    payout = StripePayout.objects.select_for_update().get(pk=payout.pk)
    entry = payout.arrival
    if entry is None:
        raise errors.NOT_ARRIVED()
    reverse(
        entry,
        act="payments.transfer_reversed",
        source=f"payments.stripe_arrival_reversal:{entry.pk}",
        booked_on=open_day(entry.booked_on),
        by=by,
    )
    payout.arrival = None
    payout.save(update_fields=["arrival"])
    payload = {"amount": payout.amount, "state": payout.state, "error": payout.error}
    audit.record("stripe.payout_recalled", payout, by=by, payload=payload)
    return payout


def _source(payout: StripePayout) -> str:
    """Names the arrival; one that was taken back may be followed by another."""
    source = f"payments.stripe_payout:{payout.pk}"
    earlier = Entry.objects.filter(Q(source=source) | Q(source__startswith=f"{source}:")).count()
    return f"{source}:{earlier + 1}" if earlier else source


def difference(payout: StripePayout) -> Any:
    """What the movements add up to beyond the payout; zero when it is whole."""
    return (payout.movements.aggregate(sum=Sum("net"))["sum"] or 0) - payout.amount
