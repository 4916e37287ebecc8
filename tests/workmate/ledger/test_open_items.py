import datetime
from decimal import Decimal

import pytest

from tests.books import DAY, a_claim, a_customer, a_posting, books
from tests.problems import raises_problem
from workmate.ledger import charts, errors
from workmate.ledger.models import OpenItem
from workmate.ledger.open_items import book_value, offset, open_item, outstanding
from workmate.ledger.posting import Posting, post

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2026, 6, 30)


def balances(items):
    return {item.document_number: str(item.balance) for item in items}


def owed():
    return {str(item): str(item.outstanding) for item in outstanding()}


def settle(first, second, amount=None, on=JUNE):
    user = first.lines.first().entry.actor
    return offset(first, second, amount, booked_on=on, source=f"o:{first.pk}:{amount}", by=user)


def test_what_is_owed_at_a_date_is_the_sum_of_lines_until_then():
    user = books()
    claim = a_claim("100.00", by=user, number="RE-1")
    a_posting(claim, Decimal("-40.00"), on=JUNE, by=user)
    a_claim("7.00", by=user, number="RE-2", on=JUNE)
    day_before = JUNE - datetime.timedelta(days=1)
    assert balances(outstanding(day_before)) == {"RE-1": "100.00"}
    assert balances(outstanding(JUNE)) == {"RE-1": "60.00", "RE-2": "7.00"}
    assert owed() == {"RE-1": "60.00", "RE-2": "7.00"}


def test_overdue_is_what_was_due_before_the_day():
    user = books()
    a_claim("100.00", by=user, number="RE-1", due=JUNE)
    a_claim("-20.00", by=user, number="ST-1", due=DAY)
    assert not OpenItem.objects.overdue(JUNE)
    assert [str(item) for item in OpenItem.objects.overdue(JUNE + datetime.timedelta(days=1))] == [
        "RE-1"
    ]


def test_an_invoice_and_its_storno_settle_each_other():
    user = books()
    partner = a_customer()
    invoice = a_claim("119.00", by=user, partner=partner)
    storno = a_claim("-119.00", by=user, partner=partner, on=JUNE)
    settle(storno, invoice)
    assert not outstanding()
    assert [str(i.balance) for i in OpenItem.objects.as_of(DAY).order_by("pk")] == [
        "119.00",
        "0.00",
    ]
    assert [str(item.balance) for item in OpenItem.objects.open_on(DAY)] == ["119.00"]
    assert not OpenItem.objects.open_on(JUNE)


def test_a_partial_offset_leaves_the_rest():
    user = books()
    partner = a_customer()
    invoice = a_claim("119.00", by=user, partner=partner, number="RE-1")
    credit = a_claim("-50.00", by=user, partner=partner, number="GU-1")
    settle(invoice, credit, Decimal("20.00"))
    assert {str(i): str(i.outstanding) for i in outstanding()} == {
        "RE-1": "99.00",
        "GU-1": "-30.00",
    }
    settle(invoice, credit)
    assert owed() == {"RE-1": "69.00"}


def test_no_more_is_settled_than_is_open():
    user = books()
    partner = a_customer()
    invoice = a_claim("119.00", by=user, partner=partner)
    credit = a_claim("-50.00", by=user, partner=partner)
    with raises_problem(errors.SETTLES_TOO_MUCH):
        settle(invoice, credit, Decimal("50.01"))
    with raises_problem(errors.NOTHING_TO_SETTLE):
        settle(invoice, credit, Decimal("-1.00"))
    with raises_problem(errors.NOTHING_TO_SETTLE):
        settle(invoice, a_claim("5.00", by=user, partner=partner))


def test_items_of_two_customers_are_not_settled_with_each_other():
    user = books()
    with raises_problem(errors.NOT_OPPOSITE):
        settle(a_claim("119.00", by=user), a_claim("-50.00", by=user))


def test_nothing_is_settled_before_it_was_booked():
    user = books()
    partner = a_customer()
    invoice = a_claim("119.00", by=user, partner=partner)
    credit = a_claim("-50.00", by=user, partner=partner, on=JUNE)
    with raises_problem(errors.BEFORE_CLAIM):
        settle(invoice, credit, on=DAY)


def foreign_claim(amount, euro, *, partner, by, key):
    item = open_item(
        OpenItem.Kind.RECEIVABLE,
        partner,
        source=key,
        document_number=key,
        document_date=DAY,
        currency="USD",
    )
    amount, euro = Decimal(amount), Decimal(euro)
    lines = [
        Posting(item.account, euro, item, currency="USD", currency_amount=amount),
        Posting(charts.account("write_off"), -euro),
    ]
    post("test", source=key, booked_on=DAY, lines=lines, by=by)
    item.refresh_from_db()
    return item


def test_the_last_part_of_a_foreign_claim_takes_the_last_cent():
    user = books()
    claim = foreign_claim("100.00", "90.01", partner=a_customer(), by=user, key="US-1")
    assert book_value(claim, Decimal("33.33")) == Decimal("30.00")
    assert book_value(claim, Decimal("100.00")) == Decimal("90.01")


def test_a_moved_exchange_rate_becomes_a_loss_and_no_euro_stays_on_the_item():
    user = books()
    partner = a_customer()
    claim = foreign_claim("100.00", "90.00", partner=partner, by=user, key="US-1")
    credit = foreign_claim("-100.00", "-85.00", partner=partner, by=user, key="US-2")
    entry = settle(claim, credit)
    assert {line.account.purpose: str(line.amount) for line in entry.lines.all()} == {
        "receivables": "85.00",
        "fx_loss": "5.00",
    }
    assert {str(i.balance_eur) for i in OpenItem.objects.as_of(JUNE)} == {"0.00"}
