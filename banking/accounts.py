"""Opening and changing bank accounts."""

from typing import Any

from django.db import transaction

from banking import errors, iban
from banking.continuity import Span
from banking.models import BankAccount
from workmate import audit
from workmate.ledger.models import MoneyAccount
from workmate.ledger.money_accounts import open_money_account
from workmate.models import User


@transaction.atomic
def open_account(
    name: str,
    *,
    iban_text: str,
    by: User,
    kind: str = MoneyAccount.Kind.BANK,
    note: str = "",
    **fields: Any,
) -> BankAccount:
    """Create a bank account with its money account and ledger account.

    BIC and bank name come with the IBAN where `fields` does not give them; credit cards and cash
    boxes may have none. Raises INVALID_IBAN, ACCOUNT_EXISTS, IBAN_MISSING and CASH_IN_EURO.
    """
    checked = iban.CheckedIban("") if _needs_none(kind, iban_text) else _checked(iban_text)
    if fields.get("on_invoices") and not checked.iban:
        raise errors.IBAN_MISSING(fields={"on_invoices": ["Dafür braucht das Konto eine IBAN."]})
    if kind == MoneyAccount.Kind.CASH and fields.get("currency", "EUR") != "EUR":
        raise errors.CASH_IN_EURO(fields={"currency": ["Eine Kasse wird in Euro geführt."]})
    if checked.iban and MoneyAccount.objects.filter(iban=checked.iban).exists():
        raise errors.ACCOUNT_EXISTS(
            iban=iban.written(checked.iban),
            fields={"iban": ["Ein Konto mit dieser IBAN gibt es schon."]},
        )
    fields["bic"] = fields.get("bic") or checked.bic
    fields["bank_name"] = fields.get("bank_name") or checked.bank_name
    if fields.get("on_invoices"):
        _off_invoices()
    money_account = open_money_account(name, kind=kind, iban=checked.iban, by=by, **fields)
    account = BankAccount.objects.create(money_account=money_account, note=note)
    payload = {"iban": checked.iban, "kind": kind, "currency": money_account.currency}
    audit.record("bank_account.opened", account, by=by, payload=payload)
    return account


@transaction.atomic
def change_account(account: BankAccount, *, by: User, **fields: Any) -> BankAccount:
    """Change name, holder, BIC, bank name, use on invoices, activity or note.

    Kind, IBAN and currency stay. Raises IBAN_MISSING.
    """
    money_account = MoneyAccount.objects.select_for_update().get(pk=account.money_account_id)
    account.refresh_from_db(fields=["note"])
    if fields.get("on_invoices") and not money_account.iban:
        raise errors.IBAN_MISSING(fields={"on_invoices": ["Dafür braucht das Konto eine IBAN."]})
    if fields.get("on_invoices"):
        _off_invoices(but=money_account.pk)
    rows = {name: account if name == "note" else money_account for name in fields}
    changes = {
        name: {"old": getattr(rows[name], name), "new": value}
        for name, value in fields.items()
        if getattr(rows[name], name) != value
    }
    for name, value in fields.items():
        setattr(rows[name], name, value)
    money_account.full_clean()
    money_account.save(update_fields=[name for name in fields if name != "note"])
    account.money_account = money_account
    account.save(update_fields=["note"])
    if changes:
        audit.record("bank_account.changed", account, by=by, payload=changes)
    return account


def of_iban(text: str) -> BankAccount:
    """The bank account with this IBAN; raises NO_SUCH_ACCOUNT.

    A money account that was created elsewhere becomes a bank account the first time it is used.
    """
    compact = "".join(text.split()).upper()
    money_account = MoneyAccount.objects.filter(iban=compact, kind__in=MoneyAccount.STATED).first()
    if not compact or money_account is None:
        raise errors.NO_SUCH_ACCOUNT(iban=iban.written(compact))
    return of_money_account(money_account)


def of_money_account(money_account: MoneyAccount) -> BankAccount:
    """What banking keeps beside this money account, made on first use."""
    rows = BankAccount.objects.select_related("money_account")
    account, _ = rows.get_or_create(money_account=money_account)
    return account


def spans(account: BankAccount) -> list[Span]:
    """The statements of the account that say something of a period."""
    columns = ("pk", "filename", "first_on", "last_on", "opening_balance", "closing_balance")
    rows = account.imports.standing().filter(first_on__isnull=False)
    return [Span(*row) for row in rows.values_list(*columns)]


def _off_invoices(but: int | None = None) -> None:
    """One account stands on invoices; no other does when this one begins to."""
    MoneyAccount.objects.exclude(pk=but).filter(on_invoices=True).update(on_invoices=False)


def _needs_none(kind: str, iban_text: str) -> bool:
    return kind in (MoneyAccount.Kind.CARD, MoneyAccount.Kind.CASH) and not iban_text.strip()


def _checked(text: str) -> iban.CheckedIban:
    try:
        return iban.check(text)
    except ValueError as error:
        raise errors.INVALID_IBAN(reason=str(error), fields={"iban": [str(error)]}) from error
