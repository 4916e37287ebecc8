"""Running: all that leaves no doubt is matched by itself, and a whole run can be taken back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction

from banking import errors
from banking.accepting import Left, keep, take
from banking.arriving import arrived, take_arrival
from banking.dismissing import unignore
from banking.matching import Matcher, Proposal
from banking.models import BankAccount, Match, Transaction
from banking.pairing import pair, paired
from banking.reconciling import booking_of, matcher, undecided, undo
from banking.returning import returned, take_back
from banking.ruling import deciding, obey
from payments.models import Order
from workmate import audit, jobs
from workmate.errors import Problem
from workmate.locks import Lock, hold
from workmate.models import AuditEvent, Company, JobRun, User

MATCHING = "banking.match"
UNDOING = "banking.undo_run"
TOGETHER = 200  # transactions between two reports of progress


def match_all(
    account: BankAccount | None, *, by: User, run: JobRun | None = None
) -> dict[str, Any]:
    """Match every open transaction that leaves no doubt; without an account, those of all.

    Each one is its own transaction: what fails (a rival was quicker) stays open and is
    counted, and so is what is above the company's ceiling. `broken_rules` names the rules that
    could not be asked, and why. Two runs wait for each other and the second finds nothing left
    to do.
    """
    counts: dict[str, Any] = {"checked": 0, "matched": 0, "failed": 0, "above_ceiling": 0}
    with _alone():
        waiting = Transaction.objects.open().select_related("account__money_account")
        if account is not None:
            waiting = waiting.filter(account=account)
        rows = list(waiting.order_by("booked_on", "pk"))
        decide = _Decider(rows, by=by, run=run)
        for row in rows:
            counts["checked"] += 1
            if run is not None and counts["checked"] % TOGETHER == 0:
                run.progress(counts["checked"], len(rows))
            if outcome := decide(row):
                counts[outcome] += 1
        keep(account, decide.left())
    broken = [{"rule": one.pk, "name": one.name, "why": one.problem} for one in decide.broken]
    return counts | {"broken_rules": broken}


class _Decider:
    """What the rows of a run are, looked up once; asked for each row in turn."""

    def __init__(self, rows: Sequence[Transaction], *, by: User, run: JobRun | None) -> None:
        self.by, self.run = by, run
        self.company = Company.get()
        self.prepared = matcher() if rows else Matcher(())
        self.returns, self.arrivals = returned(rows), arrived(rows)
        self.transfers = paired(rows)
        self.rules, self.broken = deciding(rows)
        self.paired: set[int] = set()  # the other sides of own transfers
        self.refused = _refused(rows)
        self.proposed: dict[int, Left] = {}
        self.settled: set[int] = set()  # open items that this run has paid

    def __call__(self, row: Transaction) -> str:
        """`matched`, `failed` or `above_ceiling`; empty where a person decides."""
        if row.pk in self.paired:
            return ""
        if row.pk in self.refused:
            self._best(row)
            return ""
        other = self.transfers.get(row.pk)
        if other is not None and other.pk not in self.refused:
            self.paired.add(other.pk)
            return self._try(pair, row, other)
        if order := self.returns.get(row.pk):
            return self._try(_take_back, row, order)
        if payout := self.arrivals.get(row.pk):
            return self._try(take_arrival, row, payout)
        best = self._best(row)
        if best is not None and best.is_automatic(self.company.match_automatic):
            ceiling = self.company.match_ceiling
            if ceiling is not None and abs(row.amount) > ceiling:
                return "above_ceiling"
            return self._try(self._match, row, best)
        if rule := self.rules.get(row.pk):
            return self._try(obey, row, rule)
        return ""

    def _best(self, row: Transaction) -> Proposal | None:
        """The best proposal, kept for a person until the row is decided."""
        best = next(iter(self.prepared.propose(booking_of(row))), None)
        if best is not None:
            self.proposed[row.pk] = (row, best)
        return best

    def _try(self, act: Callable[..., Any], row: Transaction, *args: Any) -> str:
        """Do it in a transaction of its own; a problem leaves the booking for a person."""
        try:
            with transaction.atomic():
                done = act(row, *args, by=self.by, run=self.run)
        except Problem:
            return "failed"
        if not done:
            return "failed"
        self.proposed.pop(row.pk, None)
        return "matched"

    def left(self) -> Iterator[Left]:
        """What a person is asked about: each open row with its best proposal."""
        least = self.company.match_suggest
        for row, first in self.proposed.values():
            best: Proposal | None = first
            if self.settled.intersection(item.id for item in first.items):
                best = next(iter(self.prepared.propose(booking_of(row))), None)
            if best is not None and best.score >= least:
                yield row, best

    def _match(self, row: Transaction, best: Proposal, *, by: User, run: JobRun | None) -> Match:
        made = take(row, best, self.prepared, by=by, automatic=True, run=run)
        self.settled.update(item.id for item in best.items)
        return made


def _refused(rows: Sequence[Transaction]) -> set[int]:
    """Those whose match or dismissal somebody has taken back: only a person decides them again."""
    if not rows:
        return set()
    recalled = AuditEvent.objects.filter(
        event__in=("transaction.recalled", "transaction.unmatched"),
        object_type=Transaction._meta.label_lower,
        object_id__in=[str(row.pk) for row in rows],
    )
    return {int(number) for number in recalled.values_list("object_id", flat=True)}


def _take_back(row: Transaction, order: Order, *, by: User, run: JobRun | None) -> bool:
    """A return is what the bank did: it belongs to no run, and stays when one is undone."""
    return take_back(undecided(row, by), order, by=by)


def live_count(run: JobRun) -> int:
    """How many of the run's decisions still hold; an own transfer is one."""
    return Match.objects.live().filter(run=run).count() + run.dismissals.decisions().count()


def order_undoing(run: JobRun, *, by: User) -> JobRun:
    """Start the job that takes back what a run of the matcher has booked.

    Raises NOT_A_MATCHING_RUN where nothing of it holds any more.
    """
    if not live_count(run):
        raise errors.NOT_A_MATCHING_RUN()
    return jobs.enqueue(UNDOING, by=by, params={"run_id": run.pk})


@transaction.atomic
def undo_run(of: JobRun, *, by: User) -> dict[str, Any]:
    """Take back all of a run that still holds, in one transaction, the latest first.

    That is matches, what rules decided, own transfers and arrivals of payouts. What cannot be
    taken back stays, and the result says why: `undone` counts, `kept` names booking and reason.
    """
    hold(Lock.MATCHING)
    matches = Match.objects.live().filter(run=of).select_related("transaction")
    dismissals = of.dismissals.decisions().select_related("transaction")
    acts: list[tuple[Transaction, Callable[[], Any]]] = [
        *((one.transaction, partial(undo, one, by=by)) for one in matches),
        *((one.transaction, partial(unignore, one.transaction, by=by)) for one in dismissals),
    ]
    kept = []
    for row, act in acts:
        try:
            act()
        except Problem as problem:
            kept.append(
                {
                    "transaction": row.pk,
                    "who": row.counterparty_name,
                    "code": problem.code,
                    "why": problem.message,
                }
            )
    result = {"undone": len(acts) - len(kept), "kept": kept}
    audit.record("matching_run.undone", of, by=by, payload=result | {"kept": len(kept)})
    return result


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
