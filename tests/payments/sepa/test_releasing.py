"""From a draft over four eyes to a file, and what stops it."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from payments.models import Batch, Mandate, Order
from payments.sepa import errors
from payments.sepa.mandates import revoke
from payments.sepa.releasing import (
    discard,
    execute,
    findings,
    release,
    remove,
    withdraw,
    write_file,
)
from tests.factories import user_in
from tests.payments.paying import pay
from tests.payments.sepa.debits import (
    NOON,
    TODAY,
    a_batch,
    a_collector,
    a_debit,
    a_mandate,
    allow_alone,
)
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import documents
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return a_collector()


@pytest.fixture
def other(by):
    return user_in("Buchhaltung")


def released(by, other, *invoices, **fields):
    return release(a_batch(by, *invoices, **fields), on=TODAY, by=other)


def test_the_way_of_a_batch(by, other):
    batch = a_batch(by)
    batch = release(batch, on=TODAY, by=other)
    assert (batch.state, batch.released_by, batch.alone) == ("released", other, False)
    file = write_file(batch, at=NOON, by=by)
    batch.refresh_from_db()
    assert (batch.state, batch.file, batch.message_id) == (
        "written",
        file,
        f"WM-20260520120000-{batch.pk}",
    )
    assert documents.read(file).startswith(b"<?xml")
    execute(batch, on=TODAY, by=by)
    events = AuditEvent.objects.filter(object_type="payments.batch", object_id=str(batch.pk))
    assert list(events.order_by("pk").values_list("event", flat=True)) == [
        "sepa_batch.created",
        "sepa_batch.released",
        "sepa_batch.written",
        "sepa_batch.executed",
    ]


def test_whoever_prepares_a_batch_does_not_release_it(by, other):
    with raises_problem(errors.FOUR_EYES):
        release(a_batch(by), on=TODAY, by=by)


def test_whoever_is_alone_is_told_the_two_ways_out(by):
    with raises_problem(errors.NOBODY_ELSE) as raised:
        release(a_batch(by), on=TODAY, by=by)
    assert "zweite Person" in raised.value.advice


def test_an_explicit_setting_lets_one_person_release_and_the_trail_says_so(by):
    allow_alone()
    batch = release(a_batch(by), on=TODAY, by=by)
    assert batch.alone
    assert AuditEvent.objects.get(event="sepa_batch.released").payload == {"alone": True}


def test_the_database_wants_four_eyes_too(by):
    batch = a_batch(by)
    with pytest.raises(IntegrityError, match="batch_four_eyes"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="released", released_by=by)
    with pytest.raises(IntegrityError, match="batch_released"), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="released")


def test_an_invoice_that_was_paid_meanwhile_is_flagged_and_stops_the_release(by, other):
    paid, open_still = a_debit(by), a_debit(by)
    batch = a_batch(by, paid, open_still)
    pay(MoneyAccount.objects.get(), "119", (paid.open_item, "119"), by=by)
    order = batch.orders.get(open_item=paid.open_item)
    assert findings(batch, on=TODAY) == {order.pk: "inzwischen ausgeglichen"}
    with raises_problem(errors.ORDERS_CHANGED) as raised:
        release(batch, on=TODAY, by=other)
    assert str(paid.number) in raised.value.message
    remove(order, by=by)
    assert release(batch, on=TODAY, by=other).state == "released"


def test_one_that_was_paid_in_part_is_flagged(by):
    invoice = a_debit(by)
    batch = a_batch(by, invoice)
    pay(MoneyAccount.objects.get(), "19", (invoice.open_item, "19"), by=by)
    assert list(findings(batch, on=TODAY).values()) == ["offener Betrag hat sich geändert"]


def test_a_mandate_that_was_revoked_after_the_release_stops_the_file(by, other):
    mandate = a_mandate(by)
    batch = released(by, other, a_debit(by, mandate=mandate))
    revoke(mandate, on=TODAY, by=by)
    with raises_problem(errors.ORDERS_CHANGED) as raised:
        write_file(batch, at=NOON, by=by)
    told = f"Mandat {mandate.reference} ist seit dem 20.05.2026 widerrufen"
    assert told in raised.value.message
    assert not documents.Document.objects.filter(kind="sepa").exists()
    batch = withdraw(batch, by=by)
    assert (batch.state, batch.released_by) == ("draft", None)


def test_an_empty_batch_is_not_released(by, other):
    batch = a_batch(by)
    remove(batch.orders.get(), by=by)
    with raises_problem(errors.NOTHING_CHOSEN):
        release(batch, on=TODAY, by=other)


@pytest.mark.parametrize("act", ["release", "remove", "withdraw", "execute", "write"])
def test_what_the_state_does_not_allow_is_refused(by, other, act):
    batch = released(by, other)
    write_file(batch, at=NOON, by=by)
    acts = {
        "release": lambda: release(batch, on=TODAY, by=other),
        "remove": lambda: remove(batch.orders.get(), by=by),
        "withdraw": lambda: withdraw(batch, by=by),
        "execute": lambda: execute(discard(batch, by=by), on=TODAY, by=by),
        "write": lambda: write_file(batch, at=NOON, by=by),
    }
    with raises_problem(errors.NOT_IN_STATE):
        acts[act]()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_file_at_once_make_one(by, other):
    batch = released(by, other)
    found = at_once(lambda _: write_file(batch, at=NOON, by=by), 4)
    assert sum(isinstance(one, Problem) for one in found) == 3
    assert documents.Document.objects.filter(kind="sepa").count() == 1


def test_the_orders_of_a_released_batch_stay(by, other):
    batch = released(by, other)
    with pytest.raises(DatabaseError, match="released batch"), transaction.atomic():
        batch.orders.all().delete()


def test_the_file_of_a_batch_stays(by, other):
    batch = released(by, other)
    write_file(batch, at=NOON, by=by)
    for change in ({"file": None, "state": "released"}, {"message_id": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Batch.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.all().delete()


def test_a_day_that_can_no_longer_be_met_is_moved_and_never_brought_forward(by, other):
    batch = released(by, other)
    planned = batch.orders.get().due_on
    write_file(batch, at=NOON + datetime.timedelta(days=14), by=by)
    assert planned < batch.orders.get().due_on == datetime.date(2026, 6, 5)


def test_the_first_use_of_a_mandate_is_first_and_the_next_follow(by, other):
    mandate = a_mandate(by)
    batch = released(by, other, a_debit(by, mandate=mandate), a_debit(by, mandate=mandate))
    write_file(batch, at=NOON, by=by)
    execute(batch, on=TODAY, by=by)
    assert list(batch.orders.values_list("sequence", flat=True)) == ["FRST", "RCUR"]
    batch = released(by, other, a_debit(by, mandate=Mandate.objects.get()))
    write_file(batch, at=NOON, by=by)
    assert batch.orders.get().sequence == "RCUR"


def test_executing_counts_as_use_of_the_mandate(by, other):
    single = a_mandate(by, kind="one_off")
    batch = released(by, other, a_debit(by, mandate=single))
    write_file(batch, at=NOON, by=by)
    order = batch.orders.get()
    assert order.sequence == "OOFF"
    execute(batch, on=TODAY, by=by)
    single.refresh_from_db()
    assert single.last_used_on == order.due_on
    assert single.state(TODAY) == "verbraucht"


def test_nothing_is_booked_before_the_statement_comes(by, other):
    invoice = a_debit(by)
    batch = released(by, other, invoice)
    write_file(batch, at=NOON, by=by)
    execute(batch, on=TODAY, by=by)
    invoice.open_item.refresh_from_db()
    assert invoice.open_item.outstanding == Decimal(119)


def test_discarding_frees_the_invoices_for_good(by, other):
    invoice = a_debit(by)
    batch = released(by, other, invoice)
    discard(batch, by=by)
    assert not Order.objects.live().exists()
    assert a_batch(by, invoice).orders.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="draft")
