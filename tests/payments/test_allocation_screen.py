"""The form of a payment with its open items: Skonto, rests, suggestions, two windows."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import Deduction, Payment
from payments.recording import reverse_payment
from tests.books import signed_in
from tests.payments.paying import owed, pay
from tests.payments.test_views import form, new, text
from tests.trade import DAY, a_business, a_buyer, an_invoice
from workmate.ledger.models import MoneyAccount

pytestmark = pytest.mark.django_db
SKONTO = [{"days": 14, "percent": "2.00"}]


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in()


@pytest.fixture
def buyer(owner):
    return a_buyer(owner)


@pytest.fixture
def item(owner, buyer):
    """119.00 with 2.38 Skonto until the 18th, three days of grace after it."""
    return an_invoice(owner, customer=buyer, cash_discounts=SKONTO).open_item


@pytest.fixture
def account(owner):
    return MoneyAccount.objects.get()


def typed(account, amount, day=DAY, **more):
    return form(account, amount, received_on=f"{day:%d.%m.%Y}", **more)


def deducted():
    rows = Deduction.objects.order_by("pk")
    return [(row.kind, str(row.amount), row.reason) for row in rows]


def test_skonto_is_ticked_and_settles_what_the_customer_deducted(client, account, buyer, item):
    data = typed(account, "116,62", **{f"item_{item.pk}": "116,62", f"skonto_{item.pk}": "on"})
    said = text(client.post(new(buyer.partner, "payment_rest"), data, HTTP_HX_REQUEST="true"))
    assert "2,38 € Skonto, vollständig bezahlt" in said
    client.post(new(buyer.partner), data)
    assert (owed(item), deducted()) == (["0.00"], [("skonto", "2.38", "")])


@pytest.mark.parametrize(
    ("day", "ticked", "left"),
    [(DAY, False, "2.38"), (DAY + datetime.timedelta(days=18), True, "2.38")],
)
def test_without_the_tick_or_after_grace_the_rest_stays_open(
    client, account, buyer, item, day, ticked, left
):
    data = typed(account, "116,62", day, **{f"item_{item.pk}": "116,62"})
    client.post(new(buyer.partner), data | ({f"skonto_{item.pk}": "on"} if ticked else {}))
    assert (owed(item), deducted()) == ([left], [])


@pytest.mark.parametrize(("days", "offered"), [(17, True), (18, False)])
def test_the_day_of_the_payment_decides_whether_skonto_is_offered(
    client, account, buyer, item, days, offered
):
    data = typed(account, "116,62", DAY + datetime.timedelta(days=days))
    page = text(client.post(new(buyer.partner, "payment_spread"), data, HTTP_HX_REQUEST="true"))
    assert (f'name="skonto_{item.pk}"' in page) == offered


@pytest.mark.parametrize("how", ["oldest", "fitting"])
def test_both_suggestions_take_skonto_into_account(client, owner, account, buyer, item, how):
    other = an_invoice(owner, customer=buyer, cash_discounts=SKONTO).open_item
    data = typed(account, "235,62", how=how)
    page = text(client.post(new(buyer.partner, "payment_spread"), data))
    assert f'name="item_{item.pk}" value="116,62"' in page
    assert f'name="item_{other.pk}" value="119,00"' in page


def test_an_amount_that_fits_nothing_is_said(client, account, buyer, item):
    data = typed(account, "7,00", how="fitting")
    page = text(client.post(new(buyer.partner, "payment_spread"), data))
    assert "Zu 7,00 € passt nichts" in page


def test_a_rest_is_given_up_for_a_reason_and_comes_back_with_the_payment(
    client, owner, account, buyer, item
):
    data = typed(account, "110,00", **{f"item_{item.pk}": "110,00", f"rest_{item.pk}": "on"})
    refused = client.post(new(buyer.partner), data)
    assert refused.status_code == 422
    assert "Bitte nennen Sie den Grund der Ausbuchung." in text(refused)
    client.post(new(buyer.partner), data | {"reason": "Kleinbetrag"})
    assert (owed(item), deducted()) == (["0.00"], [("write_off", "9.00", "Kleinbetrag")])
    reverse_payment(Payment.objects.get(), on=DAY, by=owner, reason="Irrtum")
    assert owed(item) == ["119.00"]


def test_who_may_not_write_off_is_not_offered_it(owner, account, buyer, item):
    owner.is_superuser = False
    owner.save()
    owner.user_permissions.add(Permission.objects.get(codename="record_payment"))
    client = signed_in("")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    page = text(client.get(new(buyer.partner)))
    assert f'name="item_{item.pk}"' in page
    assert f'name="rest_{item.pk}"' not in page


@pytest.mark.parametrize("amount", ["119,00", "50,00"])
def test_the_second_window_is_refused_and_says_why(client, account, buyer, item, amount):
    data = typed(account, amount, **{f"item_{item.pk}": amount, f"seen_{item.pk}": "119.00"})
    assert client.post(new(buyer.partner), data).status_code == 302
    refused = client.post(new(buyer.partner), data)
    left = owed(item)[0]
    assert refused.status_code == 422
    assert f"sind inzwischen {left.replace('.', ',')} EUR offen, nicht mehr 119,00 EUR" in text(
        refused
    )
    assert f'name="seen_{item.pk}" value="{left}"' in text(refused)
    assert Payment.objects.count() == 1


def test_a_credit_of_the_customer_pays_along(client, owner, account, buyer, item):
    credit = pay(account, "19.00", by=owner, partner=buyer.partner).credit
    parts = {f"item_{item.pk}": "119,00", f"item_{credit.pk}": "-19,00"}
    client.post(new(buyer.partner), typed(account, "100,00", **parts))
    assert owed(item, credit) == ["0.00", "0.00"]


def test_the_form_asks_as_often_for_three_items_as_for_one(client, owner, buyer, item):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            client.get(new(buyer.partner))
        return len(context)

    client.get(new(buyer.partner))
    one = queries()
    for _ in range(2):
        an_invoice(owner, customer=buyer, cash_discounts=SKONTO)
    assert queries() == one
