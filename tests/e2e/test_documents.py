"""What leaves the house and what follows from a quote, in a real browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from invoicing.issuing import issue
from invoicing.models import Invoice
from payments.views.public import MISSES
from simulators.smtp import SmtpServer
from tests.background import Worker
from tests.e2e.conftest import log_in
from tests.payments.paying import pay
from tests.trade import a_business, a_buyer, a_draft, a_line, an_invoice
from workmate import jobs
from workmate.ledger.models import MoneyAccount
from workmate.models import MailAccount, User

pytestmark = pytest.mark.slow


@pytest.fixture
def boss(transactional_db: None) -> User:
    """The owner of a company that may issue invoices."""
    return a_business()


@pytest.fixture
def inside(page: Page, base_url: str, boss: User) -> Page:
    log_in(page.context, base_url, boss)
    return page


def test_an_invoice_is_sent_by_mail(inside: Page, boss: User, worker: Worker):
    invoice = an_invoice(boss, on=localdate())
    page = inside
    with SmtpServer() as server:
        account = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        MailAccount.objects.create(pk=1, sender="wir@nord.example", **account)
        page.goto(invoice.get_absolute_url())
        page.get_by_role("link", name="Versenden").click()
        expect(page.get_by_label("An", exact=True)).to_have_value("einkauf@kundin.example")
        expect(page.locator(".mail-text")).to_contain_text(f"/zahlen/{invoice.token}/")
        page.get_by_role("button", name="Jetzt versenden").click()
        worker.finish()
        (mail,) = server.received
    assert mail.recipients == ["einkauf@kundin.example"]
    assert f"{invoice.number}.pdf".encode() in mail.raw

    page.goto(f"/versand/{invoice.dispatches.get().pk}/")
    expect(page.locator("#state > p")).to_contain_text("versendet")
    row = page.get_by_role("row").filter(has_text="einkauf@kundin.example")
    expect(row).to_contain_text("250 2.0.0 Ok: angenommen")
    page.goto("/versand/")
    expect(page.get_by_role("row").filter(has_text=invoice.number)).to_contain_text("versendet")
    page.goto("/rechnungen/")
    expect(page.get_by_role("row").filter(has_text=invoice.number)).to_contain_text("versendet")


def test_the_demo_keeps_in_its_outbox_what_would_have_left(inside: Page, boss: User, settings: Any):
    settings.EMAIL_URL = "outbox:"
    invoice = an_invoice(boss, on=localdate())
    page = inside
    page.goto(f"{invoice.get_absolute_url()}versenden/")
    expect(page.get_by_text("Die Demo lässt nichts hinaus")).to_be_visible()
    page.get_by_role("button", name="Jetzt versenden").click()
    expect(page).to_have_url(re.compile(r"/versand/\d+/$"))
    jobs.execute(invoice.dispatches.get().run_id)  # here, where the outbox is switched on
    page.goto(reverse("outbox"))
    row = page.get_by_role("row").filter(has_text=invoice.number)
    expect(row).to_contain_text("einkauf@kundin.example")


@pytest.mark.parametrize(
    ("locale", "heading", "asks", "other", "heading_there"),
    [
        ("de-DE", "Rechnung RE-", "Noch zu zahlen", "English", "Invoice RE-"),
        ("en-GB", "Invoice RE-", "Amount due", "Deutsch", "Rechnung RE-"),
    ],
)
def test_the_public_page_speaks_both_languages_to_strangers(
    browser: Browser,
    base_url: str,
    boss: User,
    locale: str,
    heading: str,
    asks: str,
    other: str,
    heading_there: str,
):
    invoice = an_invoice(boss, on=localdate())
    context = browser.new_context(base_url=base_url, locale=locale)
    page = context.new_page()
    page.goto(f"/zahlen/{invoice.token}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.locator(".sum")).to_contain_text(asks)
    expect(page.locator(".bank")).to_contain_text("DE02 1203 0000 0000 2020 51")
    expect(page.locator("figure.code img")).to_be_visible()
    page.get_by_role("link", name=other).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading_there)
    context.close()


def test_who_guesses_addresses_of_public_pages_has_to_wait(
    browser: Browser, base_url: str, boss: User
):
    invoice = an_invoice(boss, on=localdate())
    context = browser.new_context(base_url=base_url, locale="de-DE")
    page = context.new_page()
    try:
        answers = [context.request.get(f"/zahlen/geraten{n}/").status for n in range(MISSES.times)]
        assert answers == [404] * MISSES.times
        answer = page.goto(f"/zahlen/{invoice.token}/")
        assert answer is not None
        assert answer.status == 429
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert invoice.number not in page.content()
    finally:
        cache.clear()
        context.close()


def finish_draft(page: Page) -> str:
    """Issue the draft on the page; its number."""
    stellen = page.get_by_role("button", name=re.compile("stellen$"))
    stellen.click()
    expect(page).to_have_url(re.compile("/stellen/"))
    stellen.click()
    expect(page).to_have_url(re.compile(r"/rechnungen/\d+/$"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"[A-Z]{2}-\d{4}-\d{4}"))
    return heading.inner_text().split()[-1]


def test_from_the_quote_to_the_final_invoice(inside: Page, boss: User):
    today, page = localdate(), inside
    offered = {"kind": "quote", "supply_date": None, "valid_until": today + timedelta(days=14)}
    draft = a_draft(boss, customer=a_buyer(boss), lines=[a_line("1000")], **offered)
    quote = issue(draft, by=boss, on=today)
    page.goto(quote.get_absolute_url())
    page.get_by_role("button", name="Auftrag bestätigen").click()
    assert finish_draft(page).startswith("AB-")
    order = page.url

    page.get_by_label("Abschlag in Prozent").fill("40")
    page.get_by_role("button", name="Abschlagsrechnung schreiben").click()
    advance = Invoice.objects.select_related("open_item").get(number=finish_draft(page))
    assert (advance.kind, str(advance.gross_total)) == ("advance", "476.00")
    pay(MoneyAccount.objects.get(), "476", (advance.open_item, "476"), by=boss, on=today)

    page.goto(order)
    page.get_by_role("button", name="Schlussrechnung schreiben").click()
    page.get_by_label("Leistungsdatum").fill("heute")
    final = Invoice.objects.get(number=finish_draft(page))
    assert (final.kind, str(final.gross_total)) == ("final", "714.00")
    expect(page.get_by_text(advance.number).first).to_be_visible()
    page.goto(quote.get_absolute_url())
    expect(page.get_by_text("Daraus entstanden")).to_be_visible()


def test_a_full_list_shows_its_amounts_on_a_usual_screen(inside: Page, boss: User):
    an_invoice(boss, customer=a_buyer(boss, name="Hausverwaltung Nordlicht und Partner mbB"))
    for width in (1920, 1440, 1366, 1280, 1152, 1024):
        inside.set_viewport_size({"width": width, "height": 900})
        inside.goto("/rechnungen/")
        table = inside.locator(".list .table")
        assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0, width
