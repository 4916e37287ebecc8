"""Short words for payments in tests."""

from decimal import Decimal

from payments.models import Payment
from payments.recording import record_payment
from tests.books import DAY


def pay(bank, amount, *parts, by, on=DAY, **fields):
    """Record a transfer; `parts` are (open item, amount)."""
    return record_payment(
        money_account=bank,
        received_on=on,
        amount=Decimal(amount),
        method=Payment.Method.TRANSFER,
        allocations=[(item, Decimal(part)) for item, part in parts],
        by=by,
        **fields,
    )


def owed(*items):
    """What is open on each, fresh from the database."""
    for item in items:
        item.refresh_from_db()
    return [str(item.outstanding) for item in items]
