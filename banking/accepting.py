"""Accepting: proposals of the same kind are looked through together and booked in one go.

What is booked is what was seen: a proposal that reads differently by then stays open and is named.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from banking import errors
from banking.models import Match, Transaction
from banking.proposals import Proposal
from banking.reconciling import booking_of, match, matcher
from banking.wording import Shown, shown
from workmate.errors import Problem
from workmate.ledger.models import OpenItem as LedgerItem
from workmate.ledger.models import Partner
from workmate.models import Company, User

MOST = 300  # transactions looked through together


@dataclass(frozen=True)
class Offer:
    """A transaction and its best proposal; `key` stands for just this proposal."""

    row: Transaction
    shown: Shown
    key: str


@dataclass(frozen=True)
class Group:
    """Offers with the same reasons, the surest group first."""

    reasons: tuple[str, ...]
    against: tuple[str, ...]
    score: int
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Outcome:
    """What became of one transaction: its match, or the problem that left it open."""

    row: Transaction
    made: Match | None = None
    problem: Problem | None = None


def offered() -> list[Group]:
    """The best proposal of each of the newest open transactions, grouped by their reasons."""
    least = Company.get().match_suggest
    waiting = Transaction.objects.open().select_related("account__money_account")
    rows = list(waiting.order_by("-booked_on", "-pk")[:MOST])
    prepared = matcher() if rows else None
    groups: dict[tuple[int, tuple[str, ...], tuple[str, ...]], list[Offer]] = defaultdict(list)
    for row in rows:
        best = prepared and next(iter(prepared.propose(booking_of(row))), None)
        if best and best.score >= least:
            kind = (best.score, best.reasons, best.against)
            groups[kind].append(Offer(row, shown(best), _key(best)))
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
    return [_accept(rows[pk], key, by) for pk, key in chosen.items() if pk in rows]


def _accept(row: Transaction, key: str, by: User) -> Outcome:
    booking = booking_of(row)
    best = next(iter(matcher(booking).propose(booking)), None)
    if best is None or _key(best) != key:
        return Outcome(row, problem=errors.PROPOSAL_CHANGED())
    items = LedgerItem.objects.in_bulk([item.id for item in best.items])
    try:
        made = match(
            row,
            [(items[item.id], amount) for item, amount in best.allocations],
            skonto=[(items[pk], amount) for pk, amount in best.skonto],
            by=by,
            score=best.score,
            reasons=best.reasons,
            partner=Partner.objects.get(pk=best.partner_id) if best.rest else None,
        )
    except Problem as problem:
        return Outcome(row, problem=problem)
    return Outcome(row, made)


def _key(proposal: Proposal) -> str:
    """Stands for what a proposal books; another amount or item gives another key."""
    parts = [f"{item.id}:{amount}" for item, amount in proposal.allocations]
    parts += [f"s{pk}:{amount}" for pk, amount in proposal.skonto]
    parts += [f"r{proposal.rest}", f"p{proposal.partner_id}"]
    return hashlib.sha256(";".join(parts).encode()).hexdigest()[:16]
