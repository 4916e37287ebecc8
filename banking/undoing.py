"""Undoing an import: its bookings go again, while nothing has been made of them.

The file and the record of the import stay (GoBD Rz. 119); the same file can be read in again.
"""

from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from banking import errors
from banking.models import (
    BankAccount,
    Match,
    StatementImport,
    StoredProposal,
    Transaction,
)
from workmate import audit, jobs
from workmate.models import User
from workmate.money import format_amount, format_date

SHOWN = 5  # bookings named in the message
UNDECIDED = (
    Transaction.State.OPEN,
    Transaction.State.PENDING,
    Transaction.State.NOTHING,
    Transaction.State.REPLACED,
)
DELETE = "DELETE FROM banking_transaction WHERE statement_id = %s"


def in_the_way(imported: StatementImport) -> list[Transaction]:
    """Bookings of the import that somebody decided about, also where that was undone since."""
    own = Transaction.objects.filter(statement=imported)
    decided = ~Q(state__in=UNDECIDED) | Exists(Match.objects.filter(transaction=OuterRef("pk")))
    return list(own.filter(decided).order_by("booked_on", "pk"))


def built_on(imported: StatementImport) -> StatementImport | None:
    """The newest later import that knew bookings of this one's period."""
    if imported.first_on is None:
        return None
    later = StatementImport.objects.standing().filter(
        account=imported.account_id,
        pk__gt=imported.pk,
        known__gt=0,
        first_on__lte=imported.last_on,
        last_on__gte=imported.first_on,
    )
    return later.order_by("-pk").first() if imported.new else None


@transaction.atomic
def undo_import(imported: StatementImport, *, by: User) -> StatementImport:
    """Delete what the import brought, and bring back what it ended or replaced.

    Raises STATEMENT_UNDONE, LATER_STATEMENT and STATEMENT_IN_USE.
    """
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=imported.account_id)
    imported = StatementImport.objects.select_for_update().get(pk=imported.pk)
    if imported.undone_at is not None:
        raise errors.STATEMENT_UNDONE()
    if later := built_on(imported):
        raise errors.LATER_STATEMENT(later=later)
    own = Transaction.objects.filter(statement=imported)
    # Locked first: whoever decides about one now waits, and then finds it gone.
    list(own.order_by("pk").select_for_update().values_list("pk", flat=True))
    _refuse(in_the_way(imported))
    imported.undone_at, imported.undone_by = Now(), by
    imported.save(update_fields=["undone_at", "undone_by"])
    imported.refresh_from_db(fields=["undone_at"])
    count = _delete(imported)
    _bring_back(imported)
    if account.transactions.filter(replaced_by=imported).update(replaced_by=None):
        jobs.enqueue("banking.match", by=by, params={"account_id": account.pk})
    if account.balance_from_id == imported.pk:
        _balance_of_the_one_before(account)
    audit.record("statement.undone", imported, by=by, payload={"transactions": count})
    return imported


def _delete(imported: StatementImport) -> int:
    """All bookings of the import in one statement; Django would take them one by one."""
    StoredProposal.objects.filter(transaction__statement=imported).delete()
    with connection.cursor() as cursor:
        cursor.execute(DELETE, [imported.pk])
        count: int = cursor.rowcount
    return count


def _refuse(rows: list[Transaction]) -> None:
    if not rows:
        return
    named = [f"{format_date(row.booked_on)} über {format_amount(row.amount)}" for row in rows]
    more = ["…"] if len(named) > SHOWN else []
    raise errors.STATEMENT_IN_USE(count=len(rows), rows=", ".join([*named[:SHOWN], *more]))


def _bring_back(imported: StatementImport) -> None:
    """Pending bookings again, unless a later file has told that they are over."""
    standing = StatementImport.objects.standing().filter(account=imported.account_id)
    later = standing.filter(pk__gt=imported.pk).aggregate(day=Max("last_on"))["day"] or date.min
    sources = set(standing.values_list("pk", flat=True))
    Transaction.objects.bulk_create(
        [
            Transaction(**values)
            for values in imported.replaced
            if values["statement_id"] in sources and values["booked_on"] > later.isoformat()
        ],
        ignore_conflicts=True,
    )


def _balance_of_the_one_before(account: BankAccount) -> None:
    """The newest balance that the remaining statements report."""
    day = Coalesce(F("closing_on"), F("last_on"))
    rows = StatementImport.objects.standing().filter(account=account, closing_balance__isnull=False)
    last = rows.annotate(day=day).exclude(day=None).order_by("-day", "-pk").first()
    account.balance = last.closing_balance if last else None
    account.balance_on = (last.closing_on or last.last_on) if last else None
    account.balance_from = last
    account.save(update_fields=["balance", "balance_on", "balance_from"])
