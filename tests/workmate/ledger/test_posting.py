import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import DAY, a_claim, a_customer, books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate.errors import Problem
from workmate.ledger import charts, errors
from workmate.ledger.models import Account, Entry, Line, OpenItem
from workmate.ledger.open_items import open_item
from workmate.ledger.periods import lock_period
from workmate.ledger.posting import Posting, open_day, post, reverse

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=40)


def fee(amount, by, *, source="fee:1", on=DAY):
    amount = Decimal(amount)
    lines = [Posting(charts.account("fees"), amount), Posting(charts.account("bank"), -amount)]
    return post("test.fee", source=source, booked_on=on, lines=lines, text="Gebühr", by=by)


def test_an_entry_keeps_its_lines_in_order():
    entry = fee("4.90", books())
    assert [(line.account.number, line.amount, line.booked_on) for line in entry.lines.all()] == [
        ("4970", Decimal("4.90"), DAY),
        ("1200", Decimal("-4.90"), DAY),
    ]


def test_an_unbalanced_posting_is_refused_with_the_difference():
    user = books()
    lines = [
        Posting(charts.account("fees"), Decimal("5.00")),
        Posting(charts.account("bank"), Decimal("-4.99")),
    ]
    with raises_problem(errors.UNBALANCED) as refusal:
        post("test", source="x", booked_on=DAY, lines=lines, by=user)
    assert "0,01 €" in refusal.value.message


def test_a_single_line_is_no_entry():
    user = books()
    with raises_problem(errors.UNBALANCED):
        post(
            "test",
            source="x",
            booked_on=DAY,
            lines=[Posting(charts.account("fees"), Decimal(0))],
            by=user,
        )


def test_the_same_source_is_posted_once():
    user = books()
    fee("4.90", user)
    with raises_problem(errors.ALREADY_POSTED):
        fee("4.90", user)
    assert Entry.objects.count() == 1


def test_nothing_is_posted_into_a_locked_period():
    user = books()
    lock_period(DAY, by=user, on=LATER)
    with raises_problem(errors.PERIOD_LOCKED) as refusal:
        fee("4.90", user)
    assert refusal.value.message.startswith("Der 04.05.2026 liegt in einer gesperrten")
    assert "31.05.2026" in refusal.value.advice


def test_a_late_correction_goes_to_the_first_open_day():
    user = books()
    assert open_day(DAY) == DAY
    lock_period(DAY, by=user, on=LATER)
    assert open_day(DAY) == datetime.date(2026, 6, 1)
    assert open_day(LATER) == LATER


def test_a_line_in_a_foreign_currency_names_its_amount():
    user = books()
    lines = [
        Posting(charts.account("fees"), Decimal(5), currency="USD"),
        Posting(charts.account("bank"), Decimal(-5)),
    ]
    with pytest.raises(ValueError, match="USD"):
        post("test", source="x", booked_on=DAY, lines=lines, by=user)


def test_a_reversal_takes_everything_back_open_items_and_tax_too():
    user = books()
    claim = a_claim("119.00", by=user)
    entry = claim.lines.get().entry
    reversal = reverse(entry, act="test.reversed", source="test:reversal", booked_on=LATER, by=user)
    claim.refresh_from_db()
    assert claim.outstanding == 0
    assert reversal.reverses == entry
    assert reversal.booked_on == LATER
    assert not any(
        Account.objects.balances(on=LATER).exclude(balance=0).values_list("balance", flat=True)
    )


def test_an_entry_is_reversed_once():
    user = books()
    entry = fee("4.90", user)
    reverse(entry, act="test.reversed", source="a", booked_on=DAY, by=user)
    with raises_problem(errors.ALREADY_REVERSED):
        reverse(entry, act="test.reversed", source="b", booked_on=DAY, by=user)


def test_an_entry_of_a_locked_period_is_reversed_in_an_open_one():
    user = books()
    entry = fee("4.90", user)
    lock_period(DAY, by=user, on=LATER)
    with raises_problem(errors.PERIOD_LOCKED):
        reverse(entry, act="test.reversed", source="a", booked_on=DAY, by=user)
    reverse(entry, act="test.reversed", source="a", booked_on=open_day(DAY), by=user)
    fees = Account.objects.balances(on=DAY).get(purpose="fees")
    assert (fees.debit, fees.credit, fees.balance) == (Decimal("4.90"), 0, Decimal("4.90"))


def test_posting_takes_few_queries(django_assert_max_num_queries):
    user = books()
    accounts = charts.account("fees"), charts.account("bank")
    with django_assert_max_num_queries(5):
        post(
            "test",
            source="x",
            booked_on=DAY,
            lines=[Posting(accounts[0], Decimal(5)), Posting(accounts[1], Decimal(-5))],
            by=user,
        )


@pytest.mark.django_db(transaction=True)
def test_eight_writers_on_one_open_item_keep_its_sum():
    user = books()
    item = a_claim("1000.00", by=user)
    other = charts.account("write_off")

    def part(number):
        for step in range(5):
            amount = Decimal(f"{number + 1}.0{step}")
            lines = [Posting(item.account, -amount, item), Posting(other, amount)]
            post("test", source=f"t:{number}:{step}", booked_on=DAY, lines=lines, by=user)

    assert at_once(part) == [None] * 8
    item.refresh_from_db()
    total = Line.objects.filter(open_item=item).aggregate(sum=Sum("currency_amount"))["sum"]
    assert item.outstanding == total
    assert total == Decimal("1000.00") - sum(
        Decimal(f"{number + 1}.0{step}") for number in range(8) for step in range(5)
    )


@pytest.mark.django_db(transaction=True)
def test_writers_who_touch_two_items_in_opposite_order_do_not_block_each_other():
    user = books()
    partner = a_customer()
    items = [a_claim("500.00", by=user, partner=partner) for _ in range(2)]

    def swap(number):
        first, second = items if number % 2 else items[::-1]
        one = Decimal(1)
        lines = [Posting(first.account, one, first), Posting(second.account, -one, second)]
        for step in range(5):
            post("test", source=f"t:{number}:{step}", booked_on=DAY, lines=lines, by=user)

    assert at_once(swap) == [None] * 8
    assert [str(item.outstanding) for item in OpenItem.objects.all()] == ["500.00", "500.00"]


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_post_the_same_source_one_succeeds():
    user = books()
    results = at_once(lambda number: fee("4.90", user))
    assert [r.code for r in results if isinstance(r, Problem)] == ["FINANCE_3103"] * 7
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_the_locker_sees_of_the_month_is_what_the_month_keeps():
    user = books()
    seen = []

    def act(number):
        if number != 3:
            return fee("1.00", user, source=f"fee:{number}")
        with transaction.atomic():
            lock_period(DAY, by=user, on=LATER)
            seen.append(Entry.objects.count())
        return None

    results = at_once(act)
    refused = [result.code for result in results if isinstance(result, Problem)]
    posted = [result for result in results if isinstance(result, Entry)]
    assert len(posted) + len(refused) == 7
    assert set(refused) <= {"FINANCE_3102"}
    assert seen == [len(posted)] == [Entry.objects.count()]


amounts = st.decimals("-9999.99", "9999.99", places=2)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), amounts, st.integers(0, 60), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_is_posted_sums_agree(transactional_books, steps):
    """Three open items, postings of any sign on any day, some of them taken back."""
    user, run = transactional_books()
    partner = a_customer()
    items = [
        open_item(OpenItem.Kind.RECEIVABLE, partner, source=f"p:{run}:{number}", document_date=DAY)
        for number in range(3)
    ]
    for step, (which, amount, days, taken_back) in enumerate(steps):
        day = DAY + datetime.timedelta(days=days)
        lines = [
            Posting(items[which].account, amount, items[which]),
            Posting(charts.account("write_off"), -amount),
        ]
        entry = post("test", source=f"p:{run}:s{step}", booked_on=day, lines=lines, by=user)
        if taken_back:
            reverse(entry, act="test", source=f"p:{run}:r{step}", booked_on=day, by=user)
    assert Line.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    expected = [
        sum(
            (amount for which, amount, _, back in steps if which == number and not back), Decimal(0)
        )
        for number in range(3)
    ]
    asked = OpenItem.objects.filter(source__startswith=f"p:{run}:")
    end = DAY + datetime.timedelta(days=99)
    assert [item.outstanding for item in asked.order_by("pk")] == expected
    assert [item.balance for item in asked.as_of(end).order_by("pk")] == expected
