"""A customer pays on the public page; the accountant sees it, its fee, and gives it back."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from invoicing.models import Invoice
from payments.stripe import connecting, events
from payments.stripe.models import StripeEvent
from simulators.stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, StripeServer
from tests.e2e.conftest import log_in
from tests.trade import a_business, an_invoice
from workmate.models import User

pytestmark = pytest.mark.slow


@pytest.fixture
def stripe(settings: Any, live_server: Any) -> Iterator[StripeServer]:
    """A simulated Stripe that tells our server what happens."""
    with StripeServer() as server:
        settings.STRIPE_API_BASE = server.url
        settings.PUBLIC_URL = live_server.url
        webhook = f"{live_server.url}/api/v1/stripe/webhook/"
        server.control.endpoint(webhook, secret=WEBHOOK_SECRET)
        yield server


@pytest.fixture
def by(transactional_db: None, stripe: StripeServer) -> User:
    """The owner of a company that is connected with it."""
    owner = a_business()
    keys = {"publishable_key": PUBLISHABLE_KEY, "secret_key": SECRET_KEY}
    connecting.save(keys | {"webhook_secret": WEBHOOK_SECRET}, by=owner)
    return owner


def apply(kind: str) -> None:
    """Wait until the webhook has brought an event of this kind, and do the worker's work."""
    until = time.monotonic() + 15
    while not StripeEvent.objects.filter(type=kind).exists():
        assert time.monotonic() < until, f"no {kind} came"
        time.sleep(0.05)
    for event in StripeEvent.objects.filter(state=StripeEvent.State.RECEIVED):
        events.apply(event.pk)


def pay(page: Page, number: str) -> None:
    """Fill in the page of the payment service."""
    page.get_by_label("E-Mail").fill("einkauf@kundin.example")
    page.get_by_label("Kartennummer").fill(number)
    page.get_by_label("Gültig bis").fill("12 / 30")
    page.get_by_label("Prüfziffer").fill("123")
    page.get_by_role("button", name="119,00 € bezahlen").click()


def test_a_customer_pays_online_and_gets_it_back(page: Page, base_url: str, by: User) -> None:
    invoice = Invoice.objects.get(pk=an_invoice(by).pk)
    page.goto(f"/zahlen/{invoice.token}/")
    page.get_by_role("button", name="Mit Karte oder anders bezahlen").click()
    pay(page, "4000 0000 0000 9995")
    expect(page.get_by_role("alert")).to_have_text("Ihre Karte ist nicht ausreichend gedeckt.")
    pay(page, "4242 4242 4242 4242")
    expect(page).to_have_url(re.compile(rf"^{base_url}/zahlen/"))
    expect(page.get_by_role("status")).to_contain_text("Vielen Dank")

    apply("checkout.session.completed")
    page.reload()
    expect(page.get_by_text("Mit Karte oder anders bezahlen")).to_have_count(0)
    log_in(page.context, base_url, by)
    page.goto(invoice.get_absolute_url())
    state = page.locator(".badge").first
    expect(state).to_have_text("bezahlt", ignore_case=True)
    page.locator("summary", has_text="Mehr").first.click()
    page.get_by_role("link", name="Online-Zahlung und Erstattung").click()
    page.get_by_role("link", name="Erstatten").click()
    page.get_by_role("link", name="Zahlung vom").click()
    expect(page.locator("main")).to_contain_text("2,04")
    page.go_back()

    page.get_by_label("Betrag").fill("119,00")
    page.get_by_role("button", name="Über Stripe erstatten").click()
    expect(page.locator("main")).to_contain_text("erstattet")
    page.goto(invoice.get_absolute_url())
    expect(state).to_have_text("überfällig", ignore_case=True)
    invoice.open_item.refresh_from_db()  # type: ignore[union-attr]
    assert str(invoice.open_item.outstanding) == "119.00"  # type: ignore[union-attr]
