"""Arriving: a credit on the statement is money that Stripe has paid out, no customer's payment.

The payout leaves the transit account for the bank account and the booking is set aside as its
arrival; taking the booking back takes the arrival back. Each payout arrives in one booking. The
booking of a payout that failed afterwards waits again.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction

from banking import errors
from banking.dismissing import unignore
from banking.models import Dismissal, Transaction
from banking.reconciling import undecided
from payments.stripe import payouts
from payments.stripe.models import StripePayout
from workmate import audit
from workmate.errors import Problem
from workmate.ledger.posting import open_day
from workmate.models import JobRun, User

logger = logging.getLogger(__name__)

EARLY, LATE = timedelta(days=2), timedelta(days=7)  # around the day that Stripe has announced
_ON_ITS_WAY = (StripePayout.State.PAID, StripePayout.State.IN_TRANSIT)


def possible(row: Transaction) -> list[StripePayout]:
    """The payouts of this amount that no booking shows yet, the nearest to its day first."""
    if row.amount <= 0 or row.status == Transaction.Status.PENDING:
        return []
    found = _candidates([row]).get(row.pk, [])
    return sorted(found, key=lambda one: (abs(one.arrival_date - row.booked_on), one.pk))


def arrived(rows: Sequence[Transaction]) -> dict[int, StripePayout]:
    """The bookings that are the arrival of a payout without doubt, by their id.

    Without doubt is what names the payout (its number or the bank's trace), or names Stripe and is
    alone with its amount and day on both sides.
    """
    candidates = _candidates(row for row in rows if row.amount > 0)
    texts = {row.pk: _text(row) for row in rows if row.pk in candidates}
    certain = {
        row: named[0]
        for row, found in candidates.items()
        if len(named := [one for one in found if _names(texts[row], one)]) == 1
    }
    taken = {payout.pk for payout in certain.values()}
    left = {
        row: [one for one in found if one.pk not in taken]
        for row, found in candidates.items()
        if row not in certain and "STRIPE" in texts[row]
    }
    claims = Counter(payout.pk for found in left.values() for payout in found)
    alone = {
        row: found[0] for row, found in left.items() if len(found) == 1 and claims[found[0].pk] == 1
    }
    return certain | alone


@transaction.atomic
def take_arrival(
    row: Transaction, payout: StripePayout, *, by: User, run: JobRun | None = None
) -> Dismissal:
    """Book that a payout has arrived with this booking; one that is booked already is only named.

    Raises what a decided booking raises, NOT_THIS_PAYOUT where amount or currency differ or the
    arrival is booked on another account, and what `payouts.arrive` raises.
    """
    row = undecided(row, by)
    payout = StripePayout.objects.select_for_update().get(pk=payout.pk)
    is_same = (payout.amount, payout.currency) == (row.amount, row.currency)
    if not (is_same and _may_be_here(payout, row)):
        raise errors.NOT_THIS_PAYOUT()
    if payout.arrival_id is None:
        bank = row.account.money_account
        payouts.arrive(payout, bank, on=open_day(row.booked_on), by=by)
    try:
        with transaction.atomic():
            made = Dismissal.objects.create(
                transaction=row, reason=str(payout), payout=payout, run=run, created_by=by
            )
    except IntegrityError as error:
        raise errors.NOT_THIS_PAYOUT() from error
    audit.record("transaction.dismissed", row, by=by, payload={"reason": made.reason})
    return made


def recall_failed(*, by: User) -> int:
    """Bring back the bookings whose payout has failed since: no arrival is posted for them any
    more, and a person says what they are. How many.

    Each one is its own transaction; one that somebody brings back at the same moment is done.
    """
    waiting = Transaction.objects.filter(dismissal__payout__state__in=payouts.LOST)
    recalled = 0
    for row in waiting.order_by("pk"):
        try:
            unignore(row, by=by)
        except Problem:
            logger.warning("arrival of a failed payout not recalled", extra={"row": row.pk})
        else:
            recalled += 1
    return recalled


def _candidates(rows: Iterable[Transaction]) -> dict[int, list[StripePayout]]:
    """The payouts of the same amount and about the same day, by the booking's id."""
    waiting = StripePayout.objects.filter(bank_row=None, state__in=_ON_ITS_WAY)
    by_amount = defaultdict(list)
    for payout in waiting.prefetch_related("arrival__lines"):
        by_amount[payout.amount, payout.currency].append(payout)
    found = {}
    for row in rows if by_amount else ():
        first, last = row.booked_on - LATE, row.booked_on + EARLY
        some = by_amount.get((row.amount, row.currency), ())
        fitting = [
            one for one in some if first <= one.arrival_date <= last and _may_be_here(one, row)
        ]
        if fitting:
            found[row.pk] = fitting
    return found


def _may_be_here(payout: StripePayout, row: Transaction) -> bool:
    """Whether its arrival is not booked yet, or on the account of the booking."""
    if payout.arrival is None:
        return True
    own = row.account.money_account.account_id
    return any(line.account_id == own for line in payout.arrival.lines.all())


def _text(row: Transaction) -> str:
    said = (row.counterparty_name, row.purpose, row.end_to_end_id, row.bank_reference)
    return " ".join(said).upper()


def _names(text: str, payout: StripePayout) -> bool:
    """Whether the text has Stripe's number of the payout or the bank's trace of it."""
    numbers = (payout.payout_id, payout.trace_id)
    return any(len(number) > 5 and number.upper() in text for number in numbers)
