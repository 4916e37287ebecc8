"""Which invoices are collected, by which mandate, when, and only once."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from payments.models import Batch, Mandate, Order
from payments.sepa import errors
from payments.sepa.collecting import candidates, collect, due_day
from payments.sepa.mandates import revoke
from payments.sepa.releasing import discard, remove
from tests.payments.paying import pay
from tests.payments.sepa.debits import TODAY, a_batch, a_collector, a_debit, a_mandate
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_buyer, an_invoice
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.models import Company

pytestmark = pytest.mark.django_db
LATER = TODAY + datetime.timedelta(days=30)


@pytest.fixture
def by():
    return a_collector()


def offered(until=LATER, on=TODAY):
    return [one.invoice.number for one in candidates(until=until, on=on)]


def test_offered_is_what_announced_a_debit_and_is_open(by):
    wanted = a_debit(by)
    an_invoice(by)  # to be transferred
    paid = a_debit(by)
    pay(MoneyAccount.objects.get(), "119", (paid.open_item, "119"), by=by)
    assert offered() == [wanted.number]
    assert offered(until=wanted.due_date - datetime.timedelta(days=1)) == []


def test_one_that_is_in_a_batch_is_offered_again_when_it_leaves_it(by):
    invoice = a_debit(by)
    batch = a_batch(by, invoice)
    assert offered() == []
    remove(batch.orders.get(), by=by)
    assert offered() == [invoice.number]
    discard(a_batch(by, invoice), by=by)
    assert offered() == [invoice.number]


def test_an_order_says_what_is_open_to_whom_by_which_mandate(by):
    mandate = a_mandate(by, reference="M-7", holder="Müller KG")
    invoice = a_debit(by, mandate=mandate)
    pay(MoneyAccount.objects.get(), "19", (invoice.open_item, "19"), by=by)
    order = a_batch(by, invoice).orders.get()
    assert (order.amount, order.name, order.iban) == (
        Decimal("100.00"),
        "Mueller KG",
        "DE89370400440532013000",
    )
    assert order.mandate == mandate
    assert order.purpose == f"Rechnung {invoice.number}"
    assert order.end_to_end_id == f"{invoice.number}-E{order.pk}"


@pytest.mark.parametrize(
    ("issued", "days", "notice", "on", "due"),
    [
        ("2026-05-04", 14, 14, "2026-05-04", "2026-05-18"),  # as the invoice says
        ("2026-05-04", 3, 14, "2026-05-04", "2026-05-18"),  # the notice has not run
        ("2026-05-04", 3, 2, "2026-05-04", "2026-05-07"),
        ("2026-05-04", 12, 5, "2026-05-04", "2026-05-18"),  # Saturday → Monday
        ("2026-05-04", 14, 14, "2026-06-10", "2026-06-12"),  # late: a settling day between
        ("2026-03-20", 14, 14, "2026-03-20", "2026-04-07"),  # Good Friday → Tuesday
        ("2026-03-20", 14, 14, "2026-04-02", "2026-04-08"),
    ],
)
def test_the_day_of_a_debit(issued, days, notice, on, due):
    issued, on = datetime.date.fromisoformat(issued), datetime.date.fromisoformat(on)
    due_on = issued + datetime.timedelta(days=days)
    found = due_day(issued, due_on, notice_days=notice, on=on)
    assert found == datetime.date.fromisoformat(due)


def test_the_notice_is_that_of_the_company(by):
    invoice = a_debit(by, payment_terms_days=3)
    assert candidates(until=LATER, on=DAY)[0].due_on == datetime.date(2026, 5, 18)
    Company.objects.update(sepa_notice_days=2)
    assert candidates(until=LATER, on=DAY)[0].due_on == invoice.due_date


def test_a_revoked_mandate_collects_nothing(by):
    mandate = a_mandate(by)
    invoice = a_debit(by, mandate=mandate)
    revoke(mandate, on=TODAY, by=by)
    told = f"Mandat {mandate.reference} ist seit dem 20.05.2026 widerrufen"
    assert candidates(until=LATER, on=TODAY)[0].refusal == told
    with raises_problem(errors.NOT_COLLECTABLE):
        a_batch(by, invoice)


def test_an_ended_mandate_collects_nothing(by):
    mandate = a_mandate(by, signed_on=datetime.date(2023, 5, 10))
    invoice = a_debit(by, mandate=mandate)
    told = f"Mandat {mandate.reference} ist am 10.05.2026 abgelaufen, 36 Monate ungenutzt"
    assert candidates(until=LATER, on=TODAY)[0].refusal == told
    with raises_problem(errors.NOT_COLLECTABLE) as problem:
        a_batch(by, invoice)
    assert told in problem.value.message


def test_the_latest_mandate_that_works_is_used_and_else_the_latest_says_why_not(by):
    customer = a_buyer(by)
    old = a_mandate(by, customer=customer, reference="ALT", signed_on=datetime.date(2026, 1, 5))
    new = a_mandate(by, customer=customer, reference="NEU", signed_on=datetime.date(2026, 2, 5))
    a_debit(by, mandate=new)
    revoke(new, on=TODAY, by=by)
    assert [one.mandate for one in candidates(until=LATER, on=TODAY)] == [old]
    revoke(old, on=TODAY, by=by)
    (found,) = candidates(until=LATER, on=TODAY)
    assert found.refusal == "Mandat NEU ist seit dem 20.05.2026 widerrufen"
    Mandate.objects.all().delete()
    assert [one.refusal for one in candidates(until=LATER, on=TODAY)] == ["kein Mandat"]


def test_a_single_mandate_collects_one_invoice(by):
    mandate = a_mandate(by, kind="one_off")
    first, second = a_debit(by, mandate=mandate), a_debit(by, mandate=mandate)
    with raises_problem(errors.NOT_COLLECTABLE):
        a_batch(by, first, second)
    a_batch(by, first)
    told = f"Mandat {mandate.reference} ist einmalig und schon in einem Auftrag"
    assert [one.refusal for one in candidates(until=LATER, on=TODAY)] == [told]
    with raises_problem(errors.NOT_COLLECTABLE):
        a_batch(by, second)


def test_core_and_b2b_never_share_a_file(by):
    core, b2b = a_debit(by), a_debit(by, mandate=a_mandate(by, scheme="B2B"))
    with raises_problem(errors.NOT_COLLECTABLE):
        a_batch(by, core, b2b)
    assert a_batch(by, b2b, scheme="B2B").scheme == "B2B"


def test_an_invoice_to_be_transferred_is_not_collected(by):
    a_mandate(by, customer=(customer := a_buyer(by)))
    invoice = an_invoice(by, customer=customer, payment_means="58")
    with raises_problem(errors.NOT_COLLECTABLE):
        a_batch(by, invoice)


def test_without_creditor_id_account_or_choice_there_is_no_batch(by):
    invoice, bank = a_debit(by), MoneyAccount.objects.get()
    with raises_problem(errors.NOTHING_CHOSEN):
        collect([], scheme="CORE", money_account=bank, on=TODAY, by=by)
    MoneyAccount.objects.update(is_active=False)
    with raises_problem(errors.ACCOUNT_UNFIT):
        a_batch(by, invoice)
    MoneyAccount.objects.update(is_active=True)
    Company.objects.update(creditor_id="")
    with raises_problem(errors.CREDITOR_ID_MISSING):
        a_batch(by, invoice)
    assert not Batch.objects.exists()


def test_an_invoice_stands_in_one_live_batch(by):
    invoice = a_debit(by)
    a_batch(by, invoice)
    with raises_problem(errors.ALREADY_ORDERED):
        a_batch(by, invoice)
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_collect_the_same_invoice_at_once_one_wins(by):
    mandate = a_mandate(by)
    invoices = [a_debit(by, mandate=mandate) for _ in range(3)]
    found = at_once(lambda number: a_batch(by, *invoices[number % 2 :]), 4)
    won = [one for one in found if isinstance(one, Batch)]
    lost = [one.code for one in found if isinstance(one, Problem)]
    assert (len(won), lost) == (1, ["SEPA_2207"] * 3)
    assert Order.objects.count() == Order.objects.values("open_item").distinct().count()
    assert Batch.objects.count() == 1


def test_the_database_knows_one_live_order_of_an_item(by):
    order = a_batch(by).orders.get()
    order.pk, order.end_to_end_id = None, "another"
    with pytest.raises(IntegrityError, match="order_open_item_once"), transaction.atomic():
        order.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [{"amount": Decimal(1)}, {"iban": "DE02120300000000202051"}, {"end_to_end_id": "x"}],
)
def test_what_was_ordered_stays(by, change):
    a_batch(by)
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.update(**change)


@pytest.mark.parametrize("rows", [1, 3])
def test_candidates_need_the_same_questions_however_many(by, rows, django_assert_num_queries):
    for _ in range(rows):
        a_debit(by)
    with django_assert_num_queries(3):
        found = candidates(until=LATER, on=TODAY)
        assert [one.invoice.customer.name and one.amount for one in found]
    assert len(found) == Mandate.objects.count() == rows
