import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import errors
from payments.allocating import apply_credit, suggest, take_back
from tests.books import DAY, a_claim
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from workmate.ledger import errors as ledger_errors
from workmate.ledger.models import OpenItem
from workmate.models import AuditEvent

LATER = datetime.date(2026, 6, 20)


def an_item(pk, outstanding, day=1):
    return OpenItem(pk=pk, outstanding=Decimal(outstanding), due_date=datetime.date(2026, 5, day))


def parts(amount, *items):
    return {pk: str(part) for pk, part in suggest(Decimal(amount), items).items()}


def test_the_item_of_just_that_amount_comes_first():
    assert parts("50.00", an_item(1, "80.00", 1), an_item(2, "50.00", 9)) == {2: "50.00"}


def test_otherwise_the_oldest_is_paid_first():
    items = [an_item(1, "80.00", 9), an_item(2, "40.00", 1), an_item(3, "40.00", 20)]
    assert parts("100.00", *items) == {2: "40.00", 1: "60.00"}


def test_credits_get_nothing_of_money_that_came_in():
    assert parts("50.00", an_item(1, "-80.00"), an_item(2, "30.00")) == {2: "30.00"}
    assert parts("-50.00", an_item(1, "-80.00"), an_item(2, "30.00")) == {1: "-50.00"}


money = st.decimals("-999.99", "999.99", places=2)


@given(money.filter(bool), st.lists(money, max_size=8))
def test_never_more_is_spread_than_there_is_or_than_is_open(amount, outstanding):
    items = {pk: an_item(pk, value) for pk, value in enumerate(outstanding)}
    spread = suggest(amount, items.values())
    assert abs(sum(spread.values())) <= abs(amount)
    for pk, part in spread.items():
        assert part * items[pk].outstanding > 0
        assert abs(part) <= abs(items[pk].outstanding)


@pytest.mark.django_db
def test_a_credit_is_used_for_another_invoice(by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, number="RE-7")
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    settlement = apply_credit(credit, invoice, Decimal("30.00"), on=LATER, by=by)
    assert owed(invoice, credit) == ["70.00", "0.00"]
    assert str(settlement) == "Guthaben Muster GmbH auf RE-7"
    assert AuditEvent.objects.get(event="credit.applied").payload["amount"] == "30.00"


@pytest.mark.django_db
def test_an_invoice_is_no_credit(by, customer):
    items = [a_claim("100.00", by=by, partner=customer) for _ in range(2)]
    with raises_problem(errors.NOT_A_CREDIT):
        apply_credit(*items, Decimal("30.00"), on=LATER, by=by)


@pytest.mark.django_db
def test_a_credit_does_not_pay_for_others_nor_more_than_it_is(by, bank, customer):
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    with raises_problem(ledger_errors.NOT_OPPOSITE):
        apply_credit(credit, a_claim("100.00", by=by), Decimal("30.00"), on=LATER, by=by)
    own = a_claim("100.00", by=by, partner=customer)
    with raises_problem(ledger_errors.SETTLES_TOO_MUCH):
        apply_credit(credit, own, Decimal("30.01"), on=LATER, by=by)


@pytest.mark.django_db
def test_taking_it_back_restores_both_once(by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer)
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    settlement = apply_credit(credit, invoice, Decimal("20.00"), on=DAY, by=by)
    assert take_back(settlement, on=LATER, by=by).taken_back_on == LATER
    assert owed(invoice, credit) == ["100.00", "-30.00"]
    with raises_problem(errors.SETTLEMENT_TAKEN_BACK):
        take_back(settlement, on=LATER, by=by)
