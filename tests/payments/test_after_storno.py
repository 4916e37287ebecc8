"""What happens to the money of an invoice once it is cancelled."""

import datetime
from decimal import Decimal

import pytest

from invoicing.cancelling import cancel
from invoicing.models import Invoice
from payments.allocating import apply_credit, take_back
from payments.recording import reverse_payment
from tests.invoicing.ledger import sums
from tests.payments.paying import owed, pay
from tests.trade import DAY, a_business, a_buyer, an_invoice
from workmate.ledger.models import Account, Entry, MoneyAccount, OpenItem

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=10)
EVEN_LATER = LATER + datetime.timedelta(days=10)


class Case:
    """An invoice over 119.00 EUR and the words for what is done about it."""

    def __init__(self):
        self.by = a_business()
        self.bank = MoneyAccount.objects.get()
        self.customer = a_buyer(self.by)
        self.invoice, self.item = self.another()

    def another(self) -> tuple[Invoice, OpenItem]:
        invoice = an_invoice(self.by, customer=self.customer)
        return invoice, OpenItem.objects.get(pk=invoice.open_item_id)

    def pay(self, amount, *parts, on=DAY):
        return pay(self.bank, amount, *parts, by=self.by, on=on)

    def cancel(self) -> OpenItem:
        storno = cancel(self.invoice, reason="Irrtum", by=self.by, on=LATER)
        return OpenItem.objects.get(pk=storno.open_item_id)

    def reverse(self, payment, on):
        reverse_payment(payment, on=on, by=self.by, reason="Rücklastschrift")


def test_a_payment_that_comes_back_leaves_nothing_owed():
    case = Case()
    payment = case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()
    assert owed(case.item, credit) == ["0.00", "-119.00"]

    case.reverse(payment, EVEN_LATER)

    assert owed(case.item, credit) == ["0.00", "0.00"]
    assert not OpenItem.objects.overdue(EVEN_LATER + datetime.timedelta(days=99))
    assert Account.objects.balances(on=EVEN_LATER).get(purpose="receivables").balance == 0


def test_a_reversal_dated_before_the_storno_is_settled_on_the_day_of_the_storno():
    case = Case()
    payment = case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()

    case.reverse(payment, DAY)

    assert owed(case.item, credit) == ["0.00", "0.00"]
    assert Entry.objects.get(act="open_items.offset").booked_on == LATER
    before = LATER - datetime.timedelta(days=1)
    assert OpenItem.objects.as_of(before).get(pk=case.item.pk).balance == Decimal("119.00")


def test_who_got_the_money_back_already_owes_a_payment_that_comes_back():
    case = Case()
    payment = case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()
    case.pay("-100.00", (credit, "-100.00"), on=LATER)

    case.reverse(payment, EVEN_LATER)

    assert owed(case.item, credit) == ["100.00", "0.00"]


def test_a_refund_that_comes_back_pays_what_is_open_of_its_pair():
    case = Case()
    payment = case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()
    refund = case.pay("-119.00", (credit, "-119.00"), on=LATER)
    case.reverse(payment, EVEN_LATER)
    assert owed(case.item, credit) == ["119.00", "0.00"]

    case.reverse(refund, EVEN_LATER)

    assert owed(case.item, credit) == ["0.00", "0.00"]


def test_a_credit_taken_back_from_a_cancelled_invoice_is_whole_again():
    case = Case()
    overpaid = case.another()[1]
    extra = case.pay("169.00", (overpaid, "119.00")).credit
    used = apply_credit(extra, case.item, Decimal("50.00"), on=DAY, by=case.by)
    credit = case.cancel()
    assert owed(case.item, credit, extra) == ["0.00", "-50.00", "0.00"]

    take_back(used, on=LATER, by=case.by)

    assert owed(case.item, credit, extra) == ["0.00", "0.00", "-50.00"]


def test_a_reversal_touches_no_other_invoice():
    case = Case()
    second = case.another()[1]
    payment = case.pay("238.00", (case.item, "119.00"), (second, "119.00"))
    credit = case.cancel()

    case.reverse(payment, EVEN_LATER)

    assert owed(case.item, credit, second) == ["0.00", "0.00", "119.00"]


def vat() -> tuple[Decimal, Decimal]:
    """What is owed of VAT, and what waits; liabilities are positive."""
    found = sums(Entry.objects.all())
    return tuple(-found.get(number, Decimal(0)) for number in ("1776", "1766"))


def test_the_vat_of_a_paid_and_cancelled_invoice_goes_with_the_money():
    case = Case()
    case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()
    assert vat() == (Decimal("19.00"), Decimal("-19.00"))

    first = case.pay("-40.00", (credit, "-40.00"), on=EVEN_LATER)
    assert vat() == (Decimal("12.61"), Decimal("-12.61"))
    case.pay("-79.00", (credit, "-79.00"), on=EVEN_LATER)
    assert vat() == (0, 0)
    entry = Entry.objects.filter(act="vat.returned").latest("pk")
    assert entry.booked_on == EVEN_LATER

    case.reverse(first, EVEN_LATER)
    assert vat() == (Decimal("6.39"), Decimal("-6.39"))


def test_the_vat_of_what_is_unpaid_goes_with_the_storno():
    case = Case()
    case.pay("50.00", (case.item, "50.00"))
    case.cancel()
    assert vat() == (Decimal("7.98"), Decimal("-7.98"))
    unpaid = Case.__new__(Case)
    unpaid.by, unpaid.bank, unpaid.customer = case.by, case.bank, case.customer
    unpaid.invoice, unpaid.item = unpaid.another()
    unpaid.cancel()
    assert vat() == (Decimal("7.98"), Decimal("-7.98"))


def test_a_credit_that_pays_the_new_invoice_leaves_its_vat_once():
    case = Case()
    case.pay("119.00", (case.item, "119.00"))
    credit = case.cancel()
    new = case.another()[1]
    apply_credit(credit, new, Decimal("119.00"), on=EVEN_LATER, by=case.by)
    assert owed(credit, new) == ["0.00", "0.00"]
    assert vat() == (Decimal("19.00"), 0)


def test_a_payment_of_a_cancelled_invoice_that_comes_back_leaves_no_vat():
    case = Case()
    payment = case.pay("119.00", (case.item, "119.00"))
    case.cancel()
    case.reverse(payment, EVEN_LATER)
    assert vat() == (0, 0)
