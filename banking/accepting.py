"""Accepting: proposals of the same kind are looked through together and booked in one go.

A run of the matcher keeps the best proposal of each transaction that it leaves for a person, so
that the page asks for rows and not for the matcher. What is booked is what was seen: it is asked
anew, and a proposal that reads differently by then stays open and is named.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from banking import errors
from banking.matching import Matcher
from banking.models import BankAccount, Match, StoredProposal, Transaction
from banking.proposals import Proposal
from banking.reconciling import booking_of, match, matcher
from banking.wording import effect
from workmate.errors import Problem
from workmate.ledger.models import OpenItem as LedgerItem
from workmate.ledger.models import Partner
from workmate.models import Company, JobRun, User

MOST = 300  # transactions looked through together
FEW = 3  # for more, all open items are read once instead of for each
AT_ONCE = 2_000  # rows of one INSERT

Left = tuple[Transaction, Proposal]


@dataclass(frozen=True)
class Group:
    """Stored proposals with the same reasons, the surest group first."""

    reasons: tuple[str, ...]
    against: tuple[str, ...]
    score: int
    offers: Sequence[StoredProposal]


@dataclass(frozen=True)
class Outcome:
    """What became of one transaction: its match, or the problem that left it open."""

    row: Transaction
    made: Match | None = None
    problem: Problem | None = None


@transaction.atomic
def keep(account: BankAccount | None, left: Iterable[Left]) -> None:
    """Replace what an earlier run kept, of one account or of all, by what this one leaves."""
    earlier = StoredProposal.objects.all()
    if account is not None:
        earlier = earlier.filter(transaction__account=account)
    earlier.delete()
    rows = [
        StoredProposal(
            transaction=row,
            score=best.score,
            reasons=best.reasons,
            against=best.against,
            effect=effect(best),
            key=key_of(best),
        )
        for row, best in left
    ]
    StoredProposal.objects.bulk_create(rows, batch_size=AT_ONCE)


def offered() -> list[Group]:
    """The stored proposals of the newest open transactions, grouped by their reasons."""
    stored = StoredProposal.objects.filter(
        transaction__state=Transaction.State.OPEN, score__gte=Company.get().match_suggest
    ).select_related("transaction__account__money_account")
    groups: dict[tuple[int, tuple[str, ...], tuple[str, ...]], list[StoredProposal]]
    groups = defaultdict(list)
    for one in stored.order_by("-transaction__booked_on", "-transaction_id")[:MOST]:
        groups[one.score, tuple(one.reasons), tuple(one.against)].append(one)
    return [
        Group(reasons, against, score, offers)
        for (score, reasons, against), offers in sorted(
            groups.items(), key=lambda one: (-one[0][0], len(one[0][2]), -len(one[1]))
        )
    ]


def accept(chosen: Mapping[int, str], *, by: User) -> list[Outcome]:
    """Match each chosen transaction by the proposal whose key was seen.

    Each is its own transaction: a refused one stays open, with the reason, and holds up none.
    """
    rows = Transaction.objects.select_related("account__money_account").in_bulk(list(chosen)[:MOST])
    prepared = matcher() if len(rows) > FEW else None
    return [_accept(rows[pk], key, by, prepared) for pk, key in chosen.items() if pk in rows]


def take(
    row: Transaction,
    best: Proposal,
    prepared: Matcher,
    *,
    by: User,
    automatic: bool = False,
    run: JobRun | None = None,
) -> Match:
    """Book a proposal and tell the matcher what it settles; raises what `match` raises."""
    items = LedgerItem.objects.in_bulk([item.id for item in best.items])
    made = match(
        row,
        [(items[item.id], amount) for item, amount in best.allocations],
        skonto=[(items[pk], amount) for pk, amount in best.skonto],
        by=by,
        automatic=automatic,
        score=best.score,
        reasons=best.reasons,
        partner=Partner.objects.get(pk=best.partner_id) if best.rest else None,
        run=run,
    )
    kept = dict(best.skonto)
    for item, amount in best.allocations:
        prepared.settle(item.id, amount + kept.get(item.id, 0))
    return made


def _accept(row: Transaction, key: str, by: User, prepared: Matcher | None) -> Outcome:
    booking = booking_of(row)
    asked = prepared or matcher(booking)
    best = next(iter(asked.propose(booking)), None)
    if best is None or key_of(best) != key:
        return Outcome(row, problem=errors.PROPOSAL_CHANGED())
    try:
        return Outcome(row, take(row, best, asked, by=by))
    except Problem as problem:
        return Outcome(row, problem=problem)


def key_of(proposal: Proposal) -> str:
    """Stands for what a proposal books; another amount or item gives another key."""
    parts = [f"{item.id}:{amount}" for item, amount in proposal.allocations]
    parts += [f"s{pk}:{amount}" for pk, amount in proposal.skonto]
    parts += [f"r{proposal.rest}", f"p{proposal.partner_id}"]
    return hashlib.sha256(";".join(parts).encode()).hexdigest()[:16]
