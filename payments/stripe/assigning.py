"""Assigning: a person says for which invoice the money came that nobody here had asked for."""

from django.db import transaction

from invoicing.models import Invoice
from payments.models import Payment
from payments.stripe import errors, receiving, returning
from payments.stripe.client import Client
from payments.stripe.locking import hold
from payments.stripe.models import StripeAccount, StripeCharge, StripeMovement
from workmate import audit
from workmate.ledger.models import Entry
from workmate.ledger.posting import open_day, reverse
from workmate.models import User


@transaction.atomic
def assign(charge: StripeCharge, invoice: Invoice, *, client: Client, by: User) -> Payment:
    """Book money that was not assigned for this invoice; what is too much becomes a credit.

    What was refunded or charged back while it waited is booked with it, so that the invoice is
    open by what is really missing. Raises ASSIGNED_ALREADY, CANNOT_ASSIGN, and what
    `record_payment` raises.
    """
    number = charge.payment_intent
    hold(number)
    charge = StripeCharge.objects.select_for_update().get(pk=charge.pk)
    if charge.payment_id:
        raise errors.ASSIGNED_ALREADY()
    account = StripeAccount.objects.get(pk=1)
    if charge.livemode != account.livemode:
        raise errors.CANNOT_ASSIGN(reason="Sie stammt aus der anderen Betriebsart.")
    v1 = client.v1
    intent = client.ask(v1.payment_intents.retrieve, number, expand=receiving.EXPAND)
    if intent["status"] != "succeeded":
        raise errors.CANNOT_ASSIGN(reason="Stripe meldet sie nicht als bezahlt.")
    charge.payment = receiving.record(intent, invoice, account, by=by)
    charge.reason = ""
    charge.save(update_fields=["payment", "reason"])
    audit.record("stripe.charge_assigned", charge, by=by, payload={"invoice": invoice.number})
    receiving.book_fee(charge, intent, account, by=by)
    returning.look_at_refunds(client, account, number)
    returning.look_at_disputes(client, account, number)
    _clear(charge, by=by)
    return charge.payment


def _clear(charge: StripeCharge, *, by: User) -> None:
    """What a payout brought of it lies on Durchlaufende Posten no more: it is booked now."""
    numbers = [charge.charge_id, *charge.refunds.values_list("refund_id", flat=True)]
    numbers += charge.disputes.values_list("dispute_id", flat=True)
    movements = StripeMovement.objects.filter(source_id__in=[one for one in numbers if one])
    parked = Entry.objects.filter(
        act="payments.parked", pk__in=movements.values("entry"), reversed_by=None
    )
    for entry in parked.order_by("pk"):
        reverse(
            entry,
            act="payments.parking_reversed",
            source=f"{entry.source}:reversal",
            booked_on=open_day(entry.booked_on),
            by=by,
        )
    movements.filter(entry__act="payments.parked").update(entry=None)
