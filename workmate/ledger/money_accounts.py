"""Money accounts: a bank account or cash box gets an account of the chart for itself."""

from typing import Any

from django.db import transaction

from workmate import audit
from workmate.ledger import charts, errors
from workmate.ledger.charts.accounts import MONEY_RANGES
from workmate.ledger.models import Account, MoneyAccount
from workmate.locks import Lock, hold
from workmate.models.user import User


@transaction.atomic
def open_money_account(
    name: str, *, kind: str = MoneyAccount.Kind.BANK, by: User, **fields: Any
) -> MoneyAccount:
    """Create a bank account, cash box, card or transit account with its ledger account.

    `fields`: iban, bic, bank_name, holder, currency, on_invoices. The first bank account takes the
    chart's own (1200 / 1800), each further one the next free number of the range.
    """
    hold(Lock.MONEY_ACCOUNTS)
    account = _free_account(kind, name)
    money_account = MoneyAccount.objects.create(name=name, kind=kind, account=account, **fields)
    audit.record("money_account.opened", money_account, by=by, payload={"account": account.number})
    return money_account


def _free_account(kind: str, name: str) -> Account:
    purpose = "" if kind == MoneyAccount.Kind.CARD else kind
    if purpose:
        own = charts.account(purpose)
        if not MoneyAccount.objects.filter(account=own).exists():
            return own
    chart = charts.loaded()
    if not chart:
        raise errors.ACCOUNT_MISSING(account=kind)
    ranges = MONEY_RANGES[chart]
    first, last = ranges.get(kind, ranges["card"])
    taken = set(Account.objects.values_list("number", flat=True))
    for number in range(first, last + 1):
        if str(number) not in taken:
            return Account.objects.create(
                number=str(number), name=name[:120], kind=Account.Kind.ASSET
            )
    raise errors.NUMBERS_USED_UP(first=first, last=last)
