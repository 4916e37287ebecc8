"""The cash box: never below zero, closed days, and its book."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from payments import errors
from payments.cash_keeping import close_day, held
from payments.charging import charge_fee
from payments.models import CashClosing, Payment
from payments.recording import reverse_payment
from tests.books import DAY, a_bank, a_customer, books, signed_in
from tests.payments.paying import pay
from tests.payments.test_views import text
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import retention
from workmate.errors import Problem
from workmate.ledger import charts
from workmate.ledger.models import MoneyAccount
from workmate.ledger.posting import Posting, post
from workmate.models import AuditEvent

LATER = DAY + datetime.timedelta(days=5)


@pytest.fixture
def box(by):
    return a_bank(by, kind=MoneyAccount.Kind.CASH)


def put(box, amount, by, on=DAY, customer=None):
    return pay(box, amount, by=by, on=on, partner=customer or a_customer())


@pytest.mark.django_db
def test_more_than_is_in_the_box_is_not_paid_out_on_any_day(by, box, customer):
    first = put(box, "30.00", by, customer=customer)
    second = put(box, "50.00", by, LATER, customer)
    with raises_problem(errors.CASH_OVERDRAWN):
        pay(box, "-50.00", (second.credit, "-50.00"), by=by, on=DAY)
    pay(box, "-50.00", (second.credit, "-50.00"), by=by, on=LATER)
    with raises_problem(errors.CASH_OVERDRAWN):
        pay(box, "-30.01", (first.credit, "-30.00"), by=by, on=LATER, partner=customer)
    assert held(box, LATER) == Decimal("30.00")


@pytest.mark.django_db
def test_a_payment_whose_money_is_gone_is_not_reversed_and_bears_no_fee(by, box, customer):
    first, second = (put(box, "30.00", by, customer=customer) for _ in range(2))
    pay(box, "-30.00", (first.credit, "-30.00"), by=by)
    pay(box, "-29.00", (second.credit, "-29.00"), by=by)
    third = put(box, "0.50", by, customer=customer)
    with raises_problem(errors.CASH_OVERDRAWN):
        charge_fee(second, Decimal("1.51"), text="x", on=DAY, by=by)
    reverse_payment(third, on=DAY, by=by, reason="Irrtum")
    assert held(box, DAY) == Decimal("1.00")


@pytest.mark.django_db
def test_a_closed_day_takes_no_entry_and_no_reversal(by, box):
    payment = put(box, "30.00", by)
    close_day(box, DAY, counted=Decimal("30.00"), by=by)
    with raises_problem(errors.CASH_CLOSED):
        put(box, "1.00", by)
    with raises_problem(errors.CASH_CLOSED):
        reverse_payment(payment, on=DAY, by=by, reason="Irrtum")
    with raises_problem(errors.CASH_CLOSED):
        close_day(box, DAY, counted=Decimal("30.00"), by=by)
    reverse_payment(payment, on=LATER, by=by, reason="Irrtum")
    assert held(box, LATER) == 0
    assert AuditEvent.objects.get(event="cash.closed").payload["balance"] == "30.00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("counted", "change", "other"), [("29.00", "-1.00", "4900"), ("30.50", "0.50", "2700")]
)
def test_a_difference_needs_a_note_and_is_booked_so_that_books_and_box_agree(
    by, box, counted, change, other
):
    put(box, "30.00", by)
    with raises_problem(errors.COUNT_DIFFERS):
        close_day(box, DAY, counted=Decimal(counted), by=by)
    closing = close_day(box, DAY, counted=Decimal(counted), note="Wechselgeld", by=by)
    assert closing.difference == Decimal(change)
    assert held(box, DAY) == Decimal(counted)
    lines = closing.entry.lines.order_by("position").values_list("account__number", "amount")
    assert list(lines) == [
        (box.account.number, Decimal(change)),
        (other, -Decimal(change)),
    ]
    assert (closing.entry.booked_on, closing.entry.actor) == (DAY, by)
    assert AuditEvent.objects.get(event="cash.closed").payload["entry"] == closing.entry_id


@pytest.mark.django_db
def test_what_is_missing_and_already_spent_later_is_not_booked(by, box, customer):
    paid = put(box, "30.00", by, customer=customer)
    pay(box, "-30.00", (paid.credit, "-30.00"), by=by, on=LATER)
    with raises_problem(errors.CASH_OVERDRAWN):
        close_day(box, DAY, counted=Decimal("29.00"), note="fehlt", by=by)
    assert (CashClosing.objects.count(), held(box, DAY)) == (0, Decimal("30.00"))


@pytest.mark.django_db
def test_the_database_wants_the_entry_of_a_difference(by, box):
    count = {"money_account": box, "day": DAY, "balance": 1, "counted": 2, "created_by": by}
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        CashClosing.objects.create(**count)


@pytest.mark.django_db
def test_a_day_is_closed_over_the_api(by, box):
    put(box, "30.00", by)
    body = {"money_account": box.pk, "day": DAY.isoformat(), "counted": "29.00"}
    client, address = signed_in(), "/api/v1/cash-closings/"
    refused = client.post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, errors.COUNT_DIFFERS.code)
    body["note"] = "Wechselgeld"
    told = client.post(address, body, content_type="application/json").json()
    assert (told["difference"], told["entry"]) == ("-1.00", CashClosing.objects.get().entry_id)
    reader = signed_in("Steuerberatung")
    assert reader.get(address).json()["results"] == [told]
    assert reader.post(address, body, content_type="application/json").status_code == 403


@pytest.mark.django_db
def test_receipts_and_counts_are_in_the_report_of_retention(by, box):
    close_day(box, DAY, counted=Decimal(0), by=by)
    rows = {row.kind.name: row for row in retention.report(on=DAY)}
    assert (rows["cash"].count, rows["cash"].until.year) == (1, 2036)
    assert "receipts" in retention.KINDS


@pytest.mark.django_db
@pytest.mark.parametrize(("amount", "on"), [("-30.01", LATER), ("1.00", DAY)])
def test_the_database_refuses_what_python_did_not_ask_for(by, box, amount, on):
    put(box, "30.00", by)
    close_day(box, DAY, counted=Decimal("30.00"), by=by)
    change = Decimal(amount)
    lines = [Posting(box.account, change), Posting(charts.account("fees"), -change)]
    with pytest.raises(IntegrityError, match="cash box"), transaction.atomic():
        post("test", source="test:cash", booked_on=on, lines=lines, by=by)


@pytest.mark.django_db
def test_closing_goes_only_forward(by, box):
    close_day(box, DAY, counted=Decimal(0), by=by)
    earlier = DAY - datetime.timedelta(days=1)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        MoneyAccount.objects.filter(pk=box.pk).update(closed_until=earlier)


@pytest.mark.django_db(transaction=True)
def test_eight_who_empty_the_box_at_once_empty_it_once():
    by = books()
    box, customer = a_bank(by, kind=MoneyAccount.Kind.CASH), a_customer()
    owed = [pay(a_bank(by), "30.00", by=by, partner=customer).credit for _ in range(8)]
    put(box, "30.00", by)

    def act(number):
        return pay(box, "-30.00", (owed[number], "-30.00"), by=by)

    outcomes = at_once(act)
    codes = [one.code for one in outcomes if isinstance(one, Problem)]
    assert codes == [errors.CASH_OVERDRAWN.code] * 7
    assert held(box, DAY) == 0


@pytest.mark.django_db
def test_the_book_shows_every_movement_with_its_balance(by, box, customer):
    client = signed_in()
    paid = put(box, "30.00", by, customer=customer)
    pay(box, "-10.00", (paid.credit, "-10.00"), by=by, on=LATER)
    address = reverse("payments:cash_book", args=[box.pk])
    assert client.get(reverse("payments:cash_books")).url == address
    span = {"von": "01.05.2026", "bis": "31.05.2026"}
    assert "Bestand 20,00 €" in text(client.get(address, span))
    csv = b"".join(client.get(address, span | {"export": "csv"}).streaming_content).decode()
    assert [line.split(";")[4:] for line in csv.split("\r\n")[:-1]] == [
        ["Einnahme", "Ausgabe", "Bestand"],
        ["", "", "0,00"],
        ["30,00", "", "30,00"],
        ["", "10,00", "20,00"],
        ["30,00", "10,00", "20,00"],
    ]


@pytest.mark.django_db
def test_a_day_is_closed_on_its_page(by, box):
    put(box, "30.00", by)
    address = reverse("payments:cash_closing", args=[box.pk])
    data = {"day": f"{localdate():%d.%m.%Y}", "counted": "29,00"}
    refused = signed_in().post(address, data)
    assert refused.status_code == 422
    assert "Laut Büchern sind es 30,00 €." in text(refused)
    signed_in().post(address, data | {"note": "Wechselgeld"})
    assert CashClosing.objects.get().counted == Decimal("29.00")
    assert signed_in("Steuerberatung").get(address).status_code == 403
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_a_first_cash_box_is_opened_on_its_page(by):
    client = signed_in()
    assert "Kasse anlegen" in text(client.get(reverse("payments:cash_books")))
    made = client.post(reverse("payments:cash_new"), {"name": "Ladenkasse"})
    box = MoneyAccount.objects.get(kind="cash")
    assert (made.url, box.name) == (reverse("payments:cash_book", args=[box.pk]), "Ladenkasse")
    assert client.get(made.url).status_code == 200
    assert signed_in("Steuerberatung").get(reverse("payments:cash_new")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_cash_book_and_closings_ask_the_same_however_many_rows(
    by, box, customer, rows, django_assert_num_queries
):
    client = signed_in()
    for day in range(rows):
        on = DAY + datetime.timedelta(days=day)
        put(box, "30.00", by, on, customer)
        close_day(box, on, counted=held(box, on) + 1, note="gefunden", by=by)
    address = reverse("payments:cash_book", args=[box.pk])
    span = {"von": "01.05.2026", "bis": "31.05.2026"}
    client.get(address, span)
    with django_assert_num_queries(10):
        client.get(address, span)
    with django_assert_num_queries(6):
        client.get("/api/v1/cash-closings/")
