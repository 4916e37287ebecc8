"""Ruling: bookings whose words say what they are need nobody to look: fees, interest, rent.

The database does the comparing, with a limit of time: its regular expressions do not run away, and
what takes too long is refused.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from banking import errors
from banking.dismissing import ignore
from banking.models import BankRule, Dismissal, Transaction
from workmate import audit
from workmate.errors import Problem
from workmate.ledger.models import Account
from workmate.models import JobRun, User

SECONDS = 3
TEXTS = ("counterparty_name", "purpose", "booking_text")
# SQLSTATE of PostgreSQL.
TIMED_OUT, NOT_A_PATTERN = "57014", "2201B"
MONTHS = frozenset(
    """JANUAR FEBRUAR MÄRZ MAERZ APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER
    DEZEMBER""".split()
)


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
    except (DataError, OperationalError) as error:
        state = getattr(error.__cause__, "sqlstate", "")
        if state == NOT_A_PATTERN:
            raise errors.PATTERN_INVALID() from error
        if state == TIMED_OUT:
            raise errors.PATTERN_TOO_SLOW() from error
        raise
    return found


def deciding(rows: Sequence[Transaction]) -> tuple[dict[int, BankRule], list[BankRule]]:
    """The rule that decides each of these bookings, by their id, and the rules that failed.

    A rule that fails decides nothing; why is kept with it until it works again.
    """
    found: dict[int, BankRule] = {}
    failed = []
    wanted = {row.pk for row in rows}
    for rule in BankRule.objects.filter(is_active=True).select_related("account") if rows else ():
        try:
            fits = fitting(rule, Transaction.objects.open())
        except Problem as problem:
            _note(rule, problem.message)
            failed.append(rule)
            continue
        _note(rule, "")
        for row in fits:
            if row.pk in wanted:
                found.setdefault(row.pk, rule)
    return found, failed


def obey(row: Transaction, rule: BankRule, *, by: User, run: JobRun | None = None) -> Dismissal:
    """Do with a booking what the rule says; raises what `ignore` raises."""
    return ignore(row, f"{rule.name} (Regel)", account=rule.account, by=by, run=run)


@transaction.atomic
def keep(rule: BankRule, *, by: User, changes: Mapping[str, Any]) -> BankRule:
    """Save a new or changed rule; raises ACCOUNT_NOT_FOR_BANK, PATTERN_INVALID, PATTERN_TOO_SLOW.

    `changes` are the changed fields as texts, for the audit trail.
    """
    account = rule.account
    if account and not Account.objects.for_bank().filter(pk=account.pk).exists():
        raise errors.ACCOUNT_NOT_FOR_BANK(account=str(account))
    fitting(rule, Transaction.objects.open(), 1)
    rule.problem, rule.problem_at = "", None
    event = "bank_rule.changed" if rule.pk else "bank_rule.created"
    if not rule.pk:
        rule.created_by = by
    rule.save()
    audit.record(event, rule, by=by, payload=dict(changes))
    return rule


@transaction.atomic
def switch(rule: BankRule, is_active: bool, *, by: User) -> BankRule:
    """Let a rule decide, or no longer."""
    rule = BankRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if rule.is_active != is_active:
        rule.is_active = is_active
        rule.save(update_fields=["is_active"])
        audit.record("bank_rule.changed", rule, by=by, payload={"is_active": is_active})
    return rule


@transaction.atomic
def drop(rule: BankRule, *, by: User) -> None:
    """Delete a rule; what it has decided stays decided."""
    audit.record("bank_rule.deleted", rule, by=by, payload={"name": rule.name})
    rule.delete()


def drafted(row: Transaction) -> dict[str, Any]:
    """What a rule for bookings like this one may ask for: the IBAN, else the words."""
    words = row.counterparty_name or _words(row.purpose) or _words(row.booking_text)
    direction = BankRule.Direction.IN if row.amount > 0 else BankRule.Direction.OUT
    return {
        "name": words[:100],
        "iban": row.counterparty_iban,
        "contains": "" if row.counterparty_iban else words[:100],
        "direction": direction,
    }


def _words(text: str) -> str:
    """The first words of a text, up to what changes from booking to booking."""
    words = []
    for word in text.split():
        if re.search(r"\d", word) or word.strip(".,").upper() in MONTHS:
            break
        words.append(word)
    return " ".join(words)


def _note(rule: BankRule, problem: str) -> None:
    """Keep that a rule failed, or that it works again; nothing is written where nothing changes."""
    if rule.problem != problem:
        rule.problem, rule.problem_at = problem, timezone.now() if problem else None
        rule.save(update_fields=["problem", "problem_at"])


def _marks(rule: BankRule) -> Q:
    marks = Q()
    if rule.direction != BankRule.Direction.ANY:
        is_in = rule.direction == BankRule.Direction.IN
        marks &= Q(amount__gt=0) if is_in else Q(amount__lt=0)
    if rule.amount_from is not None:
        marks &= Q(amount__gte=rule.amount_from) | Q(amount__lte=-rule.amount_from)
    if rule.amount_to is not None:
        marks &= Q(amount__gte=-rule.amount_to, amount__lte=rule.amount_to)
    if rule.iban:
        marks &= Q(counterparty_iban=rule.iban)
    for lookup, text in (("icontains", rule.contains), ("iregex", rule.pattern)):
        if text:
            anywhere = Q()
            for name in TEXTS:
                anywhere |= Q(**{f"{name}__{lookup}": text})
            marks &= anywhere
    return marks
