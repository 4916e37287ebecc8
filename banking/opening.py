"""The opening balance of an account: what lay there before its first booking in these books."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from banking import errors
from banking.models import BankAccount
from payments.cash_keeping import refuse_cash
from workmate import audit
from workmate.ledger import exchange_rates
from workmate.ledger.models import Entry
from workmate.ledger.opening import post_balance
from workmate.ledger.posting import reverse
from workmate.models import User
from workmate.money import round_money


@transaction.atomic
def post_opening(account: BankAccount, amount: Decimal, *, on: date, by: User) -> BankAccount:
    """Post the balance on the morning of that day against the account for balances brought forward.

    `amount` is in the currency of the account, negative where it is overdrawn or a card owes; in
    euro it is posted at the monthly rate. Raises OPENING_EXISTS, NOTHING_TO_OPEN,
    OPENING_RATE_MISSING, BALANCE_TAKEN_OVER, PERIOD_LOCKED, and for cash what `refuse_cash` raises.
    """
    account = _locked(account)
    if account.opening_entry_id:
        raise errors.OPENING_EXISTS()
    if not amount:
        raise errors.NOTHING_TO_OPEN(fields={"amount": ["Der Betrag fehlt."]})
    money_account = account.money_account
    euro = _in_euro(amount, money_account.currency, on)
    refuse_cash(money_account, euro, on=on)
    prefix = f"banking.opening:{account.pk}:"
    before = Entry.objects.filter(source__startswith=prefix).count()
    account.opening_entry = post_balance(
        money_account.account,
        euro,
        source=f"{prefix}{before + 1}",
        booked_on=on,
        currency=money_account.currency,
        currency_amount=amount,
        by=by,
    )
    account.opening_balance, account.opening_on = amount, on
    _save(account)
    payload = {"amount": amount, "currency": money_account.currency, "on": on}
    audit.record("bank_account.opening_posted", account, by=by, payload=payload)
    return account


@transaction.atomic
def take_back_opening(account: BankAccount, *, by: User) -> BankAccount:
    """Reverse the opening balance on its own day, while that is not locked.

    Raises NO_OPENING, PERIOD_LOCKED, and for cash what `refuse_cash` raises.
    """
    account = _locked(account)
    entry, amount, on = account.opening_entry, account.opening_balance, account.opening_on
    if entry is None or amount is None or on is None:
        raise errors.NO_OPENING()
    refuse_cash(account.money_account, -amount, on=on)
    reverse(
        entry,
        act="opening.balance_reversed",
        source=f"banking.opening_reversal:{entry.pk}",
        booked_on=on,
        by=by,
    )
    account.opening_balance = account.opening_on = account.opening_entry = None
    _save(account)
    payload = {"amount": amount, "on": on}
    audit.record("bank_account.opening_taken_back", account, by=by, payload=payload)
    return account


def _locked(account: BankAccount) -> BankAccount:
    rows = BankAccount.objects.select_related("money_account__account", "opening_entry")
    return rows.select_for_update(of=("self",)).get(pk=account.pk)


def _save(account: BankAccount) -> None:
    account.save(update_fields=["opening_balance", "opening_on", "opening_entry"])


def _in_euro(amount: Decimal, currency: str, on: date) -> Decimal:
    if currency == "EUR":
        return amount
    rate = exchange_rates.find(currency, on)
    if rate is None:
        raise errors.OPENING_RATE_MISSING(currency=currency, month=f"{on:%m.%Y}")
    return round_money(amount / rate.rate)
