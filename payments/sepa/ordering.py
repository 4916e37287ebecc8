"""Ordering: what goes into a batch, whichever way the money goes."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from payments.posting import next_id
from payments.sepa import errors, spelling
from payments.sepa.models import Batch, Order
from workmate.ledger.models import MoneyAccount


def check_account(account: MoneyAccount) -> None:
    """Raises ACCOUNT_UNFIT unless a bank moves euro on it."""
    fits = account.kind == MoneyAccount.Kind.BANK and account.is_active
    if not (fits and account.iban and account.currency == "EUR"):
        raise errors.ACCOUNT_UNFIT(account=account.name)


def add_orders(batch: Batch, orders: Sequence[Order]) -> None:
    """Write the orders; an item that has a live one refuses. Raises ALREADY_ORDERED.

    The reference goes to the bank and comes back on the statement: the number of the document for
    people, our own number so that it is never the same twice.
    """
    for order in orders:
        order.batch = batch
        order.pk = next_id(Order)
        number = spelling.identifier(order.open_item.document_number)[:20]
        order.end_to_end_id = f"{number}-E{order.pk}" if number else f"E{order.pk}"
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError as error:
            if "order_open_item_once" not in str(error):
                raise
            raise errors.ALREADY_ORDERED(item=order.open_item) from error
