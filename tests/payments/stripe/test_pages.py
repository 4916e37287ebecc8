"""The pages of Stripe: paying on the public page, links and intents, refunds, the log."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from payments.stripe import events
from payments.stripe.models import StripeEvent, StripePayout, StripeRequest
from simulators.stripe import SECRET_KEY
from tests.books import signed_in
from tests.payments.stripe.shop import on_account, owed
from workmate.outside import PermanentFailure

pytestmark = pytest.mark.django_db


def public(invoice, **query):
    return Client().get(reverse("pay:page", args=[invoice.token]), query)


def test_the_public_page_leads_to_stripe_for_what_is_open(shop):
    invoice = shop.invoice()
    page = public(invoice)
    assert reverse("pay:online", args=[invoice.token]) in page.content.decode()
    assert f"form-action 'self' {shop.server.url}" in page["Content-Security-Policy"]

    # As a browser sends it from a page that hides where it comes from.
    answer = Client(enforce_csrf_checks=True).post(
        reverse("pay:online", args=[invoice.token]), headers={"Origin": "null"}
    )
    request = StripeRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, request.url)
    assert (str(request.amount), request.state) == ("119.00", "open")


def test_pressing_twice_opens_one_session(shop):
    invoice = shop.invoice()
    address = reverse("pay:online", args=[invoice.token])
    assert Client().post(address)["Location"] == Client().post(address)["Location"]
    assert StripeRequest.objects.count() == 1


def test_the_public_page_offers_nothing_online_without_an_account_or_when_paid(shop, account, by):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    paid = public(invoice)
    type(account).objects.update(secret_key="")
    other = public(shop.invoice())
    for page in (paid, other):
        assert "/online/" not in page.content.decode()
        assert page["Content-Security-Policy"].count("http://") == 0


def test_who_comes_back_before_the_event_is_thanked_and_cannot_pay_twice(shop):
    invoice = shop.invoice()
    page = public(invoice, danke=1).content.decode()
    assert "Ihre Zahlung wird gerade bestätigt" in page
    assert "/online/" not in page


def test_a_failure_of_stripe_is_told_kindly(shop):
    invoice = shop.invoice()
    shop.server.control.answer_next(503, times=9)
    answer = Client().post(reverse("pay:online", args=[invoice.token]))
    page = Client().get(answer["Location"]).content.decode()
    assert "Das hat gerade nicht geklappt" in page


@pytest.mark.parametrize("kind", ["link", "intent"])
def test_a_link_and_an_intent_are_made_by_button(shop, kind):
    invoice = shop.invoice()
    browser = signed_in("Buchhaltung")
    browser.post(reverse(f"payments:stripe_{kind}", args=[invoice.pk]))
    request = StripeRequest.objects.get()
    page = browser.get(reverse("payments:stripe_invoice", args=[invoice.pk])).content.decode()
    assert (request.kind, request.state) == (kind, "open")
    assert request.get_kind_display() in page

    browser.post(reverse("payments:stripe_closing", args=[request.pk]))
    request.refresh_from_db()
    assert request.state == "closed"


@pytest.mark.parametrize("kind", ["checkout-session", "payment-link", "payment-intent"])
def test_the_api_asks_for_money_and_gives_the_same_way_again(shop, kind):
    invoice = shop.invoice()
    browser = signed_in("Buchhaltung")
    address = f"/api/v1/invoices/{invoice.pk}/{kind}/"
    first, second = browser.post(address), browser.post(address)
    assert (first.status_code, first.json()) == (201, second.json())
    assert ("client_secret" in first.json()) == (kind == "payment-intent")
    assert first.json()["amount"] == "119.00"


def test_an_invoice_that_is_paid_is_not_asked_for(shop):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    answer = signed_in("Buchhaltung").post(f"/api/v1/invoices/{invoice.pk}/payment-link/")
    assert (answer.status_code, answer.json()["code"]) == (409, "STRIPE_2104")


def test_a_refund_from_the_page_opens_the_invoice(shop):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    charge, browser = shop.charge(), signed_in("Buchhaltung")
    answer = browser.post(reverse("payments:stripe_refund", args=[charge.pk]), {"amount": "19,00"})
    assert answer.status_code == 302
    page = browser.get(charge.get_absolute_url()).content.decode()
    assert owed(invoice) == "19.00"
    assert "erstattet" in page

    too_much = browser.post(
        reverse("payments:stripe_refund", args=[charge.pk]), {"amount": "101,00"}
    )
    assert too_much.status_code == 422


def test_an_event_that_failed_shows_why_and_is_tried_again(
    shop, account, django_capture_on_commit_callbacks
):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.fetch()
    type(account).objects.update(secret_key="sk_test_" + "x" * 20)
    with pytest.raises(PermanentFailure):
        events.apply(StripeEvent.objects.filter(type="payment_intent.succeeded").get().pk)
    event = StripeEvent.objects.filter(state="failed").first()
    browser = signed_in("Buchhaltung")
    page = browser.get(event.get_absolute_url()).content.decode()
    assert "Stripe hat die Anfrage abgelehnt" in page
    assert "sk_test_" not in page

    with django_capture_on_commit_callbacks() as orders:
        browser.post(reverse("payments:stripe_event_retry", args=[event.pk]))
    event.refresh_from_db()
    assert (event.state, len(orders)) == ("received", 1)


def test_a_payout_is_itemised_and_arrives_at_the_bank(shop):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    shop.server.control.advance(days=3)
    shop.server.control.pay_out()
    shop.server.control.finish("payout_arrives")
    shop.look()
    payout = StripePayout.objects.get()
    assert (payout.is_itemised, payout.amount) == (True, on_account())
    assert sum(row.net for row in payout.movements.all()) == payout.amount

    browser = signed_in("Buchhaltung")
    page = browser.get(payout.get_absolute_url())
    bank = page.context["form"].fields["bank"].queryset.first()
    answer = browser.post(
        reverse("payments:stripe_arrival", args=[payout.pk]), {"bank": bank.pk, "on": "heute"}
    )
    assert answer.status_code == 302
    assert on_account() == Decimal(0)


def test_the_secret_key_is_nowhere_in_tables_tasks_and_logs(shop, caplog):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        for (table,) in cursor.fetchall():
            question = f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s'
            cursor.execute(question, [f"%{SECRET_KEY}%"])
            assert (table, cursor.fetchone()[0]) == (table, 0)
    assert SECRET_KEY not in caplog.text


def asked(browser, name):
    """How many rows a list shows, and how many queries it takes."""
    with CaptureQueriesContext(connection) as found:
        page = browser.get(reverse(f"payments:stripe_{name}"))
    return page.content.decode().count("<tr"), len(found)


@pytest.mark.parametrize("name", ["events", "charges"])
def test_a_list_asks_as_often_for_three_payments_as_for_one(shop, name):
    browser = signed_in("Buchhaltung")
    shop.pay(shop.invoice())
    shop.look()
    asked(browser, name)  # what is read once and kept
    rows, queries = asked(browser, name)
    for _ in range(2):
        shop.pay(shop.invoice())
    shop.look()
    more, same = asked(browser, name)
    assert (more > rows, same) == (True, queries)


def test_the_list_of_payouts_asks_as_often_for_three_as_for_one(shop):
    browser = signed_in("Buchhaltung")
    shop.pay(shop.invoice())
    shop.server.control.advance(days=3)
    shop.server.control.pay_out()
    shop.look()
    payout = StripePayout.objects.get()
    asked(browser, "payouts")
    rows, queries = asked(browser, "payouts")
    for number in ("po_2", "po_3"):
        payout.pk, payout.payout_id = None, number
        payout.save()
    assert asked(browser, "payouts") == (rows + 2, queries)
