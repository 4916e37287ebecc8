"""Categorising: which kind and which category a booking has; it changes nothing in the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from banking import errors
from banking.models import Category, OwnTransfer, Transaction
from workmate import audit
from workmate.errors import Problem
from workmate.models import User

MOST = 500  # bookings at once
KINDS = Transaction.Kind


@dataclass(frozen=True)
class Outcome:
    """What became of one booking: changed or not, or why it was left as it is."""

    pk: int
    row: Transaction | None
    changed: bool = False
    problem: Problem | None = None


@transaction.atomic
def categorise(
    chosen: Sequence[int], *, kind: str = "", category: str | None = None, by: User
) -> list[Outcome]:
    """Give the bookings a kind, a category or both; one that does not fit is left out, and says so.

    An empty `kind` and a `category` of None stay as they are; an empty category is taken away.
    Raises NOTHING_TO_CATEGORISE and TOO_MANY_CHOSEN.
    """
    wanted = list(dict.fromkeys(chosen))
    if not wanted or (not kind and category is None):
        raise errors.NOTHING_TO_CATEGORISE()
    if len(wanted) > MOST:
        raise errors.TOO_MANY_CHOSEN(most=MOST)
    found = Transaction.objects.filter(pk__in=wanted).select_related("category").order_by("pk")
    rows = {row.pk: row for row in found.select_for_update(of=("self",))}
    moved = _own_transfers(rows) if kind and kind != KINDS.TRANSFER else set()
    problems = {pk: _refusal(rows.get(pk), kind, moved) for pk in wanted}
    changes: dict[str, Any] = {"kind": kind} if kind else {}
    if category is not None:
        changes["category"] = named(category)
    changed = {
        pk: {name: {"old": _told(row, name), "new": str(new or "")} for name, new in differ.items()}
        for pk, row in rows.items()
        if not problems[pk]
        and (differ := {name: new for name, new in changes.items() if getattr(row, name) != new})
    }
    Transaction.objects.filter(pk__in=changed).update(**changes)
    for pk in changed:
        for name, new in changes.items():
            setattr(rows[pk], name, new)
    told = [(rows[pk], payload) for pk, payload in changed.items()]
    audit.record_all("transaction.categorised", told, by=by)
    return [Outcome(pk, rows.get(pk), pk in changed, problems[pk]) for pk in wanted]


def named(name: str) -> Category | None:
    """The category of that name, made on first use; None for an empty name."""
    name = " ".join(name.split())[:60]
    if not name:
        return None
    known = Category.objects.filter(name__iexact=name).first()
    return known or Category.objects.get_or_create(name=name)[0]


def contradicts(kind: str, amount: Decimal) -> bool:
    """Whether what came in is called an expense, or what went out an income."""
    return (kind == KINDS.INCOME and amount < 0) or (kind == KINDS.EXPENSE and amount > 0)


def _told(row: Transaction, name: str) -> str:
    return str(getattr(row, name) or "")


def _own_transfers(rows: dict[int, Transaction]) -> set[int]:
    pairs = OwnTransfer.objects.filter(rows__transaction__in=rows).values_list("out", "into")
    return {pk for pair in pairs for pk in pair}


def _refusal(row: Transaction | None, kind: str, moved: set[int]) -> Problem | None:
    if row is None:
        return errors.TRANSACTION_GONE()
    if row.status == Transaction.Status.PENDING:
        return errors.STILL_PENDING()
    if row.pk in moved:
        return errors.IS_OWN_TRANSFER()
    if contradicts(kind, row.amount):
        return errors.KIND_DOES_NOT_FIT(kind=KINDS(kind).label)
    return None
