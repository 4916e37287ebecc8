"""Transferring: credits of customers, later debts to suppliers, become orders to our bank."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from invoicing.validators import compact, validate_iban
from payments.sepa import errors, spelling, target
from payments.sepa.mandates import IBAN_ONLY
from payments.sepa.models import Batch, Order
from payments.sepa.ordering import add_orders, check_account
from workmate import audit
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.models import User
from workmate.money import format_amount


@dataclass(frozen=True)
class Transfer:
    """So much (EUR, above zero) of what we owe on an item, to this account."""

    open_item: OpenItem
    amount: Decimal
    iban: str
    name: str = ""
    purpose: str = ""


def payable() -> OpenItemQuerySet:
    """What we owe in euro and nobody has ordered yet: credits of customers and debts."""
    live = Order.objects.live().filter(open_item=OuterRef("pk"))
    rows = OpenItem.objects.filter(~Exists(live), outstanding__lt=0, currency="EUR")
    return rows.select_related("partner")


@transaction.atomic
def transfer(
    transfers: Sequence[Transfer],
    *,
    money_account: MoneyAccount,
    collective: bool = False,
    on: datetime.date,
    by: User,
) -> Batch:
    """A draft of a batch that pays these out; the payment itself comes with the statement.

    Raises NOTHING_CHOSEN, ACCOUNT_UNFIT, NOT_PAYABLE, ALREADY_ORDERED.
    """
    if not transfers:
        raise errors.NOTHING_CHOSEN()
    check_account(money_account)
    for one in transfers:
        _check(one)
    batch = Batch.objects.create(
        kind=Batch.Kind.TRANSFER,
        money_account=money_account,
        collective=collective,
        created_by=by,
    )
    day = target.on_or_after(on)
    add_orders(batch, [_order(one, day) for one in transfers])
    payload = {"items": [[str(one.open_item), one.amount] for one in transfers]}
    audit.record("sepa_batch.created", batch, by=by, payload=payload)
    return batch


def _order(one: Transfer, day: datetime.date) -> Order:
    item = one.open_item
    name = spelling.spelled(one.name or item.partner.name, spelling.NAME)
    text = one.purpose or f"Erstattung {item.document_number}"
    return Order(
        open_item=item,
        amount=one.amount,
        due_on=day,
        name=name,
        iban=compact(one.iban),
        purpose=spelling.spelled(text, spelling.PURPOSE),
    )


def _check(one: Transfer) -> None:
    owed = -one.open_item.outstanding
    reason, field = "", "amount"
    if one.open_item.currency != "EUR" or owed <= 0:
        reason = "darauf gibt es kein Guthaben in Euro."
    elif one.amount <= 0 or one.amount > owed:
        reason = f"möglich sind 0,01 bis {format_amount(owed)} €."
    else:
        reason, field = _unfit_iban(compact(one.iban)), "iban"
    if reason:
        name = f"{field}_{one.open_item.pk}"
        raise errors.NOT_PAYABLE(item=one.open_item, reason=reason, fields={name: [reason]})


def _unfit_iban(iban: str) -> str:
    try:
        validate_iban(iban)
    except ValidationError as error:
        return str(error.messages[0])
    if iban[:2] not in IBAN_ONLY:
        return "überwiesen wird auf Konten in der EU, in Island, Liechtenstein und Norwegen."
    return ""
