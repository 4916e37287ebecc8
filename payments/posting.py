"""What payments do to the books; the only module here that knows accounts."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Model

from payments.models import Payment
from workmate.ledger import posting
from workmate.ledger.models import Entry, MoneyAccount, OpenItem
from workmate.ledger.open_items import book_value, exchange_difference
from workmate.ledger.posting import Posting
from workmate.models import User
from workmate.money import round_money

Parts = Sequence[tuple[OpenItem, Decimal]]


def post_payment(
    payment: Payment, parts: Parts, *, euro: Decimal, on: datetime.date, by: User
) -> Entry:
    """Money against open items; the rest against its credit. `euro`: what the payment is worth."""
    rest = payment.amount - sum((amount for _, amount in parts), Decimal(0))
    lines = [_money(payment.money_account, euro, payment)]
    lines += [_item(item, amount, book_value(item, amount)) for item, amount in parts]
    if payment.credit is not None:
        lines.append(_item(payment.credit, rest, round_money(euro * rest / payment.amount)))
    lines += exchange_difference(-sum((line.amount for line in lines), Decimal(0)))
    return posting.post(
        "payments.recorded",
        source=source(payment),
        booked_on=on,
        lines=lines,
        document_number=parts[0][0].document_number if len(parts) == 1 else "",
        text=text(payment, parts),
        by=by,
    )


def source(payment: Payment) -> str:
    """The name under which a payment is posted once."""
    return f"payments.payment:{payment.pk}"


def next_id(model: type[Model]) -> int:
    """The id comes first, because the entry is named after it and both rows never change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        number: int = cursor.fetchone()[0]
    return number


def text(payment: Payment, parts: Parts) -> str:
    """What the journal says about the payment."""
    kind = "Zahlung" if payment.amount > 0 else "Auszahlung"
    numbers = ", ".join(str(item) for item, _ in parts)
    name = payment.partner.name if payment.partner else ""
    return " ".join(part for part in (kind, name, numbers) if part)


def _money(account: MoneyAccount, euro: Decimal, payment: Payment) -> Posting:
    if account.currency == "EUR":  # The bank has changed the money.
        return Posting(account.account, euro)
    return Posting(account.account, euro, currency=payment.currency, currency_amount=payment.amount)


def _item(item: OpenItem, amount: Decimal, euro: Decimal) -> Posting:
    return Posting(item.account, -euro, item, currency=item.currency, currency_amount=-amount)
