"""One transaction makes one payment; undoing opens everything again; doubt waits for a person."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from banking import errors
from banking.dismissing import ignore, unignore
from banking.models import Match, Transaction
from banking.reconciling import match, propose, undo
from banking.running import match_all
from payments import errors as payment_errors
from payments.models import Payment
from payments.recording import reverse_payment
from tests.banking.bank import PAYER, a_transaction, an_account
from tests.books import a_claim, a_customer, books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate.ledger.models import OpenItem
from workmate.ledger.periods import lock_period
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def test_a_match_makes_one_payment_and_settles_the_item(account, user):
    item = a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user)
    made = match(row, [(item, Decimal("119.00"))], by=user, score=90, reasons=["Betrag genau"])
    item.refresh_from_db()
    assert item.outstanding == 0
    payment = Payment.objects.get()
    assert made.payment == payment
    assert payment.money_account == account.money_account
    assert (payment.received_on, payment.amount) == (date(2026, 10, 5), Decimal("119.00"))
    assert AuditEvent.objects.filter(event="transaction.matched").count() == 1


def test_undoing_reverses_the_payment_and_opens_both_sides(account, user):
    """Trap 16."""
    item = a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user)
    made = match(row, [(item, Decimal("119.00"))], by=user)
    undo(made, by=user)
    item.refresh_from_db()
    assert item.outstanding == Decimal("119.00")
    assert Payment.objects.get().reversal.reversed_on == date(2026, 10, 5)
    assert list(Transaction.objects.open()) == [row]
    again = match(row, [(item, Decimal("119.00"))], by=user)
    assert again.payment != made.payment


def test_undoing_in_a_locked_month_is_booked_on_the_first_open_day(account, user):
    item = a_claim("119.00", by=user)
    made = match(a_transaction(account, "119.00", by=user), [(item, Decimal("119.00"))], by=user)
    lock_period(date(2026, 10, 1), by=user, on=TODAY)
    undo(made, by=user)
    assert made.payment.reversal.reversed_on == date(2026, 11, 1)


def test_a_match_is_undone_once(account, user):
    item = a_claim("119.00", by=user)
    made = match(a_transaction(account, "119.00", by=user), [(item, Decimal("119.00"))], by=user)
    undo(made, by=user)
    with raises_problem(errors.ALREADY_UNDONE):
        undo(made, by=user)


def test_a_payment_reversed_elsewhere_opens_the_transaction(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "119.00", by=user)
    made = match(row, [(item, Decimal("119.00"))], by=user)
    reverse_payment(made.payment, on=TODAY, by=user, reason="Irrtum")
    assert list(Transaction.objects.open()) == [row]
    match(row, [(item, Decimal("119.00"))], by=user)
    assert Match.objects.live().count() == 1


def test_a_match_row_cannot_be_changed_or_deleted(account, user):
    item = a_claim("119.00", by=user)
    match(a_transaction(account, "119.00", by=user), [(item, Decimal("119.00"))], by=user)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Match.objects.update(score=1)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Match.objects.all().delete()


def test_a_transaction_is_matched_once(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "50.00", by=user)
    match(row, [(item, Decimal("50.00"))], by=user)
    with raises_problem(errors.ALREADY_MATCHED):
        match(row, [(item, Decimal("50.00"))], by=user)


def test_a_pending_transaction_is_never_reconciled(account, user):
    item = a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user, info="Umsatz vorgemerkt")
    assert propose(row) == []
    assert match_all(account, by=user)["checked"] == 0
    with raises_problem(errors.STILL_PENDING):
        match(row, [(item, Decimal("119.00"))], by=user)


def test_a_transaction_of_nothing_needs_no_decision(account, user):
    row = a_transaction(account, "0.00", by=user)
    assert not Transaction.objects.open().exists()
    with raises_problem(errors.NOTHING_MOVED):
        ignore(row, "leer", by=user)


def test_several_items_are_one_payment(account, user):
    partner = a_customer()
    items = [
        a_claim("100.00", by=user, partner=partner, number="RE-2026-0001"),
        a_claim("50.00", by=user, partner=partner, number="RE-2026-0002"),
    ]
    a_transaction(account, "150.00", "RE-2026-0001 RE-2026-0002", by=user)
    assert match_all(account, by=user)["matched"] == 1
    assert Payment.objects.get().allocations.count() == 2
    for item in items:
        item.refresh_from_db()
        assert item.outstanding == 0


def test_what_is_paid_too_much_becomes_the_customers_credit(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "150.00", by=user)
    made = match(row, [(item, Decimal("119.00"))], by=user)
    made.payment.credit.refresh_from_db()
    assert made.payment.credit.outstanding == Decimal("-31.00")


def test_a_whole_transaction_can_become_a_credit(account, user):
    row = a_transaction(account, "150.00", by=user)
    made = match(row, [], by=user, partner=a_customer())
    made.payment.credit.refresh_from_db()
    assert made.payment.credit.outstanding == Decimal("-150.00")


def test_more_than_the_transaction_holds_is_refused(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "50.00", by=user)
    with raises_problem(errors.TOO_MUCH_ALLOCATED):
        match(row, [(item, Decimal("119.00"))], by=user)
    with raises_problem(errors.NOTHING_CHOSEN):
        match(row, [], by=user)


def test_a_transaction_of_a_locked_month_is_booked_on_the_first_open_day(account, user):
    item = a_claim("119.00", by=user, number="RE-2026-0001")
    a_transaction(account, "119.00", "RE-2026-0001", by=user)
    lock_period(date(2026, 10, 1), by=user, on=TODAY)
    assert match_all(account, by=user) == {
        "checked": 1,
        "matched": 1,
        "failed": 0,
        "above_ceiling": 0,
        "broken_rules": [],
    }
    payment = Payment.objects.get()
    assert (payment.received_on, payment.entry.booked_on) == (date(2026, 10, 5), date(2026, 11, 1))
    before = OpenItem.objects.as_of(date(2026, 10, 31)).get(pk=item.pk)
    assert before.balance == Decimal("119.00")


def test_what_was_undone_in_a_locked_month_can_be_matched_again(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "119.00", by=user)
    first = match(row, [(item, Decimal("119.00"))], by=user)
    lock_period(date(2026, 10, 1), by=user, on=TODAY)
    undo(first, by=user)
    second = match(row, [(item, Decimal("119.00"))], by=user)
    assert second.payment.entry.booked_on == date(2026, 11, 1)
    undo(second, by=user)
    assert second.payment.reversal.reversed_on == date(2026, 11, 1)
    with raises_problem(payment_errors.REVERSED_TOO_EARLY):
        again = match(row, [(item, Decimal("119.00"))], by=user)
        reverse_payment(again.payment, on=date(2026, 10, 31), by=user, reason="zu früh")


def test_ignoring_needs_a_reason_and_can_be_taken_back(account, user):
    row = a_transaction(account, "-12.50", "Kontoführung", by=user)
    with raises_problem(errors.REASON_MISSING):
        ignore(row, "  ", by=user)
    ignore(row, "Bankgebühr", by=user)
    assert not Transaction.objects.open().exists()
    with raises_problem(errors.DISMISSED):
        match(row, [(a_claim("5.00", by=user), Decimal("5.00"))], by=user)
    unignore(row, by=user)
    assert list(Transaction.objects.open()) == [row]
    with raises_problem(errors.NOT_DISMISSED):
        unignore(row, by=user)


def test_doubt_waits_for_a_person(account, user):
    a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "Danke", by=user)
    assert match_all(account, by=user) == {
        "checked": 1,
        "matched": 0,
        "failed": 0,
        "above_ceiling": 0,
        "broken_rules": [],
    }
    assert propose(row) == []  # 30 points are below what the company wants to see


def test_a_longer_number_does_not_pay_the_shorter_invoice(account, user):
    """Trap 8."""
    a_claim("119.00", by=user, number="RE-2026-1000")
    a_transaction(account, "119.00", "RE-2026-10001", by=user)
    assert match_all(account, by=user)["matched"] == 0


def test_a_second_transfer_is_proposed_as_a_credit_not_matched(account, user):
    """Trap 8."""
    a_claim("119.00", by=user, number="RE-2026-0001")
    a_transaction(account, "119.00", "RE-2026-0001", by=user)
    second = a_transaction(account, "119.00", "RE-2026-0001", by=user, day="06.10.26")
    assert match_all(account, by=user)["matched"] == 1
    assert list(Transaction.objects.open()) == [second]
    proposal = propose(second)[0]
    assert proposal.allocations == ()
    assert proposal.rest == Decimal("119.00")


def test_the_payers_iban_is_learnt_from_matches(account, user):
    partner = a_customer("Kundig GmbH")
    for number in range(3):
        item = a_claim("10.00", by=user, partner=partner, number=f"RE-2026-000{number}")
        row = a_transaction(
            account,
            "10.00",
            f"RE-2026-000{number}",
            by=user,
            iban=PAYER,
            day=f"0{number + 1}.10.26",
        )
        match(row, [(item, Decimal("10.00"))], by=user)
    a_claim("77.00", by=user, partner=partner, number="RE-2026-0009")
    row = a_transaction(account, "77.00", "Danke", by=user, iban=PAYER, name="Kundig")
    assert "IBAN bekannt seit 3 Zahlungen" in propose(row)[0].reasons
    assert match_all(account, by=user)["matched"] == 1


def test_the_number_of_queries_of_a_proposal_does_not_grow(
    account, user, django_assert_num_queries
):
    a_claim("1.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user, iban=PAYER)
    with django_assert_num_queries(6):  # with Skonto and sums of SEPA files
        propose(row)
    for number in range(2, 5):
        a_claim("1.00", by=user, number=f"RE-2026-000{number}")
    with django_assert_num_queries(6):  # with Skonto and sums of SEPA files
        propose(row)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_book_once():
    user = books()
    account = an_account(user)
    for number in range(1, 4):
        a_claim("119.00", by=user, number=f"RE-2026-000{number}")
        a_transaction(account, "119.00", f"RE-2026-000{number}", by=user, day=f"0{number}.10.26")
    results = at_once(lambda _: match_all(account, by=user), 4)
    assert sorted(result["matched"] for result in results) == [0, 0, 0, 3]
    assert Payment.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_match_once():
    user = books()
    account = an_account(user)
    item = a_claim("500.00", by=user)
    row = a_transaction(account, "119.00", by=user, iban=PAYER)
    results = at_once(lambda _: match(row, [(item, Decimal("119.00"))], by=user), 6)
    assert sum(isinstance(result, Match) for result in results) == 1
    assert {result.code for result in results if not isinstance(result, Match)} == {
        errors.ALREADY_MATCHED.code
    }
    assert Payment.objects.count() == 1


def state_of(row: Transaction) -> str:
    return Transaction.objects.get(pk=row.pk).state


def test_the_state_of_a_transaction_follows_what_happens_to_it(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "119.00", by=user)
    states = [state_of(row)]
    made = match(row, [(item, Decimal("119.00"))], by=user)
    states.append(state_of(row))
    undo(made, by=user)
    states.append(state_of(row))
    ignore(row, "Irrtum", by=user)
    states.append(state_of(row))
    unignore(row, by=user)
    states.append(state_of(row))
    again = match(row, [(item, Decimal("119.00"))], by=user)
    reverse_payment(again.payment, on=TODAY, by=user, reason="Rücklastschrift")
    states.append(state_of(row))
    assert states == ["open", "matched", "open", "dismissed", "open", "open"]


def test_the_state_of_a_transaction_cannot_be_set(account, user):
    item = a_claim("119.00", by=user)
    row = a_transaction(account, "119.00", by=user)
    match(row, [(item, Decimal("119.00"))], by=user)
    Transaction.objects.filter(pk=row.pk).update(state=Transaction.State.OPEN)
    assert state_of(row) == Transaction.State.MATCHED


def test_a_credit_that_the_text_names_is_settled_with_its_invoice(user, account):
    partner = a_customer()
    claim = a_claim("100.00", by=user, partner=partner, number="RE-2026-0001")
    credit = a_claim("-30.00", by=user, partner=partner, number="KR-2026-0001")
    a_transaction(account, "70.00", "RE-2026-0001 abzgl. KR-2026-0001", by=user)
    assert match_all(account, by=user)["matched"] == 1
    for item in (claim, credit):
        item.refresh_from_db()
        assert item.outstanding == 0
