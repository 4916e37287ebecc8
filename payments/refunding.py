"""Refunding: a customer's credit is paid out, and a direct debit is returned by the bank."""

import datetime
from decimal import Decimal

from django.db import transaction

from payments import errors
from payments.charging import charge_fee
from payments.models import Payment, Reversal
from payments.recording import record_payment, reverse_payment
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.models import User


def refund(
    credit: OpenItem,
    amount: Decimal,
    *,
    money_account: MoneyAccount,
    method: str,
    on: datetime.date,
    by: User,
) -> Payment:
    """Pay so much (positive) of a credit out to the customer.

    It is a payment like any other and is taken back like one. Raises NOT_A_CREDIT and what
    `record_payment` raises.
    """
    if credit.kind != OpenItem.Kind.RECEIVABLE or credit.outstanding >= 0:
        raise errors.NOT_A_CREDIT(item=credit)
    return record_payment(
        money_account=money_account,
        received_on=on,
        amount=-amount,
        method=method,
        allocations=[(credit, -amount)],
        currency=credit.currency,
        reference=f"Erstattung {credit.document_number}".strip(),
        by=by,
    )


@transaction.atomic
def return_debit(
    payment: Payment,
    *,
    on: datetime.date,
    by: User,
    reason: str,
    fee: Decimal = Decimal(0),
) -> Reversal:
    """The bank took the money back (Rücklastschrift): what was paid is open again from that day.

    The bank's fee, if any, is an expense; earlier fees of the payment remain. Raises
    NOT_RETURNABLE and what `reverse_payment` and `charge_fee` raise.
    """
    if payment.amount <= 0:
        raise errors.NOT_RETURNABLE()
    reversal = reverse_payment(
        payment, on=on, by=by, reason=f"Rücklastschrift: {reason.strip()}", returned=True
    )
    if fee:
        charge_fee(payment, fee, text="Gebühr der Rücklastschrift", on=on, by=by)
    return reversal
