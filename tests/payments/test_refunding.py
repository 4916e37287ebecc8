"""Fees of a bank, credits paid out, and direct debits that come back."""

import datetime
from decimal import Decimal

import pytest

from payments import errors
from payments.charging import charge_fee, take_back_fee
from payments.models import Payment
from payments.recording import reverse_payment
from payments.refunding import refund, return_debit
from tests.books import DAY, a_claim
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.threads import at_once
from workmate.errors import Problem
from workmate.ledger.models import Account

LATER = DAY + datetime.timedelta(days=5)
FEE = Decimal("1.50")


def balances(bank):
    """What lies on the bank account and what fees have cost."""
    found = dict(Account.objects.balances(on=LATER).values_list("number", "balance"))
    return str(found[bank.account.number]), str(found["4970"])


def test_with_a_fee_the_claim_is_settled_in_full_and_the_account_gets_the_rest(by, bank):
    item = a_claim("119", by=by)
    payment = pay(bank, "119", (item, "119"), by=by, fee=FEE)
    assert owed(item) == ["0.00"]
    assert balances(bank) == ("117.50", "1.50")
    assert [str(fee.amount) for fee in payment.fees.all()] == ["1.50"]


def test_a_payment_taken_back_takes_its_fee_along(by, bank):
    item = a_claim("119", by=by)
    payment = pay(bank, "119", (item, "119"), by=by, fee=FEE)
    reverse_payment(payment, on=DAY, by=by, reason="Irrtum")
    assert balances(bank) == ("0.00", "0.00")


def test_a_fee_is_taken_back_once(by, bank):
    payment = pay(bank, "119", (a_claim("119", by=by), "119"), by=by)
    fee = charge_fee(payment, FEE, text="Entgelt", on=DAY, by=by)
    take_back_fee(fee, on=DAY, by=by)
    assert balances(bank) == ("119.00", "0.00")
    with raises_problem(errors.FEE_TAKEN_BACK):
        take_back_fee(fee, on=DAY, by=by)


@pytest.mark.parametrize("fee", ["0", "-1", "119"])
def test_a_fee_is_more_than_nothing_and_less_than_the_payment(by, bank, fee):
    payment = pay(bank, "119", (a_claim("119", by=by), "119"), by=by)
    with raises_problem(errors.FEE_UNFIT):
        charge_fee(payment, Decimal(fee), text="Entgelt", on=DAY, by=by)


def test_a_returned_debit_opens_the_claim_again_and_costs_a_fee(by, bank):
    item = a_claim("119", by=by)
    payment = pay(bank, "119", (item, "119"), by=by)
    reversal = return_debit(payment, on=LATER, by=by, reason="Konto erloschen", fee=FEE)
    assert owed(item) == ["119.00"]
    assert (reversal.reason, reversal.reversed_on) == ("Rücklastschrift: Konto erloschen", LATER)
    assert balances(bank) == ("-1.50", "1.50")


def test_what_a_provider_kept_stays_an_expense_when_the_debit_returns(by, bank):
    payment = pay(bank, "119", (a_claim("119", by=by), "119"), by=by, fee=FEE)
    return_debit(payment, on=LATER, by=by, reason="Widerspruch")
    assert balances(bank) == ("-1.50", "1.50")


def test_money_that_we_paid_out_is_not_returned(by, bank, customer):
    pay(bank, "50", by=by, partner=customer)
    payment = refund(
        customer.open_items.get(),
        Decimal(50),
        money_account=bank,
        method=Payment.Method.TRANSFER,
        on=DAY,
        by=by,
    )
    with raises_problem(errors.NOT_RETURNABLE):
        return_debit(payment, on=DAY, by=by, reason="Test")


def test_a_credit_is_paid_out_once_by_many_at_once_and_comes_back_with_its_payment(
    by, bank, customer
):
    pay(bank, "50", by=by, partner=customer)
    credit = customer.open_items.get()
    terms = {"money_account": bank, "method": Payment.Method.TRANSFER, "on": DAY, "by": by}
    payment = refund(credit, Decimal(50), **terms)
    assert (owed(credit), payment.amount) == (["0.00"], Decimal(-50))
    with raises_problem(errors.NOT_A_CREDIT):
        refund(credit, Decimal(50), **terms)
    reverse_payment(payment, on=DAY, by=by, reason="Irrtum")
    assert owed(credit) == ["-50.00"]


@pytest.mark.django_db(transaction=True)
def test_refunds_at_once_never_pay_more_than_the_credit(by, bank, customer):
    pay(bank, "50", by=by, partner=customer)
    credit = customer.open_items.get()
    terms = {"money_account": bank, "method": Payment.Method.TRANSFER, "on": DAY, "by": by}
    found = at_once(lambda _: refund(credit, Decimal(30), **terms), 4)
    assert sum(isinstance(one, Problem) for one in found) == 3
    assert owed(credit) == ["-20.00"]


@pytest.mark.django_db(transaction=True)
def test_a_debit_returns_once(by, bank):
    item = a_claim("119", by=by)
    payment = pay(bank, "119", (item, "119"), by=by)
    at_once(lambda _: return_debit(payment, on=LATER, by=by, reason="Widerspruch", fee=FEE), 4)
    assert owed(item) == ["119.00"]
    assert balances(bank) == ("-1.50", "1.50")
