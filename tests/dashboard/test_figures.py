"""The figures of the overview agree with what was booked, on any day."""

import datetime
from decimal import Decimal

import pytest

from dashboard import figures
from dashboard.receivables import collection, receivables
from dashboard.timespan import Timespan, joined, month_of, quarter_of, year_of
from invoicing.cancelling import cancel
from payments.recording import record_payment
from tests.books import a_claim
from tests.trade import DAY, a_business, a_buyer, a_line, an_invoice
from workmate.models import MoneyAccount, OpenItem, User

pytestmark = pytest.mark.django_db
YEAR = year_of(DAY)
LAST_YEAR = datetime.date(2025, 5, 4)


def sell(owner: User, price: str, on: datetime.date, **draft: object) -> OpenItem:
    """Issue an invoice of that net price and give back its open item."""
    invoice = an_invoice(owner, on=on, lines=[a_line(price)], supply_date=on, **draft)
    return OpenItem.objects.get(pk=invoice.open_item_id)


def pay(owner: User, item: OpenItem, amount: str, on: datetime.date) -> None:
    record_payment(
        money_account=MoneyAccount.objects.get(),
        received_on=on,
        amount=Decimal(amount),
        method="transfer",
        allocations=[(item, min(Decimal(amount), item.outstanding))],
        by=owner,
    )


def test_revenue_is_net_and_compared_with_the_same_days_of_the_year_before():
    owner = a_business()
    sell(owner, "1000", LAST_YEAR)
    sell(owner, "5000", datetime.date(2025, 12, 1))
    sell(owner, "1250", DAY)

    found = figures.read(YEAR, on=DAY).revenue()

    assert (found.month.now, found.month.before) == (Decimal(1250), Decimal(1000))
    assert found.month.percent == Decimal("25.0")
    assert (found.year.now, found.year.before) == (Decimal(1250), Decimal(1000))
    assert (found.span.now, found.span.before) == (Decimal(1250), Decimal(6000))


def test_without_a_year_before_there_is_no_percentage():
    owner = a_business()
    sell(owner, "10", DAY)
    assert figures.read(YEAR, on=DAY).revenue().year.percent is None


def test_a_cancellation_counts_on_its_own_day():
    owner = a_business()
    invoice = an_invoice(owner)
    cancel(invoice, reason="Irrtum", by=owner, on=datetime.date(2026, 6, 2))

    found = {month.first.month: month.revenue for month in figures.read(YEAR, on=DAY).months()}

    assert (found[5], found[6], found[7]) == (Decimal(100), Decimal(-100), Decimal(0))


def test_months_stand_beside_the_year_before():
    owner = a_business()
    sell(owner, "70", LAST_YEAR)
    sell(owner, "90", DAY)
    may = figures.read(YEAR, on=DAY).months()[4]
    assert (may.first, may.revenue, may.revenue_before) == (
        datetime.date(2026, 5, 1),
        Decimal(90),
        Decimal(70),
    )


def test_claims_are_told_apart_by_age():
    owner = a_business()
    today = datetime.date(2026, 9, 1)
    for days in (91, 90, 61, 60, 31, 30, 1, 0):
        sell(owner, "100", today - datetime.timedelta(days=14 + days), customer=a_buyer(owner))

    found = receivables(today, today=today)

    assert [age.amount for age in found.ages] == [
        Decimal("119.00"),
        Decimal("238.00"),
        Decimal("238.00"),
        Decimal("238.00"),
        Decimal("119.00"),
    ]
    assert (found.outstanding, found.count) == (Decimal("952.00"), 8)
    assert (found.overdue, found.overdue_count) == (Decimal("833.00"), 7)


def test_an_earlier_day_shows_what_was_owed_then():
    owner = a_business()
    item = sell(owner, "100", DAY)
    paid_on = DAY + datetime.timedelta(days=20)
    pay(owner, item, "119.00", paid_on)

    before = receivables(paid_on - datetime.timedelta(days=1), today=paid_on)
    after = receivables(paid_on, today=paid_on)

    assert (before.outstanding, before.overdue) == (Decimal("119.00"), Decimal("119.00"))
    assert (after.outstanding, after.overdue) == (Decimal(0), Decimal(0))


def test_credit_of_customers_is_shown_apart():
    owner = a_business()
    item = sell(owner, "100", DAY)
    pay(owner, item, "150.00", DAY)
    found = receivables(DAY, today=DAY)
    assert (found.outstanding, found.credit) == (Decimal(0), Decimal("31.00"))


def test_collection_is_the_settled_part_of_what_was_billed():
    owner = a_business()
    sell(owner, "100", DAY)
    pay(owner, sell(owner, "300", DAY), "357.00", DAY)
    cancel(an_invoice(owner), reason="Irrtum", by=owner, on=DAY)

    found = collection(YEAR)

    assert (found.billed, found.open) == (Decimal("476.00"), Decimal("119.00"))
    assert (found.percent, found.open_count, found.count) == (Decimal(75), 1, 2)
    assert collection(Timespan(DAY.replace(year=2020), DAY.replace(year=2021))).percent is None


def test_an_invoice_that_was_cancelled_later_is_neither_billed_nor_settled():
    owner = a_business()
    cancel(an_invoice(owner, on=LAST_YEAR), reason="Irrtum", by=owner, on=DAY)
    for year in (LAST_YEAR, DAY):
        found = collection(year_of(year))
        assert (found.billed, found.open, found.percent) == (Decimal(0), Decimal(0), None)


def test_what_the_old_books_billed_is_not_part_of_the_collection():
    owner = a_business()
    sell(owner, "100", DAY)
    a_claim("500.00", by=owner, partner=a_buyer(owner).partner, on=DAY)
    found = collection(YEAR)
    assert (found.billed, found.open, found.open_count) == (
        Decimal("119.00"),
        Decimal("119.00"),
        1,
    )


def test_spans_end_where_the_calendar_says():
    assert month_of(datetime.date(2028, 2, 3)).end == datetime.date(2028, 2, 29)
    assert month_of(datetime.date(2028, 2, 3)).year_before.end == datetime.date(2027, 2, 28)
    assert quarter_of(datetime.date(2026, 11, 22)) == Timespan(
        datetime.date(2026, 10, 1), datetime.date(2026, 12, 31)
    )


def test_days_are_read_in_as_few_spans_as_possible():
    march, april, june = (month_of(datetime.date(2026, month, 1)) for month in (3, 4, 6))
    assert joined([june, april, march, month_of(datetime.date(2026, 3, 5))]) == [
        Timespan(march.start, april.end),
        june,
    ]


def test_a_span_long_ago_stands_beside_the_running_year():
    owner = a_business()
    sell(owner, "40", datetime.date(2022, 3, 4))
    sell(owner, "90", DAY)
    found = figures.read(year_of(datetime.date(2022, 1, 1)), on=DAY).revenue()
    assert (found.span.now, found.month.now, found.year.now) == (Decimal(40), 90, 90)
