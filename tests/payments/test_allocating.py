import datetime
from decimal import Decimal

import pytest

from payments import errors
from payments.allocating import apply_credit, take_back
from tests.books import DAY, a_claim
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from workmate.ledger import errors as ledger_errors
from workmate.models import AuditEvent

LATER = datetime.date(2026, 6, 20)


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
