"""Payment, storno, reversal and use of a credit at one moment: whoever is first, the sums agree."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from invoicing.cancelling import cancel
from invoicing.models import Invoice
from payments import errors
from payments.allocating import apply_credit, take_back
from payments.models import Payment
from payments.recording import reverse_payment
from tests.payments.paying import pay
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, an_invoice
from workmate.errors import Problem
from workmate.ledger.models import Line, MoneyAccount, OpenItem
from workmate.ledger.periods import lock_period

pytestmark = pytest.mark.django_db(transaction=True)
LATER = DAY + datetime.timedelta(days=3)
WHOLE = Decimal("119.00")


def assert_agree() -> None:
    """Open items equal their lines, all of them together equal what was billed less paid."""
    for item in OpenItem.objects.as_of(LATER):
        assert item.outstanding == item.balance
    owed = OpenItem.objects.aggregate(sum=Sum("outstanding"))["sum"]
    billed = Invoice.objects.issued().aggregate(sum=Sum("gross_total"))["sum"]
    paid = Payment.objects.valid().aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    assert owed == billed - paid
    assert Line.objects.aggregate(sum=Sum("amount"))["sum"] == 0


def refusals(outcomes: list) -> list[str]:
    """The codes of what was refused; anything else that was raised is a bug."""
    for outcome in outcomes:
        assert not isinstance(outcome, Exception) or isinstance(outcome, Problem), outcome
    return [outcome.code for outcome in outcomes if isinstance(outcome, Problem)]


@pytest.mark.parametrize("part", ["19.00", "119.00"])
def test_an_invoice_that_is_paid_and_cancelled_at_once_owes_nothing(part):
    owner = a_business()
    bank, customer = MoneyAccount.objects.get(), a_buyer(owner)
    for _ in range(4):
        item = OpenItem.objects.get(pk=an_invoice(owner, customer=customer).open_item_id)
        invoice = Invoice.objects.get(open_item=item)

        def act(number, item=item, invoice=invoice):
            if number % 2:
                return cancel(invoice, reason="Irrtum", by=owner, on=LATER)
            return pay(bank, part, (item, part), by=owner, on=LATER)

        refusals(at_once(act, 4))

        item.refresh_from_db()
        invoice.refresh_from_db()
        storno = OpenItem.objects.get(invoice__cancels=invoice)
        paid = sum(
            payment.amount for payment in Payment.objects.filter(allocations__open_item=item)
        )
        assert (item.outstanding, storno.outstanding) == (Decimal(0), -paid)
        assert_agree()


def test_whatever_happens_to_two_invoices_at_once_the_books_agree():
    owner = a_business()
    bank, customer = MoneyAccount.objects.get(), a_buyer(owner)
    first, second = (an_invoice(owner, customer=customer) for _ in range(2))
    items = [OpenItem.objects.get(pk=one.open_item_id) for one in (first, second)]
    old = pay(bank, "69.00", (items[0], "19.00"), by=owner)

    def act(number):
        match number % 8:
            case 0:
                return cancel(first, reason="Irrtum", by=owner, on=LATER)
            case 1:
                return reverse_payment(old, on=LATER, by=owner, reason="Rückgabe")
            case 2:
                return pay(bank, "100.00", (items[0], "100.00"), by=owner, on=LATER)
            case 3:
                both = [(items[1], "19.00"), (items[0], "1.00")]
                return pay(bank, "20.00", *both, by=owner, on=LATER)
            case 4:
                return apply_credit(old.credit, items[1], Decimal("50.00"), on=LATER, by=owner)
            case 5:
                used = apply_credit(old.credit, items[0], Decimal("25.00"), on=LATER, by=owner)
                return take_back(used, on=LATER, by=owner)
            case 6:
                return cancel(second, reason="Irrtum", by=owner, on=LATER)
            case 7:
                return lock_period(DAY.replace(month=4), by=owner, on=LATER)

    refusals(at_once(act, 16))
    assert_agree()


def test_the_same_payment_from_eight_windows_is_booked_once():
    owner = a_business()
    bank = MoneyAccount.objects.get()
    item = OpenItem.objects.get(pk=an_invoice(owner).open_item_id)
    seen = {item.pk: item.outstanding}

    def act(number):
        return pay(bank, "50.00", (item, "50.00"), by=owner, on=LATER, seen=seen)

    outcomes = at_once(act)
    assert refusals(outcomes) == [errors.CHANGED_MEANWHILE.code] * 7
    item.refresh_from_db()
    assert item.outstanding == Decimal("69.00")
    assert_agree()


def test_two_payments_that_both_want_the_whole_invoice_pay_it_once():
    owner = a_business()
    bank, customer = MoneyAccount.objects.get(), a_buyer(owner)
    first, second = (
        OpenItem.objects.get(pk=an_invoice(owner, customer=customer).open_item_id) for _ in "12"
    )

    def act(number):
        parts = [(first, "119.00"), (second, "119.00")]
        return pay(bank, "238.00", *(parts[::-1] if number % 2 else parts), by=owner, on=LATER)

    assert refusals(at_once(act)) == [errors.ALLOCATED_TOO_MUCH.code] * 7
    assert_agree()
