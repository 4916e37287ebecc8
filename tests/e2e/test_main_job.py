"""The whole way, as a person goes it: from the login to a paid invoice on the overview."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.utils.timezone import localdate
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.background import Worker
from tests.banking.statements import ing
from tests.e2e.conftest import PASSWORD
from tests.trade import a_business
from workmate.models import User
from workmate.money import format_date
from workmate.roles import OWNER

ACCOUNT = "DE89 3704 0044 0532 0130 00"
# 3 hours at 100.00 and 19 %, 2 books at 20.00 and 7 %.
NET, VAT_19, VAT_7, GROSS = "340,00", "57,00", "2,80", "399,80"
NUMBER = f"RE-{localdate().year}-0001"

pytestmark = pytest.mark.slow


@pytest.fixture
def ida(transactional_db: None) -> User:
    """An owner of a company that may issue invoices."""
    a_business()
    user = User.objects.create_user("ida@example.de", PASSWORD, name="Ida Inhaberin")
    user.groups.add(Group.objects.get(name=OWNER))
    return user


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-Mail-Adresse").fill("ida@example.de")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page).to_have_url(re.compile(r"/$"))


def add_customer(page: Page) -> None:
    page.goto("/kunden/neu/")
    page.get_by_label("Name", exact=True).fill("Buchhandlung Lesezeichen GmbH")
    page.get_by_label("Straße").fill("Marktplatz 7")
    page.get_by_label("Postleitzahl").fill("23552")
    page.get_by_label("Ort").fill("Lübeck")
    page.get_by_label("E-Mail").fill("einkauf@lesezeichen.example")
    page.get_by_role("button", name="Kunde anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Buchhandlung Lesezeichen GmbH")


def fill_line(page: Page, row: int, name: str, quantity: str, price: str, tax: str) -> None:
    page.locator(f"#id_lines-{row}-name").fill(name)
    page.locator(f"#id_lines-{row}-quantity").fill(quantity)
    page.locator(f"#id_lines-{row}-unit_price").fill(price)
    page.locator(f"#id_lines-{row}-tax_case").select_option(label=tax)


def statement(tmp_path: Path) -> Path:
    """What the ING exports after the customer has paid, with a booking of somebody else."""
    today = format_date(localdate())
    file = tmp_path / "Umsatzanzeige.csv"
    file.write_bytes(
        ing(
            [
                (today, "Lesezeichen GmbH", f"Rechnung {NUMBER.replace('-', ' ')} Danke", 39980),
                (today, "Stadtwerke", "Abschlag Strom", -8400),
            ],
            created=today,
            until=today,
        )
    )
    return file


def test_from_the_login_to_a_paid_invoice(page: Page, ida: User, worker: Worker, tmp_path: Path):
    log_in(page)
    add_customer(page)

    page.goto("/rechnungen/neu/")
    page.get_by_label("Kunde", exact=True).press_sequentially("Lesez")
    page.get_by_role("option", name=re.compile("Lesezeichen")).click()
    page.get_by_label("Leistungsdatum").fill("heute")
    fill_line(page, 0, "Beratung", "3", "100", "19 % USt.")
    page.get_by_role("button", name="Position", exact=True).click()
    fill_line(page, 1, "Fachbuch", "2", "20", "7 % USt.")
    totals = page.locator("dl.totals")
    for amount in (NET, VAT_19, VAT_7, GROSS):
        expect(totals).to_contain_text(amount)
    expect(page.get_by_text("Diese Rechnung kann gestellt werden.")).to_be_visible()
    page.get_by_role("button", name="Rechnung stellen").click()

    expect(page.get_by_text(f"voraussichtlich {NUMBER}")).to_be_visible()
    page.get_by_role("button", name="Rechnung stellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Rechnung {NUMBER}")
    worker.finish()

    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).click()
    pdf = PdfReader(download.value.path())
    assert NUMBER in pdf.pages[0].extract_text()
    assert list(pdf.attachments) == ["factur-x.xml"]
    with page.expect_download() as download:
        page.get_by_role("link", name=f"{NUMBER}.xml").click()
    xml = etree.parse(download.value.path())
    assert xml.xpath("string(//*[local-name()='GrandTotalAmount'])") == "399.80"

    page.goto("/bank/konten/neu/")
    page.get_by_label("Bezeichnung").fill("Geschäftskonto")
    page.get_by_label("IBAN").fill(ACCOUNT)
    page.locator("main").get_by_role("button", name=re.compile("Konto|Speichern")).click()
    page.goto("/bank/einlesen/")
    page.locator("input[type=file]").set_input_files(statement(tmp_path))
    page.get_by_role("button", name="Einlesen").click()
    expect(page.get_by_text("2 neue Umsätze sind eingelesen.")).to_be_visible()
    worker.finish()
    expect(page.get_by_text("1 zugeordnet, 1 Umsatz wartet")).to_be_visible()

    page.goto("/rechnungen/")
    row = page.get_by_role("row").filter(has_text=NUMBER)
    expect(row).to_contain_text("bezahlt", ignore_case=True)
    row.get_by_role("link", name=NUMBER).click()
    expect(page.locator(".status-box")).to_contain_text("0,00")

    page.goto("/")
    expect(page.locator("main")).to_contain_text(NET)
    expect(page.locator("main")).to_contain_text("Buchhandlung Lesezeichen GmbH")


def test_the_forms_work_without_javascript(
    browser: Browser, ida: User, worker: Worker, base_url: str, tmp_path: Path
):
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, locale="de-DE", accept_downloads=True
    )
    page = context.new_page()
    log_in(page)
    add_customer(page)

    page.goto("/rechnungen/neu/")
    page.get_by_label("Kunde", exact=True).fill("Buchhandlung Lesezeichen GmbH")
    page.get_by_label("Leistungsdatum").fill("heute")
    fill_line(page, 0, "Beratung", "3", "100", "19 % USt.")
    page.get_by_role("button", name="Position", exact=True).click()
    fill_line(page, 1, "Fachbuch", "2", "20", "7 % USt.")
    page.get_by_role("button", name="Berechnen").click()
    expect(page.locator("dl.totals")).to_contain_text(GROSS)
    page.get_by_role("button", name="Rechnung stellen").click()
    page.get_by_role("button", name="Rechnung stellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Rechnung {NUMBER}")

    page.goto("/bank/konten/neu/")
    page.get_by_label("Bezeichnung").fill("Geschäftskonto")
    page.get_by_label("IBAN").fill(ACCOUNT)
    page.locator("main").get_by_role("button", name=re.compile("Konto|Speichern")).click()
    page.goto("/bank/einlesen/")
    page.locator("input[type=file]").set_input_files(statement(tmp_path))
    page.get_by_role("button", name="Einlesen").click()
    worker.finish()
    page.reload()
    expect(page.get_by_text("1 zugeordnet, 1 Umsatz wartet")).to_be_visible()
    context.close()
