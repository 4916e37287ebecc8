"""Skonto and write-offs: what they do to claim, revenue and VAT, and how they go back."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing import errors as invoicing_errors
from invoicing.cancelling import cancel
from payments import errors
from payments.deducting import allowed_skonto, grant_skonto, take_back, write_off
from payments.models import Deduction, Payment
from payments.posting import shares
from payments.recording import reverse_payment
from tests.books import a_claim
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, IBAN, a_business, a_buyer, a_line, an_invoice
from workmate.errors import Problem
from workmate.ledger.models import Account, MoneyAccount

SKONTO = [{"days": 7, "percent": "2.00"}, {"days": 14, "percent": "1.00"}]
MIXED = [("100", "DE19"), ("100", "DE7")]


@pytest.fixture
def owner(db):
    return a_business()


@pytest.fixture
def bank(owner):
    return MoneyAccount.objects.get(iban=IBAN)


def sold(owner, *prices, **header):
    """An invoice with 2 % Skonto in 7 and 1 % in 14 days."""
    lines = [a_line(price, code) for price, code in prices or [("100", "DE19")]]
    return an_invoice(owner, lines=lines, cash_discounts=SKONTO, **header)


def days(number):
    return DAY + datetime.timedelta(days=number)


def booked(entry):
    """What an entry does: EUR by account."""
    return {line.account.number: str(line.amount) for line in entry.lines.select_related("account")}


def balance(number):
    return str(Account.objects.balances(on=days(99)).get(number=number).balance)


# Skonto


def test_skonto_goes_in_proportion_over_all_rates(owner, bank):
    invoice = sold(owner, *MIXED)
    payment = pay(
        bank,
        "221.48",
        (invoice.open_item, "221.48"),
        by=owner,
        skonto=[(invoice.open_item, Decimal("4.52"))],
    )
    assert owed(invoice.open_item) == ["0.00"]
    deduction = payment.deductions.get()
    assert booked(deduction.entry) == {
        "1400": "-4.52",
        "8736": "2.00",
        "1776": "0.38",
        "8731": "2.00",
        "1771": "0.14",
    }
    assert {str(line.tax_base) for line in deduction.entry.lines.exclude(tax_case=None)} == {"2.00"}


@pytest.mark.django_db
def test_in_skr04_skonto_has_the_accounts_of_that_chart():
    owner = a_business(chart="SKR04")
    invoice = sold(owner, *MIXED)
    entry = grant_skonto(invoice.open_item, Decimal("4.52"), on=DAY, by=owner).entry
    assert set(booked(entry)) == {"1200", "4736", "3806", "4731", "3801"}


def test_skonto_without_tax_lowers_the_revenue_itself(owner):
    invoice = sold(owner, ("100", "EXPORT"), customer=a_buyer(owner, country="CH"))
    entry = grant_skonto(invoice.open_item, Decimal("2.00"), on=DAY, by=owner).entry
    assert sorted(booked(entry).values()) == ["-2.00", "2.00"]


@pytest.mark.parametrize(
    ("day", "allowed"), [(0, "2.38"), (10, "2.38"), (11, "1.19"), (17, "1.19"), (18, "0")]
)
def test_each_step_of_skonto_has_three_days_of_grace(owner, day, allowed):
    assert allowed_skonto(sold(owner), paid_on=days(day)) == Decimal(allowed)


def test_more_skonto_than_agreed_is_refused_and_nothing_is_booked(owner, bank):
    invoice = sold(owner)
    with raises_problem(errors.SKONTO_TOO_HIGH):
        pay(
            bank,
            "116.61",
            (invoice.open_item, "116.61"),
            by=owner,
            skonto=[(invoice.open_item, Decimal("2.39"))],
        )
    assert Payment.objects.count() == 0
    assert owed(invoice.open_item) == ["119.00"]


def test_skonto_is_taken_once(owner):
    invoice = sold(owner)
    grant_skonto(invoice.open_item, Decimal("2.00"), on=DAY, by=owner)
    assert allowed_skonto(invoice, paid_on=DAY) == Decimal("0.38")


def test_skonto_goes_back_with_its_payment(owner, bank):
    invoice = sold(owner)
    skonto = [(invoice.open_item, Decimal("2.38"))]
    payment = pay(bank, "116.62", (invoice.open_item, "116.62"), by=owner, skonto=skonto)
    reverse_payment(payment, on=days(1), by=owner, reason="Irrtum")
    assert owed(invoice.open_item) == ["119.00"]
    assert payment.deductions.get().taken_back_on == days(1)
    assert [balance(number) for number in ("8736", "1776")] == ["0.00", "-19.00"]


# Write-offs


def test_a_write_off_takes_back_the_tax_of_each_rate(owner):
    invoice = sold(owner, *MIXED)
    entry = write_off(
        invoice.open_item, Decimal("226.00"), reason="Insolvenz", on=DAY, by=owner
    ).entry
    assert booked(entry) == {
        "1400": "-226.00",
        "2406": "100.00",
        "1776": "19.00",
        "2401": "100.00",
        "1771": "7.00",
    }


def test_a_small_rest_is_written_off(owner, bank):
    invoice = sold(owner)
    pay(bank, "118.98", (invoice.open_item, "118.98"), by=owner)
    deduction = write_off(
        invoice.open_item, Decimal("0.02"), reason="Kleinbetrag", on=DAY, by=owner
    )
    assert owed(invoice.open_item) == ["0.00"]
    assert sum(map(Decimal, booked(deduction.entry).values())) == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_write_off_needs_a_reason(owner, reason):
    with raises_problem(errors.REASON_MISSING):
        write_off(sold(owner).open_item, Decimal(1), reason=reason, on=DAY, by=owner)


@pytest.mark.parametrize("amount", ["119.01", "0", "-1"])
def test_no_more_is_written_off_than_is_open(owner, amount):
    item = sold(owner).open_item
    with pytest.raises(Problem):
        write_off(item, Decimal(amount), reason="Test", on=DAY, by=owner)
    assert owed(item) == ["119.00"]


def test_what_is_no_invoice_of_ours_cannot_be_deducted(owner):
    item = a_claim("119", by=owner)
    with raises_problem(errors.NOT_DEDUCTIBLE):
        write_off(item, Decimal(1), reason="Test", on=DAY, by=owner)


def test_a_deduction_is_taken_back_once(owner):
    invoice = sold(owner)
    deduction = write_off(invoice.open_item, Decimal(119), reason="Irrtum", on=DAY, by=owner)
    take_back(deduction, on=days(2), by=owner)
    assert owed(invoice.open_item) == ["119.00"]
    assert [balance(number) for number in ("2406", "1776")] == ["0.00", "-19.00"]
    with raises_problem(errors.DEDUCTION_TAKEN_BACK):
        take_back(deduction, on=days(2), by=owner)


def test_an_invoice_with_a_deduction_is_cancelled_only_after_it_went_back(owner):
    invoice = sold(owner)
    deduction = write_off(invoice.open_item, Decimal(19), reason="Irrtum", on=DAY, by=owner)
    with raises_problem(invoicing_errors.IS_DEDUCTED):
        cancel(invoice, by=owner, on=DAY, reason="Irrtum")
    take_back(deduction, on=DAY, by=owner)
    cancel(invoice, by=owner, on=DAY, reason="Irrtum")
    assert balance("1776") == "0.00"


# Many at once


@pytest.mark.django_db(transaction=True)
def test_skonto_asked_for_by_many_is_granted_once():
    owner = a_business()
    invoice = sold(owner)
    at_once(lambda _: grant_skonto(invoice.open_item, Decimal("2.38"), on=DAY, by=owner), 4)
    assert Deduction.objects.count() == 1
    assert owed(invoice.open_item) == ["116.62"]


@pytest.mark.django_db(transaction=True)
def test_an_invoice_is_either_cancelled_or_written_off():
    owner = a_business()
    acts = [
        lambda item, invoice: cancel(invoice, by=owner, on=DAY, reason="Irrtum"),
        lambda item, invoice: write_off(item, Decimal(119), reason="Test", on=DAY, by=owner),
    ]
    for _ in range(3):
        invoice = sold(owner)
        found = at_once(lambda n, one=invoice: acts[n](one.open_item, one), 2)
        assert sum(isinstance(one, Problem) for one in found) == 1
        assert owed(invoice.open_item) == ["0.00"]
    assert balance("1776") == "0.00"


# Arithmetic


CENTS = st.integers(min_value=1, max_value=9_999_999)


@given(CENTS, st.lists(CENTS, min_size=1, max_size=6))
def test_shares_add_up_and_lie_next_to_the_exact_value(cents, weights_in_cents):
    amount = Decimal(cents) / 100
    weights = [Decimal(weight) / 100 for weight in weights_in_cents]
    parts = shares(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) <= Decimal("0.01")
