"""Money by hand and by file in a real browser: a payment over two invoices, and a SEPA batch."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils.timezone import localdate
from lxml import etree
from playwright.sync_api import Page, expect

from payments.models import Batch, Deduction, Payment
from tests.e2e.conftest import log_in
from tests.payments.paying import owed
from tests.payments.sepa.debits import a_collector, a_debit, a_mandate
from tests.trade import a_business, a_buyer, an_invoice
from workmate.models import User
from workmate.roles import OWNER

pytestmark = pytest.mark.slow


def test_a_payment_over_two_invoices_shows_its_remainder_while_it_is_typed(
    transactional_db: None, page: Page, base_url: str
):
    boss = a_business()
    buyer = a_buyer(boss)
    skonto = [{"days": 14, "percent": "2.00"}]
    terms = {"customer": buyer, "on": localdate(), "cash_discounts": skonto}
    first, second = (an_invoice(boss, **terms).open_item for _ in range(2))
    log_in(page.context, base_url, boss)

    page.goto(f"/zahlungen/neu/?kunde={buyer.partner_id}")
    page.get_by_label("Betrag", exact=True).fill("235,62")
    rest = page.locator("#rest")
    expect(rest).to_contain_text("235,62 € werden Guthaben")
    page.get_by_role("button", name="Älteste zuerst").click()
    expect(page.locator(f"#id_item_{first.pk}")).to_have_value("116,62")
    expect(page.locator(f"#id_item_{second.pk}")).to_have_value("119,00")
    expect(rest).to_contain_text("2,38 € Skonto, vollständig bezahlt")
    page.locator(f"#id_item_{second.pk}").fill("100")
    expect(rest).to_contain_text("19,00 € werden Guthaben")
    expect(rest).to_contain_text("danach noch 19,00 € offen")
    page.get_by_label("Betrag", exact=True).fill("206,62")
    expect(rest).to_contain_text("Zugeordnet ist um 10,00 € mehr")
    page.get_by_label("Betrag", exact=True).fill("216,62")
    expect(rest).to_contain_text("Der Betrag ist ganz zugeordnet.")
    page.get_by_role("button", name="Zahlung buchen").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Zahlung vom")
    assert owed(first, second) == ["0.00", "19.00"]
    assert Payment.objects.get().amount == Decimal("216.62")
    assert Deduction.objects.get().amount == Decimal("2.38")


def test_a_batch_goes_from_one_person_over_another_to_its_file(
    transactional_db: None, page: Page, base_url: str
):
    boss = a_collector()
    mandate = a_mandate(boss)
    invoice = a_debit(boss, mandate=mandate, on=localdate())
    other = User.objects.create_user("zweite@example.de", name="Zoe Zweite")
    other.groups.add(Group.objects.get(name=OWNER))
    log_in(page.context, base_url, boss)

    page.goto("/zahlungen/sepa/lastschriften/")
    row = page.get_by_role("row").filter(has_text=invoice.number)
    expect(row).to_contain_text(f"{mandate.reference}")
    expect(row).to_contain_text("erste Lastschrift")
    page.get_by_role("button", name="Entwurf anlegen").click()
    expect(page.get_by_text("Jetzt ist eine andere Person an der Reihe.")).to_be_visible()
    expect(page.get_by_role("button", name="Freigeben")).to_have_count(0)
    address = page.url

    page.context.clear_cookies()
    log_in(page.context, base_url, other)
    page.goto(address)
    page.get_by_role("button", name="Freigeben").click()
    page.get_by_role("button", name="Datei erzeugen").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Datei herunterladen").click()
    xml = etree.parse(download.value.path())
    assert xml.findtext(".//{*}GrpHdr/{*}CtrlSum") == "119.00"
    batch = Batch.objects.get()
    assert xml.findtext(".//{*}MsgId") == batch.message_id
    assert (batch.created_by, batch.released_by, batch.alone) == (boss, other, False)
