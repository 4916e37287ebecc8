"""An export is ordered, watched until it is written, and taken away."""

import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.background import Worker
from tests.trade import DAY, a_business, an_invoice

pytestmark = pytest.mark.slow


def test_an_export_is_written_while_its_page_looks_on(logged_in: Page, worker: Worker):
    invoice = an_invoice(a_business())
    logged_in.goto("/rechnungen/auswertung/")
    form = logged_in.locator("#gobd form")
    form.get_by_label("Von").fill(f"{DAY:%d.%m.%Y}")
    form.get_by_label("Bis").fill(f"{DAY:%d.%m.%Y}")
    form.get_by_role("button", name="Exportieren").click()

    expect(logged_in.get_by_text("Die Datei ist fertig.")).to_be_visible()
    with logged_in.expect_download() as download:
        logged_in.get_by_role("link", name="Herunterladen").click()
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert f"dokumente/2026/{invoice.number}.pdf" in names
    assert "index.xml" in names
