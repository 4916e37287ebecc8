"""Ruling: bookings whose words say what they are need nobody to look: fees, interest, rent.

The database does the comparing, with a limit of time: its regular expressions do not run away, and
what takes too long is refused.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet

from banking import errors
from banking.dismissing import ignore
from banking.models import BankRule, Dismissal, Transaction
from workmate import audit
from workmate.errors import Problem
from workmate.models import JobRun, User

SECONDS = 3
TEXTS = ("counterparty_name", "purpose", "booking_text")


def fitting(
    rule: BankRule, rows: QuerySet[Transaction], limit: int | None = None
) -> list[Transaction]:
    """The rows, at most `limit`, that bear all marks of a rule.

    Raises PATTERN_INVALID and PATTERN_TOO_SLOW.
    """
    rows = rows.filter(_marks(rule)).select_related("account__money_account")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS}s'")
            found = list(rows[:limit])
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except DataError as error:
        raise errors.PATTERN_INVALID() from error
    except OperationalError as error:
        raise errors.PATTERN_TOO_SLOW() from error
    return found


def deciding(rows: Sequence[Transaction]) -> dict[int, BankRule]:
    """The rule that decides each of these bookings, by their id; a broken rule decides nothing."""
    found: dict[int, BankRule] = {}
    wanted = {row.pk for row in rows}
    for rule in BankRule.objects.filter(is_active=True).select_related("account") if rows else ():
        try:
            fits = fitting(rule, Transaction.objects.open())
        except Problem:
            continue
        for row in fits:
            if row.pk in wanted:
                found.setdefault(row.pk, rule)
    return found


def obey(row: Transaction, rule: BankRule, *, by: User, run: JobRun | None = None) -> Dismissal:
    """Do with a booking what the rule says; raises what `ignore` raises."""
    return ignore(row, f"{rule.name} (Regel)", account=rule.account, by=by, run=run)


@transaction.atomic
def keep(rule: BankRule, *, by: User, changes: dict[str, Any]) -> BankRule:
    """Save a new or changed rule; raises PATTERN_INVALID and PATTERN_TOO_SLOW."""
    fitting(rule, Transaction.objects.open(), 1)
    event = "bank_rule.changed" if rule.pk else "bank_rule.created"
    if not rule.pk:
        rule.created_by = by
    rule.save()
    audit.record(event, rule, by=by, payload=changes)
    return rule


def _marks(rule: BankRule) -> Q:
    marks = Q()
    if rule.direction != BankRule.Direction.ANY:
        is_in = rule.direction == BankRule.Direction.IN
        marks &= Q(amount__gt=0) if is_in else Q(amount__lt=0)
    if rule.iban:
        marks &= Q(counterparty_iban=rule.iban)
    for lookup, text in (("icontains", rule.contains), ("iregex", rule.pattern)):
        if text:
            anywhere = Q()
            for name in TEXTS:
                anywhere |= Q(**{f"{name}__{lookup}": text})
            marks &= anywhere
    return marks
