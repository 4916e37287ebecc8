"""Money accounts: a bank account or cash box gets an account of the chart for itself."""

from typing import Any

from django.db import transaction

from workmate import audit
from workmate.ledger import charts, errors
from workmate.ledger.charts.accounts import MONEY_RANGES
from workmate.ledger.models import Account, MoneyAccount
from workmate.locks import Lock, hold
from workmate.models.user import User

OWN = (MoneyAccount.Kind.BANK, MoneyAccount.Kind.CASH, MoneyAccount.Kind.TRANSIT)


@transaction.atomic
def open_money_account(
    name: str, *, kind: str = MoneyAccount.Kind.BANK, by: User, **fields: Any
) -> MoneyAccount:
    """Create a bank account, cash box, card or transit account with its ledger account.

    `fields`: iban, bic, bank_name, holder, currency, on_invoices. The first current account takes
    the chart's own (1200 / 1800), each further one the next free number of its range.
    """
    hold(Lock.MONEY_ACCOUNTS)
    account = _own_account(kind) or _new_account(kind, name)
    money_account = MoneyAccount.objects.create(name=name, kind=kind, account=account, **fields)
    audit.record("money_account.opened", money_account, by=by, payload={"account": account.number})
    return money_account


def proposed_number(kind: str) -> str:
    """The ledger account that the next account of this kind gets; "" where none is left."""
    own = _own_account(kind)
    return own.number if own else str(_free_number(kind) or "")


def _own_account(kind: str) -> Account | None:
    """The chart's own account of that purpose, unless another money account has it."""
    if kind not in OWN:
        return None
    own = charts.account(kind)
    return None if MoneyAccount.objects.filter(account=own).exists() else own


def _new_account(kind: str, name: str) -> Account:
    number = _free_number(kind)
    if number is None:
        first, last = _range(kind)
        raise errors.NUMBERS_USED_UP(first=first, last=last)
    owed = kind == MoneyAccount.Kind.CARD
    return Account.objects.create(
        number=str(number),
        name=name[:120],
        kind=Account.Kind.LIABILITY if owed else Account.Kind.ASSET,
    )


def _free_number(kind: str) -> int | None:
    first, last = _range(kind)
    taken = set(Account.objects.values_list("number", flat=True))
    return next((n for n in range(first, last + 1) if str(n) not in taken), None)


def _range(kind: str) -> tuple[int, int]:
    chart = charts.loaded()
    if not chart:
        raise errors.ACCOUNT_MISSING(account=kind)
    return MONEY_RANGES[chart][kind]
