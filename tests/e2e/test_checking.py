"""Somebody else's e-invoice is dropped on the page, read, and its attachment is saved."""

import base64
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from invoicing.einvoice import cii
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import Attachment
from invoicing.pdf import render
from tests.invoicing.einvoice.golden import GOLDEN
from tests.invoicing.printed import PLAIN
from tests.trade import a_business, a_draft
from workmate.models import User

pytestmark = pytest.mark.slow
PLAN = b"%PDF-1.4\n1 0 obj"
DROPPED = """([name, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
  return transfer;
}"""


def a_hybrid() -> bytes:
    """A ZUGFeRD file with an attachment."""
    plan = Attachment(
        reference="Plan", filename="plan.pdf", media_type="application/pdf", data=PLAN
    )
    einvoice = replace(GOLDEN["two_rates"], attachments=(plan,))
    return render(einvoice, PLAIN, xml=cii.write(einvoice, guideline=Guideline.EN16931))


def test_a_dropped_file_is_judged_read_and_its_attachment_saved(logged_in: Page):
    logged_in.goto("/pruefen/")
    encoded = base64.b64encode(a_hybrid()).decode()
    transfer = logged_in.evaluate_handle(DROPPED, ["fremd.pdf", encoded])
    logged_in.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": transfer})
    expect(logged_in.locator("output")).to_have_text("fremd.pdf")
    logged_in.get_by_role("button", name="Prüfen").click()

    verdict = logged_in.locator(".verdict")
    expect(verdict.get_by_role("heading", name="fremd.pdf")).to_be_visible()
    expect(verdict.get_by_text("Gültig", exact=True)).to_be_visible()
    expect(verdict.get_by_text("stimmt überein")).to_have_count(4)
    content = verdict.get_by_role("region", name="Inhalt der E-Rechnung")
    for words in ("Werkstatt Nord GmbH", "Stadt Beispielhausen", "Leistung 2", "328,38 €"):
        expect(content).to_contain_text(words)
    with logged_in.expect_download() as download:
        verdict.get_by_role("link", name="plan.pdf").click()
    assert download.value.suggested_filename == "plan.pdf"
    with open(download.value.path(), "rb") as saved:
        assert saved.read() == PLAN


def test_the_way_from_the_report_to_the_field(logged_in: Page, owner: User):
    a_business()
    draft = a_draft(owner, supply_date=None)
    logged_in.goto(f"/rechnungen/{draft.pk}/pruefung/")
    logged_in.get_by_role("link", name=re.compile("Zum Feld: Leistungsdatum")).click()

    expect(logged_in.get_by_label("Leistungsdatum")).to_be_focused()
    expect(logged_in.get_by_role("link", name="1 Fehler")).to_be_visible()
