"""Opening and changing bank accounts."""

from typing import Any

from django.db import transaction

from banking import errors, iban
from banking.models import BankAccount
from workmate import audit
from workmate.ledger.models import MoneyAccount
from workmate.ledger.money_accounts import open_money_account
from workmate.models import User


@transaction.atomic
def open_account(name: str, *, iban_text: str, by: User, **fields: Any) -> BankAccount:
    """Create a bank account with its money account and ledger account.

    BIC and bank name come with the IBAN where `fields` does not give them. Raises INVALID_IBAN
    and ACCOUNT_EXISTS.
    """
    checked = _checked(iban_text)
    if MoneyAccount.objects.filter(iban=checked.iban).exists():
        raise errors.ACCOUNT_EXISTS(
            iban=iban.written(checked.iban),
            fields={"iban": ["Ein Konto mit dieser IBAN gibt es schon."]},
        )
    fields["bic"] = fields.get("bic") or checked.bic
    fields["bank_name"] = fields.get("bank_name") or checked.bank_name
    money_account = open_money_account(name, iban=checked.iban, by=by, **fields)
    account = BankAccount.objects.create(money_account=money_account)
    audit.record("bank_account.opened", account, by=by, payload={"iban": checked.iban})
    return account


@transaction.atomic
def change_account(account: BankAccount, *, by: User, **fields: Any) -> BankAccount:
    """Change name, holder, BIC, bank name, use on invoices or activity; the IBAN stays."""
    money_account = MoneyAccount.objects.select_for_update().get(pk=account.money_account_id)
    if fields.get("on_invoices"):
        MoneyAccount.objects.exclude(pk=money_account.pk).filter(on_invoices=True).update(
            on_invoices=False
        )
    changes = {
        name: {"old": getattr(money_account, name), "new": value}
        for name, value in fields.items()
        if getattr(money_account, name) != value
    }
    for name, value in fields.items():
        setattr(money_account, name, value)
    money_account.full_clean()
    money_account.save(update_fields=list(fields))
    account.money_account = money_account
    if changes:
        audit.record("bank_account.changed", account, by=by, payload=changes)
    return account


def of_iban(text: str) -> BankAccount:
    """The bank account with this IBAN; raises NO_SUCH_ACCOUNT.

    A money account that was created elsewhere becomes a bank account the first time it is used.
    """
    compact = "".join(text.split()).upper()
    money_account = MoneyAccount.objects.filter(iban=compact, kind=MoneyAccount.Kind.BANK).first()
    if not compact or money_account is None:
        raise errors.NO_SUCH_ACCOUNT(iban=iban.written(compact))
    return of_money_account(money_account)


def of_money_account(money_account: MoneyAccount) -> BankAccount:
    """What banking keeps beside this money account, made on first use."""
    rows = BankAccount.objects.select_related("money_account")
    account, _ = rows.get_or_create(money_account=money_account)
    return account


def _checked(text: str) -> iban.CheckedIban:
    try:
        return iban.check(text)
    except ValueError as error:
        raise errors.INVALID_IBAN(reason=str(error), fields={"iban": [str(error)]}) from error
