"""Dismissing: what needs no payment is set aside with a reason, and can be brought back."""

from django.db import transaction

from banking import errors
from banking.models import Dismissal, Transaction
from banking.pairing import part
from banking.reconciling import locked, undecided
from payments.posting import next_id
from payments.stripe.payouts import take_back
from workmate import audit
from workmate.ledger.models import Account, Entry
from workmate.ledger.posting import Posting, open_day, post, reverse
from workmate.models import JobRun, User


@transaction.atomic
def ignore(
    row: Transaction,
    reason: str,
    *,
    by: User,
    account: Account | None = None,
    run: JobRun | None = None,
) -> Dismissal:
    """Set a transaction aside that needs no payment: a fee, interest, a private matter.

    With an account of the chart it is posted there, without VAT, on its day or on the first open
    day where that is locked. Raises REASON_MISSING, ACCOUNT_NOT_FOR_BANK, OTHER_CURRENCY and what
    decided bookings raise.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    row = undecided(row, by)
    number = next_id(Dismissal)
    entry = _post(row, account, reason, number, by) if account else None
    dismissal = Dismissal.objects.create(
        pk=number, transaction=row, reason=reason[:200], entry=entry, run=run, created_by=by
    )
    payload = {"reason": dismissal.reason} | ({"account": account.number} if account else {})
    audit.record("transaction.dismissed", row, by=by, payload=payload)
    return dismissal


def _post(row: Transaction, account: Account, reason: str, number: int, by: User) -> Entry:
    if not Account.objects.for_bank().filter(pk=account.pk).exists():
        raise errors.ACCOUNT_NOT_FOR_BANK(account=str(account))
    if row.currency != "EUR":
        raise errors.OTHER_CURRENCY(currency=row.currency, account_currency="EUR")
    money = row.account.money_account.account
    return post(
        "banking.posted",
        source=f"banking.dismissal:{number}",
        booked_on=open_day(row.booked_on),
        lines=[Posting(money, row.amount), Posting(account, -row.amount)],
        text=reason,
        by=by,
    )


@transaction.atomic
def unignore(row: Transaction, *, by: User) -> Transaction:
    """Bring a transaction back that was set aside; raises NOT_DISMISSED.

    What was posted for it is reversed, the arrival of a payout is taken back, and an own transfer
    is parted, so that its other side waits again.
    """
    row = locked(row.pk)
    found = Dismissal.objects.filter(transaction=row)
    dismissal = found.select_related("payout", "transfer", "entry").first()
    if dismissal is None:
        raise errors.NOT_DISMISSED()
    if dismissal.transfer:
        part(dismissal.transfer, by=by)
    else:
        dismissal.delete()
    if dismissal.entry:
        reverse(
            dismissal.entry,
            act="banking.posting_reversed",
            source=f"banking.dismissal_reversal:{dismissal.entry.pk}",
            booked_on=open_day(dismissal.entry.booked_on),
            by=by,
        )
    if dismissal.payout and dismissal.payout.arrival_id:
        take_back(dismissal.payout, by=by)
    audit.record("transaction.recalled", row, by=by, payload={"reason": dismissal.reason})
    return row
