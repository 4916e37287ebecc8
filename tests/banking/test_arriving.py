"""What Stripe has paid out arrives on the statement once, and can be taken back."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from banking import arriving, errors, tasks
from banking.arriving import possible, take_arrival
from banking.dismissing import unignore
from banking.models import Dismissal, Transaction
from banking.running import match_all
from payments.stripe import payouts
from payments.stripe.models import StripeAccount, StripePayout
from tests.banking.bank import a_transaction, an_account
from tests.books import books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import roles
from workmate.ledger.models import Line, MoneyAccount
from workmate.ledger.money_accounts import open_money_account
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
TEXT = "STRIPE PAYMENTS EUROPE Auszahlung"


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


def a_payout(user, number="po_1", *, amount="116.96", day=date(2026, 10, 5)):
    transit = MoneyAccount.objects.filter(kind=MoneyAccount.Kind.TRANSIT).first()
    transit = transit or open_money_account("Stripe", kind=MoneyAccount.Kind.TRANSIT, by=user)
    StripeAccount.objects.get_or_create(pk=1, defaults={"money_account": transit})
    return StripePayout.objects.create(
        payout_id=number, amount=amount, currency="EUR", arrival_date=day, state="paid"
    )


def in_transit():
    """What the books say of the transit account."""
    account = StripeAccount.objects.get().money_account.account
    return sum((line.amount for line in Line.objects.filter(account=account)), Decimal(0))


def test_a_payout_arrives_by_itself_and_the_booking_is_decided(account, user):
    payout = a_payout(user)
    row = a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 1
    payout.refresh_from_db()
    assert payout.bank_row.transaction == row
    assert in_transit() == Decimal("-116.96")
    assert not Transaction.objects.open().exists()


def test_bringing_the_booking_back_takes_the_arrival_back(account, user):
    payout = a_payout(user)
    row = a_transaction(account, "116.96", TEXT, by=user)
    take_arrival(row, payout, by=user)
    unignore(row, by=user)
    payout.refresh_from_db()
    assert (payout.arrival, in_transit()) == (None, 0)
    take_arrival(row, payout, by=user)
    assert in_transit() == Decimal("-116.96")


def test_an_arrival_booked_by_hand_is_named_and_not_booked_again(account, user):
    payout = a_payout(user)
    payouts.arrive(payout, account.money_account, on=date(2026, 10, 5), by=user)
    a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 1
    assert in_transit() == Decimal("-116.96")


@pytest.mark.parametrize(
    ("amount", "text", "day"),
    [
        ("116.96", "Miete", "05.10.26"),
        ("116.95", TEXT, "05.10.26"),
        ("116.96", TEXT, "30.10.26"),
        ("-116.96", TEXT, "05.10.26"),
    ],
)
def test_what_leaves_a_doubt_waits_for_a_person(account, user, amount, text, day):
    a_payout(user)
    a_transaction(account, amount, text, by=user, day=day)
    assert match_all(account, by=user)["matched"] == 0
    assert in_transit() == 0


def test_two_payouts_of_one_amount_are_for_a_person(account, user):
    a_payout(user)
    a_payout(user, "po_2", day=date(2026, 10, 6))
    row = a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 0
    assert [payout.payout_id for payout in possible(row)] == ["po_1", "po_2"]


@pytest.mark.parametrize("said", ["po_1AbCdEfG", "TRACE-778899"])
def test_its_number_tells_which_of_two_has_arrived(account, user, said):
    other = a_payout(user)
    payout = a_payout(user, "po_1AbCdEfG")
    StripePayout.objects.filter(pk=payout.pk).update(trace_id="TRACE-778899")
    row = a_transaction(account, "116.96", f"Gutschrift {said.lower()}", by=user)
    a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 2
    payout.refresh_from_db()
    other.refresh_from_db()
    assert payout.bank_row.transaction == row
    assert other.bank_row.transaction != row


def test_an_arrival_booked_on_another_account_is_no_arrival_here(account, user):
    payout = a_payout(user)
    savings = an_account(user, iban="DE02120300000000202051", name="Rücklagen")
    payouts.arrive(payout, savings.money_account, on=date(2026, 10, 5), by=user)
    row = a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 0
    assert possible(row) == []
    payout.refresh_from_db()
    with raises_problem(errors.NOT_THIS_PAYOUT):
        take_arrival(row, payout, by=user)


def test_another_amount_is_refused(account, user):
    row = a_transaction(account, "100.00", TEXT, by=user)
    with raises_problem(errors.NOT_THIS_PAYOUT):
        take_arrival(row, a_payout(user), by=user)
    assert in_transit() == 0


def test_the_screen_books_an_arrival_and_undoes_it(account, user, client):
    payout = a_payout(user)
    row = a_transaction(account, "116.96", "Gutschrift", by=user)
    client.force_login(user)
    page = client.get(reverse("banking:reconcile")).text
    assert "Stripe-Auszahlung vom 05.10.2026" in page
    client.post(reverse("banking:payout_arrival", args=[row.pk]), {"auszahlung": payout.pk})
    assert in_transit() == Decimal("-116.96")
    client.post(reverse("banking:dismissal_undo", args=[row.pk]))
    assert in_transit() == 0


def test_the_api_books_an_arrival(account, user, client):
    payout = a_payout(user)
    row = a_transaction(account, "116.96", "Gutschrift", by=user)
    client.force_login(user)
    address = f"/api/v1/transactions/{row.pk}/payout-arrival/"
    answer = client.post(address, {"payout": payout.pk}, content_type="application/json")
    assert answer.json()["reason"] == "Stripe-Auszahlung vom 05.10.2026"
    assert in_transit() == Decimal("-116.96")


@pytest.mark.parametrize("taken_back", [True, False])
def test_the_booking_of_a_payout_that_failed_waits_again(account, user, taken_back):
    payout = a_payout(user)
    row = a_transaction(account, "116.96", TEXT, by=user)
    assert match_all(account, by=user)["matched"] == 1
    StripePayout.objects.update(state=StripePayout.State.FAILED)
    payout.refresh_from_db()
    if taken_back:  # as its event does
        payouts.take_back(payout, by=user)

    tasks.recall_arrivals()
    assert list(Transaction.objects.open()) == [row]
    assert in_transit() == 0
    assert AuditEvent.objects.filter(event="transaction.recalled").count() == 1
    assert match_all(account, by=user)["matched"] == 0
    assert arriving.recall_failed(by=user) == 0


def test_the_booking_of_a_payout_that_arrived_stays_decided(account, user):
    a_payout(user)
    a_transaction(account, "116.96", TEXT, by=user)
    match_all(account, by=user)
    assert arriving.recall_failed(by=user) == 0
    assert not Transaction.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_two_bookings_at_once_take_one_arrival():
    user = books()
    account = an_account(user)
    payout = a_payout(user)
    rows = [a_transaction(account, "116.96", f"{TEXT} {at}", by=user) for at in range(3)]
    results = at_once(lambda at: take_arrival(rows[at], payout, by=user), 3)
    assert sum(isinstance(result, Dismissal) for result in results) == 1
    assert in_transit() == Decimal("-116.96")
