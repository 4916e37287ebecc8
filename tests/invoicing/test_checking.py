"""The page that judges any e-invoice and keeps nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from invoicing import checking
from invoicing.archiving import archive_pdf
from invoicing.einvoice import cii, ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.report import Layer, Report
from tests.books import signed_in
from tests.invoicing.einvoice.golden import GOLDEN
from tests.invoicing.einvoice.samples import FOLDER, needs_samples
from tests.invoicing.pages_of import text
from tests.trade import a_business, an_invoice
from workmate import documents
from workmate.models import AuditEvent, Document
from workmate.roles import ADVISER, OWNER

GOOD = ubl.write(GOLDEN["discounts"], guideline=Guideline.XRECHNUNG)
BROKEN = GOOD.replace(b"<cbc:PayableAmount", b"<cbc:PayableRoundingAmount").replace(
    b"</cbc:PayableAmount", b"</cbc:PayableRoundingAmount"
)
WRONG_SUM = cii.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG).replace(
    b"<ram:DuePayableAmount>", b"<ram:DuePayableAmount>1"
)
UNDATED = cii.write(GOLDEN["export"], guideline=Guideline.EN16931).replace(
    b"OccurrenceDateTime", b"PickUpDateTime"
)


@pytest.fixture
def client(db):
    return signed_in(OWNER)


def sent(client, *files):
    parts = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("invoicing:check"), {"einvoices": parts})


def test_the_page_asks_for_files_and_names_the_rules(client):
    page = client.get(reverse("invoicing:check"))

    assert page.status_code == 200
    assert "werden nur geprüft und nicht gespeichert" in text(page)
    for word in ("Formatfehler", "Geschäftsregelfehler", "Inhaltsfehler", "XRechnung UBL"):
        assert word in text(page)


def test_a_valid_invoice_is_called_valid(client):
    page = sent(client, ("rechnung.xml", GOOD))

    assert "rechnung.xml Gültig" in text(page)
    assert "UBL XRechnung 3.0 Nr. RE-2026-0001 Werkstatt Nord GmbH" in text(page)
    assert "Keine Beanstandung" in text(page)
    assert "Geprüft: XRechnung UBL" in text(page)


def test_a_broken_rule_is_explained_with_its_place(client):
    page = sent(client, ("falsch.xml", WRONG_SUM))

    assert "falsch.xml Nicht gültig" in text(page)
    assert "Geschäftsregelfehler 1" in text(page)
    assert "BR-CO-16" in text(page)
    assert "SpecifiedTradeSettlementHeaderMonetarySummation" in text(page)
    assert "Lassen Sie die Rechnung berichtigen" in text(page)
    assert "Entwurf" not in text(page)


def test_a_file_that_leaves_its_schema_has_a_format_error(client):
    page = sent(client, ("kaputt.xml", BROKEN))

    assert "kaputt.xml Nicht gültig" in text(page)
    assert "Formatfehler 1" in text(page)


def test_a_missing_detail_of_the_vat_law_is_a_content_error(client):
    page = sent(client, ("ohne-datum.xml", UNDATED))

    assert "Inhaltsfehler 1" in text(page)
    assert "betrifft eine Pflichtangabe nach § 14 UStG" in text(page)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notiz.txt", b"Guten Tag", "kein wohlgeformtes XML"),
        ("leer.xml", b"", "Die Datei ist leer"),
        ("seite.xml", b"<html/>", "gehört weder zu UN/CEFACT CII noch zu UBL"),
        ("kaputt.pdf", b"%PDF-1.7 nichts", "beschädigt"),
        ("bombe.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Dokumenttyp-Deklaration"),
    ],
)
def test_what_is_no_e_invoice_is_a_format_error(client, name, data, said):
    page = sent(client, (name, data))

    assert page.status_code == 200
    assert f"{name} Nicht gültig" in text(page)
    assert "Formatfehler 1" in text(page)
    assert said in text(page)


def test_a_file_above_the_limit_is_not_read(client):
    page = sent(client, ("riesig.xml", b"x" * (10 * 1024 * 1024 + 1)))

    assert "riesig.xml Nicht gültig" in text(page)
    assert "größer als 10 MB und wird nicht geprüft" in text(page)


def test_several_files_are_judged_at_once(client):
    page = sent(client, ("a.xml", GOOD), ("b.xml", WRONG_SUM), ("c.txt", b"x"))

    assert "a.xml Gültig" in text(page)
    assert "b.xml Nicht gültig" in text(page)
    assert "c.txt Nicht gültig" in text(page)


def test_too_many_files_are_refused(client):
    page = sent(client, *[(f"{n}.xml", b"x") for n in range(checking.MAX_FILES + 1)])

    assert page.status_code == 422
    assert "höchstens 20 Dateien" in text(page)


def test_no_file_is_refused(client):
    page = client.post(reverse("invoicing:check"))

    assert page.status_code == 422
    assert "Wählen Sie mindestens eine Datei" in text(page)


def test_the_pdf_of_our_own_invoice_is_judged_by_the_xml_inside(client):
    owner = a_business()
    invoice = an_invoice(owner)

    page = sent(client, ("rechnung.pdf", documents.read(archive_pdf(invoice, by=owner))))

    assert "rechnung.pdf Gültig" in text(page)
    assert "aus factur-x.xml" in text(page)


def test_nothing_is_kept(client):
    before = (Document.objects.count(), AuditEvent.objects.count())

    sent(client, ("rechnung.xml", GOOD))

    assert (Document.objects.count(), AuditEvent.objects.count()) == before


def test_the_name_and_the_texts_of_a_stranger_are_shown_as_text(client):
    page = sent(client, ("<b>x.xml", b"<a><script>alert(1)</script></a>"))

    assert b"<script>alert" not in page.content
    assert b"<b>x" not in page.content


def test_whoever_sees_invoices_may_check(db):
    address = reverse("invoicing:check")
    assert sent(signed_in(ADVISER), ("rechnung.xml", GOOD)).status_code == 200
    assert signed_in("").get(address).status_code == 403
    assert signed_in("").post(address).status_code == 403


def test_the_list_of_invoices_leads_to_the_check(client):
    page = client.get(reverse("invoicing:invoices"))

    assert reverse("invoicing:check") in page.content.decode()


def test_a_file_that_not_every_rule_judged_is_not_called_valid():
    layers = (Layer(name="XRechnung", version="", ran=False, reason="kein Speicher"),)
    checked = checking.Checked(file_name="a.xml", report=Report(findings=(), layers=layers))

    assert (checked.word, checked.tone) == ("Nicht vollständig geprüft", "attention")


@needs_samples
@pytest.mark.parametrize("syntax", ["ubl", "uncefact"])
def test_an_official_example_is_valid(client, syntax):
    file = FOLDER / "xrechnung" / f"01.01a-INVOICE_{syntax}.xml"
    page = sent(client, (file.name, file.read_bytes()))

    assert f"{file.name} Gültig" in text(page)
