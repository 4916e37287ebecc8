"""Dismissing: what needs no payment is set aside with a reason, and can be brought back."""

from django.db import transaction

from banking import errors
from banking.models import Dismissal, Transaction
from banking.pairing import part
from banking.reconciling import locked, undecided
from payments.stripe.payouts import take_back
from workmate import audit
from workmate.models import User


@transaction.atomic
def ignore(row: Transaction, reason: str, *, by: User) -> Dismissal:
    """Set a transaction aside that needs no payment: a fee, an own transfer, a private matter."""
    reason = " ".join(reason.split())
    if not reason:
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    row = undecided(row, by)
    dismissal = Dismissal.objects.create(transaction=row, reason=reason[:200], created_by=by)
    audit.record("transaction.dismissed", row, by=by, payload={"reason": dismissal.reason})
    return dismissal


@transaction.atomic
def unignore(row: Transaction, *, by: User) -> Transaction:
    """Bring a transaction back that was set aside; raises NOT_DISMISSED.

    Where it was the arrival of a payout, that is taken back too; an own transfer is parted, and its
    other side waits again.
    """
    row = locked(row.pk)
    found = Dismissal.objects.filter(transaction=row)
    dismissal = found.select_related("payout", "transfer").first()
    if dismissal is None:
        raise errors.NOT_DISMISSED()
    if dismissal.transfer:
        part(dismissal.transfer, by=by)
    else:
        dismissal.delete()
    if dismissal.payout and dismissal.payout.arrival_id:
        take_back(dismissal.payout, by=by)
    audit.record("transaction.recalled", row, by=by, payload={"reason": dismissal.reason})
    return row
