"""Entering a booking by hand, for an account without a statement, and correcting it.

A booking stays as it was entered. A wrong one is reversed: a second one takes it back, and both
need no decision any more. An import later recognises what was entered by its day and amount.
"""

import uuid
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from banking import errors
from banking.categorising import contradicts, named
from banking.models import BankAccount, Transaction
from workmate import audit, jobs
from workmate.ledger.models import MoneyAccount
from workmate.models import User


@transaction.atomic
def enter(
    account: BankAccount,
    *,
    booked_on: date,
    amount: Decimal,
    counterparty_name: str = "",
    counterparty_iban: str = "",
    purpose: str = "",
    value_on: date | None = None,
    kind: str = "",
    category: str = "",
    twin: bool = False,
    by: User,
) -> Transaction:
    """Enter a booking in the currency of the account; positive came in, negative went out.

    Raises CASH_HAS_ITS_BOOK, NOTHING_ENTERED and KIND_DOES_NOT_FIT; also POSSIBLY_KNOWN where the
    account has a booking of that day and amount, unless `twin` says that this is a second one.
    """
    account = _locked(account)
    if account.money_account.kind == MoneyAccount.Kind.CASH:
        raise errors.CASH_HAS_ITS_BOOK()
    if not amount:
        raise errors.NOTHING_ENTERED(fields={"amount": ["Der Betrag fehlt."]})
    if contradicts(kind, amount):
        label = Transaction.Kind(kind).label
        raise errors.KIND_DOES_NOT_FIT(kind=label, fields={"kind": ["Passt nicht zum Betrag."]})
    same = account.transactions.booked().filter(booked_on=booked_on, amount=amount)
    if not twin and same.exclude(state=Transaction.State.REVERSED).exists():
        raise errors.POSSIBLY_KNOWN(fields={"twin": ["Ist das ein zweiter Umsatz?"]})
    row = _create(
        account,
        by,
        booked_on=booked_on,
        value_on=value_on,
        amount=amount,
        counterparty_name=counterparty_name,
        counterparty_iban=counterparty_iban,
        purpose=purpose,
        kind=kind,
        category=named(category),
    )
    payload = {"amount": amount, "currency": row.currency, "booked_on": booked_on}
    audit.record("transaction.entered", row, by=by, payload=payload)
    jobs.enqueue("banking.match", by=by, params={"account_id": account.pk})
    return row


@transaction.atomic
def reverse_entered(row: Transaction, reason: str, *, by: User) -> Transaction:
    """Take back what was entered by hand, on its own day; gives the booking that does it.

    Raises NOT_ENTERED_BY_HAND, ALREADY_REVERSED, REASON_MISSING, and DECIDED_ALREADY while it is
    matched or set aside.
    """
    account = _locked(row.account)
    row = Transaction.objects.select_for_update().get(pk=row.pk)
    reason = " ".join(reason.split())
    if row.statement_id is not None:
        raise errors.NOT_ENTERED_BY_HAND()
    if row.state == Transaction.State.REVERSED:
        raise errors.ALREADY_REVERSED()
    if row.state != Transaction.State.OPEN:
        raise errors.DECIDED_ALREADY()
    if not reason:
        raise errors.REASON_MISSING(fields={"reason": ["Bitte nennen Sie den Grund."]})
    back = _create(
        account,
        by,
        booked_on=row.booked_on,
        value_on=row.value_on,
        amount=-row.amount,
        counterparty_name=row.counterparty_name,
        counterparty_iban=row.counterparty_iban,
        purpose=f"Storno: {reason}",
        category=row.category,
        reverses=row,
    )
    payload = {"reason": reason, "amount": row.amount, "by_transaction": back.pk}
    audit.record("transaction.reversed", row, by=by, payload=payload)
    return back


def _locked(account: BankAccount) -> BankAccount:
    """Entering waits for imports into the same account, and they for it."""
    rows = BankAccount.objects.select_related("money_account")
    return rows.select_for_update(of=("self",)).get(pk=account.pk)


def _create(account: BankAccount, by: User, **fields: object) -> Transaction:
    """The fingerprint is one of its own: only day and amount tell whether a file has it too."""
    row = Transaction.objects.create(
        account=account,
        status=Transaction.Status.BOOKED,
        currency=account.money_account.currency,
        fingerprint=f"hand:{uuid.uuid4().hex}",
        entered_by=by,
        entered_at=Now(),
        **fields,
    )
    row.refresh_from_db()
    return row
