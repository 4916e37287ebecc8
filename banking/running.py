"""Running: all that leaves no doubt is matched by itself, and a whole run can be taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from banking.arriving import arrived, take_arrival
from banking.matching import Matcher, Proposal
from banking.models import BankAccount, Match, Transaction
from banking.pairing import pair, paired
from banking.reconciling import booking_of, match, matcher, undecided, undo
from banking.returning import returned, take_back
from payments.models import Order
from payments.stripe.models import StripePayout
from workmate import audit, jobs
from workmate.errors import Problem
from workmate.ledger.models import OpenItem as LedgerItem
from workmate.ledger.models import Partner
from workmate.locks import Lock
from workmate.models import Company, JobRun, User

MATCHING = "banking.match"
UNDOING = "banking.undo_run"
TOGETHER = 200  # transactions between two reports of progress


def match_all(
    account: BankAccount | None, *, by: User, run: JobRun | None = None
) -> dict[str, int]:
    """Match every open transaction that leaves no doubt; without an account, those of all.

    Each one is its own transaction: what fails (a rival was quicker) stays open and is
    counted, and so is what is above the company's ceiling. Two runs wait for each other and the
    second finds nothing left to do.
    """
    counts = {"checked": 0, "matched": 0, "failed": 0, "above_ceiling": 0}
    with _alone():
        company = Company.get()
        waiting = Transaction.objects.open().select_related("account__money_account")
        if account is not None:
            waiting = waiting.filter(account=account)
        rows = list(waiting.order_by("booked_on", "pk"))
        prepared = matcher() if rows else Matcher(())
        returns, arrivals, transfers = returned(rows), arrived(rows), paired(rows)
        decided: set[int] = set()  # the other sides of own transfers
        for row in rows:
            counts["checked"] += 1
            if run is not None and counts["checked"] % TOGETHER == 0:
                run.progress(counts["checked"], len(rows))
            if order := returns.get(row.pk):
                counts["matched" if _take_back(row, order, by) else "failed"] += 1
                continue
            if row.pk in decided:
                continue
            if other := transfers.get(row.pk):
                decided.add(other.pk)
                counts["matched" if _pair(row, other, by) else "failed"] += 1
                continue
            if payout := arrivals.get(row.pk):
                counts["matched" if _arrive(row, payout, by) else "failed"] += 1
                continue
            best = next(iter(prepared.propose(booking_of(row))), None)
            if best is None or not best.is_automatic(company.match_automatic):
                continue
            if company.match_ceiling is not None and abs(row.amount) > company.match_ceiling:
                counts["above_ceiling"] += 1
                continue
            done = _match(row, best, by, prepared, run)
            counts["matched" if done else "failed"] += 1
    return counts


def order_undoing(run: JobRun, *, by: User) -> JobRun:
    """Start the job that takes back what a run of the matcher has booked."""
    return jobs.enqueue(UNDOING, by=by, params={"run_id": run.pk})


def undo_run(of: JobRun, *, by: User, run: JobRun) -> dict[str, Any]:
    """Take back every match of a run that still holds, the latest first.

    Each one is its own transaction; what cannot be taken back stays, and the result says why.
    """
    waiting = list(Match.objects.live().filter(run=of).select_related("transaction"))
    undone, kept = 0, []
    for at, made in enumerate(waiting, start=1):
        if at % TOGETHER == 0:
            run.progress(at, len(waiting))
        try:
            undo(made, by=by)
        except Problem as problem:
            kept.append({"match": made.pk, "code": problem.code, "why": problem.message})
        else:
            undone += 1
    with transaction.atomic():
        audit.record(
            "matching_run.undone", of, by=by, payload={"undone": undone, "kept": len(kept)}
        )
    return {"undone": undone, "kept": kept}


def _match(
    row: Transaction, best: Proposal, by: User, prepared: Matcher, run: JobRun | None
) -> Match | None:
    items = LedgerItem.objects.in_bulk([item.id for item in best.items])
    try:
        made = match(
            row,
            [(items[item.id], amount) for item, amount in best.allocations],
            skonto=[(items[pk], amount) for pk, amount in best.skonto],
            by=by,
            automatic=True,
            score=best.score,
            reasons=best.reasons,
            partner=Partner.objects.get(pk=best.partner_id) if best.rest else None,
            run=run,
        )
    except Problem:
        return None
    kept = dict(best.skonto)
    for item, amount in best.allocations:
        prepared.settle(item.id, amount + kept.get(item.id, Decimal(0)))
    return made


@transaction.atomic
def _take_back(row: Transaction, order: Order, by: User) -> bool:
    """Book a return; a problem leaves the booking for a person."""
    try:
        return take_back(undecided(row, by), order, by=by)
    except Problem:
        return False


def _arrive(row: Transaction, payout: StripePayout, by: User) -> bool:
    """Book the arrival of a payout; a problem leaves the booking for a person."""
    try:
        take_arrival(row, payout, by=by)
    except Problem:
        return False
    return True


def _pair(row: Transaction, other: Transaction, by: User) -> bool:
    """Book an own transfer; a problem leaves both bookings for a person."""
    try:
        pair(row, other, by=by)
    except Problem:
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other run matches; the lock ends with the block or with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [Lock.MATCHING])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [Lock.MATCHING])
