"""What the database itself refuses, tried with raw SQL behind the application's back."""

import pytest
from django.db import Error, connection, transaction

from tests.books import DAY, a_bank, a_claim, books
from workmate.ledger import charts
from workmate.ledger.models import Entry, Line, OpenItem
from workmate.ledger.periods import lock_period

pytestmark = pytest.mark.django_db(transaction=True)
ENTRY = (
    "INSERT INTO workmate_entry (act, booked_on, document_number, text, source, line_count,"
    " reverses_id, actor_id, recorded_at)"
    " VALUES ('x', %s, '', '', %s, %s, %s, %s, now()) RETURNING id"
)
LINE = (
    "INSERT INTO workmate_line (entry_id, position, booked_on, account_id, amount, currency,"
    " currency_amount, open_item_id) VALUES (%s, %s, '2026-05-04', %s, %s, %s, %s, %s)"
)


def run(*statements):
    """Execute in one transaction that commits, so that deferred triggers decide."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)


def refused(message, *statements):
    with pytest.raises(Error, match=message):
        run(*statements)


def raw_entry(by, lines, *, on=DAY, source="raw", count=None, reverses=None):
    """An entry with lines of (account id, amount, currency, currency amount, open item)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENTRY, [on, source, len(lines) if count is None else count, reverses, by.pk])
        entry = cursor.fetchone()[0]
        for position, line in enumerate(lines, 1):
            cursor.execute(LINE, [entry, position, *line])
    return entry


def line(account, amount, item=None, currency="EUR", currency_amount=None):
    value = amount if currency_amount is None else currency_amount
    return [account.pk, amount, currency, value, item.pk if item else None]


@pytest.mark.parametrize("table", ["entry", "line", "openitem", "period"])
def test_no_table_of_the_books_can_be_emptied(table):
    refused("Cannot truncate", (f"TRUNCATE workmate_{table} CASCADE", []))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE workmate_entry SET booked_on = '2026-01-01'",
        "UPDATE workmate_entry SET text = 'anders'",
        "UPDATE workmate_line SET amount = amount * 2, currency_amount = currency_amount * 2",
        "UPDATE workmate_line SET open_item_id = NULL",
        "DELETE FROM workmate_line",
        "DELETE FROM workmate_entry",
        "DELETE FROM workmate_openitem",
        "UPDATE workmate_openitem SET outstanding = 0",
        "UPDATE workmate_openitem SET outstanding = outstanding - 1",
        "UPDATE workmate_openitem SET currency = 'USD'",
        "UPDATE workmate_openitem SET document_number = 'RE-anders'",
        "UPDATE workmate_account SET number = number || '0'",
        "UPDATE workmate_taxcase SET rate = 20",
    ],
)
def test_what_is_booked_cannot_be_changed(sql):
    user = books()
    item = a_claim("119.00", by=user)
    refused("pgtrigger|cannot be set", (sql, []))
    item.refresh_from_db()
    assert str(item.outstanding) == "119.00"


def test_an_open_item_starts_without_an_amount():
    user = books()
    item = a_claim("1.00", by=user)
    item.pk, item.source, item.outstanding = None, "other", 5
    with pytest.raises(Error, match="Cannot insert"):
        item.save(force_insert=True)


def test_an_unbalanced_entry_is_refused_at_commit():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    with pytest.raises(Error, match="does not balance"):
        raw_entry(user, [line(bank, "10.00"), line(fees, "-9.99")])
    assert not Entry.objects.exists()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_entry_has_exactly_the_lines_that_it_announces(count):
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    with pytest.raises(Error, match=r"does not balance|gets no other"):
        raw_entry(user, [line(bank, "10.00"), line(fees, "-10.00")], count=count)


def test_an_entry_without_lines_is_refused():
    user = books()
    with pytest.raises(Error, match="does not balance"):
        raw_entry(user, [])


def test_a_committed_entry_gets_no_further_lines():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    entry = raw_entry(user, [line(bank, "10.00"), line(fees, "-10.00")])
    refused(
        "gets no other",
        (LINE, [entry, 3, *line(bank, "5.00")]),
        (LINE, [entry, 4, *line(fees, "-5.00")]),
    )
    refused("entry_line_once", (LINE, [entry, 1, *line(bank, "5.00")]))


def test_a_line_has_the_day_of_its_entry_whatever_it_says():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    raw_entry(user, [line(bank, "10.00"), line(fees, "-10.00")], on="2026-07-01")
    assert {str(day) for day in Line.objects.values_list("booked_on", flat=True)} == {"2026-07-01"}


def test_a_line_in_another_currency_does_not_fit_the_open_item():
    user = books()
    item = a_claim("100.00", by=user)
    with pytest.raises(Error, match="does not fit open item"):
        raw_entry(
            user,
            [
                line(item.account, "-90.00", item, "USD", "-100.00"),
                line(charts.account("bank"), "90.00", None, "USD", "100.00"),
            ],
        )


def test_a_line_on_another_account_does_not_fit_the_open_item():
    user = books()
    item = a_claim("100.00", by=user)
    with pytest.raises(Error, match="does not fit open item"):
        raw_entry(
            user,
            [line(charts.account("fees"), "-9.00", item), line(charts.account("bank"), "9.00")],
        )


@pytest.mark.parametrize("purpose", ["receivables", "payables"])
def test_a_control_account_takes_only_lines_with_an_open_item(purpose):
    user = books()
    with pytest.raises(Error, match="needs its open item"):
        raw_entry(
            user, [line(charts.account(purpose), "9.00"), line(charts.account("bank"), "-9.00")]
        )


def test_an_amount_in_euro_is_the_same_in_both_columns():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    with pytest.raises(Error, match="line_eur_is_eur"):
        raw_entry(user, [line(bank, "10.00", None, "EUR", "11.00"), line(fees, "-10.00")])


def test_both_amounts_of_a_line_are_on_the_same_side():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    with pytest.raises(Error, match="line_one_side"):
        raw_entry(user, [line(bank, "10.00", None, "USD", "-11.00"), line(fees, "-10.00")])


def test_a_reversal_is_the_exact_opposite():
    user = books()
    bank, fees = charts.account("bank"), charts.account("fees")
    entry = raw_entry(user, [line(bank, "10.00"), line(fees, "-10.00")])
    with pytest.raises(Error, match="not the opposite"):
        raw_entry(
            user, [line(bank, "-9.00"), line(fees, "9.00")], source="raw:reversal", reverses=entry
        )
    raw_entry(
        user, [line(bank, "-10.00"), line(fees, "10.00")], source="raw:reversal", reverses=entry
    )


@pytest.mark.parametrize("day", ["2026-05-31", "2026-05-01", "2026-04-30", "2025-12-31"])
def test_nothing_enters_a_locked_period_or_one_before_it(day):
    user = books()
    lock_period(DAY, by=user, on=DAY.replace(month=7))
    bank, fees = charts.account("bank"), charts.account("fees")
    with pytest.raises(Error, match="is locked"):
        raw_entry(user, [line(bank, "1.00"), line(fees, "-1.00")], on=day)


def test_a_period_keeps_its_days_and_its_row_and_overlaps_no_other():
    user = books()
    period = lock_period(DAY, by=user, on=DAY.replace(month=7))
    refused("pgtrigger", ('UPDATE workmate_period SET "end" = start', []))
    refused("pgtrigger", ("DELETE FROM workmate_period", []))
    period.pk, period.start = None, DAY
    with pytest.raises(Error, match="period_no_overlap"):
        period.save(force_insert=True)


def test_a_used_money_account_keeps_its_account_and_currency():
    user = books()
    bank = a_bank(user)
    run(("UPDATE workmate_moneyaccount SET currency = 'EUR', name = 'Hausbank'", []))
    raw_entry(user, [line(bank.account, "1.00"), line(charts.account("fees"), "-1.00")])
    refused("has postings", ("UPDATE workmate_moneyaccount SET currency = 'USD'", []))


def test_the_orm_does_not_get_around_it_either():
    user = books()
    item = a_claim("119.00", by=user)
    for change in (
        lambda: Entry.objects.update(text="anders"),
        lambda: Line.objects.all().delete(),
        lambda: OpenItem.objects.filter(pk=item.pk).update(outstanding=0),
        item.delete,
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
