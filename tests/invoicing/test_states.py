"""What became of a document is asked, never stored."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from invoicing.cancelling import cancel
from invoicing.models import Invoice, State
from tests.books import a_posting
from tests.trade import DAY, a_business, a_buyer, a_draft, an_invoice

pytestmark = pytest.mark.django_db
DUE = DAY + datetime.timedelta(days=14)
LATER = DUE + datetime.timedelta(days=1)


def state_of(invoice, on=DAY):
    found = Invoice.objects.with_state(on=on).get(pk=invoice.pk)
    assert list(Invoice.objects.in_state(found.state, on=on).filter(pk=invoice.pk)) == [found]
    others = [state for state in State if state != found.state]
    assert not Invoice.objects.in_state(*others, on=on).filter(pk=invoice.pk).exists()
    return found.state


def pay(invoice, amount, owner):
    a_posting(invoice.open_item, -Decimal(amount), on=DAY, by=owner)


def test_a_draft_is_a_draft_on_every_day():
    draft = a_draft(a_business())
    assert state_of(draft) == state_of(draft, LATER) == State.DRAFT


def test_an_invoice_is_open_until_its_due_date_and_overdue_the_day_after():
    invoice = an_invoice(a_business())
    assert [state_of(invoice, day) for day in (DAY, DUE, LATER)] == [
        State.OPEN,
        State.OPEN,
        State.OVERDUE,
    ]


def test_a_part_payment_makes_it_partly_paid_and_does_not_stop_the_clock():
    owner = a_business()
    invoice = an_invoice(owner)
    pay(invoice, "19.00", owner)
    assert state_of(invoice) == State.PARTIAL
    assert state_of(invoice, LATER) == State.OVERDUE


@pytest.mark.parametrize("amount", ["119.00", "120.00"])
def test_what_is_settled_is_paid_on_every_day(amount):
    owner = a_business()
    invoice = an_invoice(owner)
    pay(invoice, amount, owner)
    assert state_of(invoice) == state_of(invoice, LATER) == State.PAID


def test_a_cancelled_invoice_and_its_storno_are_cancelled():
    owner = a_business()
    invoice = an_invoice(owner)
    storno = cancel(invoice, reason="Falscher Empfänger", by=owner, on=DAY)
    assert state_of(invoice, LATER) == state_of(storno, LATER) == State.CANCELLED


def test_a_payment_taken_back_reopens_the_invoice():
    owner = a_business()
    invoice = an_invoice(owner)
    pay(invoice, "119.00", owner)
    pay(invoice, "-119.00", owner)
    assert state_of(invoice) == State.OPEN


def test_questions_can_be_combined():
    owner = a_business()
    customer = a_buyer(owner)
    mine = an_invoice(owner, customer=customer)
    an_invoice(owner)
    assert list(Invoice.objects.overdue(on=LATER).of(customer)) == [mine]
    assert list(Invoice.objects.open().of(customer)) == [mine]
    assert not Invoice.objects.paid().exists()
    assert Invoice.objects.overdue(on=DUE).count() == 0


def test_the_mark_of_a_cancelled_invoice_follows_the_storno_alone():
    owner = a_business()
    invoice = an_invoice(owner)
    with pytest.raises(DatabaseError, match="follows the Stornorechnung"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(is_cancelled=True)
    cancel(invoice, reason="Doppelt", by=owner, on=DAY)
    with pytest.raises(DatabaseError, match="follows the Stornorechnung"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(is_cancelled=False)


def test_a_cancelled_invoice_whose_payment_bounces_is_not_overdue():
    owner = a_business()
    invoice = an_invoice(owner)
    pay(invoice, "119.00", owner)
    cancel(invoice, reason="Doppelt", by=owner, on=DAY)
    pay(invoice, "-119.00", owner)
    assert state_of(invoice, LATER) == State.CANCELLED
    assert not Invoice.objects.open().exists()


def test_every_document_is_in_exactly_one_state():
    owner = a_business()
    a_draft(owner)
    pay(an_invoice(owner), "19.00", owner)
    cancel(an_invoice(owner), reason="Doppelt", by=owner, on=DAY)
    for day in (DAY, LATER):
        found = [row.state for row in Invoice.objects.with_state(on=day)]
        assert None not in found
        counts = [Invoice.objects.in_state(state, on=day).count() for state in State]
        assert sum(counts) == len(found)
