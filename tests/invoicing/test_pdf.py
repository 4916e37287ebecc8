import dataclasses
import io
import itertools
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image

from invoicing import pdf, typesetting
from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    EInvoice,
    Period,
    PrecedingInvoice,
    VatBreakdown,
)
from invoicing.pdf import Presentation, render
from tests.invoicing import pages
from tests.invoicing.einvoice import golden

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
XML = "<rsm:CrossIndustryInvoice>Größe</rsm:CrossIndustryInvoice>\n".encode()
PLAIN = Presentation(created_at=datetime(2026, 5, 4, 10, 30, tzinfo=UTC))


def image(mode: str, kind: str, color: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (300, 100), color).save(target, kind)
    return target.getvalue()


def with_item(**changes: object) -> EInvoice:
    """A two-rate invoice whose first line is changed."""
    invoice = golden.two_rates()
    first = dataclasses.replace(invoice.lines[0], **changes)
    return dataclasses.replace(invoice, lines=(first, *invoice.lines[1:]))


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def text(invoice: EInvoice, presentation: Presentation = PLAIN) -> str:
    return "\n".join(pages.texts(render(invoice, presentation, xml=None)))


@pytest.fixture(scope="module")
def zugferd() -> bytes:
    return render(golden.two_rates(), PLAIN, xml=XML)


@pytest.fixture(scope="module")
def sixty_lines() -> bytes:
    lines = [golden.line(number, "2", "10.50") for number in range(1, 61)]
    return render(golden.invoice(lines), PLAIN, xml=XML)


class TestPdfA3:
    def test_the_xmp_says_pdf_a_3a_and_zugferd_in_one_rdf(self, zugferd):
        document = opened(zugferd)
        root = ElementTree.fromstring(document.Root.Metadata.read_bytes())
        (rdf,) = root.iter(f"{RDF}RDF")
        attributes = {
            key: value for item in rdf.iter(f"{RDF}Description") for key, value in item.items()
        }
        assert attributes[f"{PDFAID}part"] == "3"
        assert attributes[f"{PDFAID}conformance"] == "A"
        assert {item.tag: item.text for item in rdf.iter() if item.tag.startswith(FX)} == {
            f"{FX}DocumentFileName": "factur-x.xml",
            f"{FX}DocumentType": "INVOICE",
            f"{FX}Version": "1.0",
            f"{FX}ConformanceLevel": "EN 16931",
        }

    def test_a_reader_of_xmp_sees_the_zugferd_values(self, zugferd):
        document = opened(zugferd)
        with document.open_metadata() as metadata:
            assert metadata[f"{FX}ConformanceLevel"] == "EN 16931"

    def test_the_xml_inside_equals_the_xml_given(self, zugferd):
        document = opened(zugferd)
        (file,) = document.attachments.values()
        assert file.filename == "factur-x.xml"
        assert file.get_file().read_bytes() == XML

    def test_the_xml_is_listed_exactly_once_as_an_alternative(self, zugferd):
        document = opened(zugferd)
        (file,) = document.Root.AF
        assert file.AFRelationship == "/Alternative"
        assert file.EF.F.Subtype == "/text/xml"
        assert len(document.Root.Names.EmbeddedFiles.Names) == 2

    def test_an_xrechnung_inside_is_named_as_such(self):
        data = render(golden.two_rates(), PLAIN, xml=XML, xml_name="xrechnung.xml")
        document = opened(data)
        with document.open_metadata() as metadata:
            assert metadata[f"{FX}ConformanceLevel"] == "XRECHNUNG"
            assert metadata[f"{FX}DocumentFileName"] == "xrechnung.xml"
        assert list(document.attachments) == ["xrechnung.xml"]

    def test_a_readable_copy_has_no_attachment_and_no_zugferd_values(self):
        document = opened(render(golden.two_rates(), PLAIN, xml=None))
        assert not document.attachments
        assert "/AF" not in document.Root
        assert b"factur-x" not in document.Root.Metadata.read_bytes()

    def test_colours_have_an_output_intent(self, zugferd):
        document = opened(zugferd)
        (intent,) = document.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3

    def test_every_font_is_embedded_as_a_subset(self, zugferd):
        document = opened(zugferd)
        found = pages.fonts(document)
        assert found
        for font in found:
            assert len(pages.font_file(font)) < 60_000
            assert re.match(r"/[A-Z]{6}\+Noto-Sans", str(font.BaseFont))

    def test_the_document_is_tagged_has_a_language_a_title_and_an_identifier(self, zugferd):
        document = opened(zugferd)
        assert document.Root.StructTreeRoot.K
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "de"
        assert document.docinfo.Title == "Rechnung RE-2026-0001"
        assert len(document.trailer.ID) == 2

    def test_the_moment_of_creation_is_the_one_given(self, zugferd):
        document = opened(zugferd)
        assert document.docinfo.CreationDate == "D:20260504103000+00'00"

    def test_no_glyph_is_missing(self, zugferd, sixty_lines):
        assert pages.missing_glyphs(opened(zugferd)) == []
        assert pages.missing_glyphs(opened(sixty_lines)) == []


DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1">'
    b'<path d="M0 0h3v1H0z" fill="#0b4f5c" opacity=".5"/></svg>'
)


class TestLogo:
    @pytest.mark.parametrize(
        ("data", "media_type"),
        [
            (image("CMYK", "JPEG", (200, 40, 0, 20)), "image/jpeg"),
            (image("RGB", "JPEG", "navy"), "image/jpeg"),
            (image("RGBA", "PNG", (0, 80, 90, 128)), "image/png"),
            (image("LA", "PNG", (90, 128)), "image/png"),
            (image("P", "GIF", 3), "image/gif"),
            (image("I;16", "PNG", 9000), "image/png"),
            (DRAWING, "image/svg+xml"),
        ],
        ids=["cmyk jpeg", "jpeg", "rgba png", "grey alpha png", "gif", "16 bit png", "svg"],
    )
    def test_any_logo_keeps_the_file_pdf_a(self, data, media_type):
        presentation = dataclasses.replace(PLAIN, logo=data, logo_media_type=media_type)
        document = opened(render(golden.two_rates(), presentation, xml=XML))
        for item in pages.objects(document):
            assert not item.get("/Interpolate", False)
            assert item.get("/ColorSpace") != "/DeviceCMYK"
        alternatives = {str(item.Alt) for item in pages.objects(document) if "/Alt" in item}
        assert "Logo Werkstatt Nord" in alternatives

    @pytest.mark.parametrize("data", [b"no image", b"<svg><script>1</script></svg>", b"\x89PNG"])
    def test_a_logo_that_cannot_be_printed_gives_way_to_the_name(self, data):
        presentation = dataclasses.replace(PLAIN, logo=data)
        assert "Werkstatt Nord\n" in text(golden.two_rates(), presentation)


class TestText:
    def test_the_page_shows_the_figures_of_the_invoice(self):
        shown = text(golden.two_rates())
        assert "Nettobetrag 279,98" in shown
        assert "Umsatzsteuer 19 % auf 240,00 € 45,60" in shown
        assert "Umsatzsteuer 7 % auf 39,98 € 2,80" in shown
        assert "Gesamtbetrag in EUR 328,38" in shown

    def test_the_payment_box_says_where_what_and_until_when(self):
        shown = text(golden.two_rates())
        assert "Bitte überweisen Sie 328,38 € bis 03.06.2026." in shown
        assert "DE89 3704 0044 0532 0130 00" in shown
        assert "Verwendungszweck RE-2026-0001" in shown

    def test_the_pay_page_is_a_link(self):
        address = "https://pay.example/z/8fK2mQ"
        data = render(golden.two_rates(), dataclasses.replace(PLAIN, pay_url=address), xml=None)
        document = opened(data)
        (link,) = document.pages[0].Annots
        assert link.A.URI == address
        assert f"Online bezahlen {address}" in pages.texts(data)[0]

    def test_skonto_is_put_into_words(self):
        terms = "#SKONTO#TAGE=7#PROZENT=2.00#\nDanach ohne Abzug."
        shown = text(dataclasses.replace(golden.two_rates(), payment_terms=terms))
        assert "2 % Skonto bei Zahlung bis 11.05.2026: 6,57 € Abzug, zu zahlen 321,81 €." in shown
        assert "Danach ohne Abzug." in shown
        assert "#" not in shown

    def test_skonto_on_a_part_is_computed_from_that_part(self):
        terms = "#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=100.00#"
        shown = text(dataclasses.replace(golden.two_rates(), payment_terms=terms))
        assert "2,00 € Abzug, zu zahlen 326,38 €" in shown

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (date(2026, 4, 1), date(2026, 4, 30), "01.–30.04.2026"),
            (date(2026, 4, 15), date(2026, 5, 14), "15.04.–14.05.2026"),
            (date(2025, 12, 1), date(2026, 1, 31), "01.12.2025–31.01.2026"),
            (date(2026, 4, 1), date(2026, 4, 1), "01.04.2026"),
            (date(2026, 4, 1), None, "ab 01.04.2026"),
            (None, date(2026, 4, 30), "bis 30.04.2026"),
        ],
    )
    def test_a_period_is_written_briefly(self, start, end, words):
        assert typesetting.span(Period(start=start, end=end)) == words

    def test_a_service_period_takes_the_place_of_the_date(self):
        period = Period(start=date(2026, 4, 1), end=date(2026, 4, 30))
        shown = text(dataclasses.replace(golden.two_rates(), period=period, delivery_date=None))
        assert "Leistungszeitraum 01.–30.04.2026" in shown
        assert "Leistungsdatum" not in shown

    def test_reverse_charge_is_stated_with_both_vat_ids(self):
        shown = text(golden.reverse_charge())
        assert "Steuerschuldnerschaft des Leistungsempfängers" in shown
        assert "DE987654321" in shown
        assert "DE123456789" in shown

    def test_a_small_business_states_its_reason_once(self):
        invoice = golden.small_business()
        legal = f"{invoice.seller.legal_information}, Inhaberin: Ida Sommer"
        seller = dataclasses.replace(invoice.seller, legal_information=legal)
        shown = text(dataclasses.replace(invoice, seller=seller))
        assert shown.count("Kleinunternehmer") == 1
        assert "Inhaberin: Ida Sommer" in shown
        assert "Umsatzsteuer 0 %" not in shown
        assert "Gesamtbetrag in EUR 500,00" in shown

    def test_an_exempt_part_of_a_taxed_invoice_has_its_own_base(self):
        lines = [golden.line(1, "1", "100"), golden.line(2, "1", "50", category="E", rate="0")]
        shown = text(golden.invoice(lines))
        assert "Umsatzsteuer 19 % auf 100,00 € 19,00" in shown
        assert "Ohne Umsatzsteuer 50,00 €" in shown

    def test_an_exemption_without_words_is_named_by_its_category(self):
        exempt = VatBreakdown(
            category="G", rate=Decimal(0), taxable_amount=Decimal(5), tax_amount=Decimal(0)
        )
        shown = text(dataclasses.replace(golden.reverse_charge(), vat_breakdown=(exempt,)))
        assert "Ausfuhrlieferung in ein Drittland" in shown

    def test_discounts_of_the_document_and_its_lines_are_shown(self):
        discount = AllowanceCharge(charge=False, amount=Decimal(24), percent=Decimal(10))
        whole = dataclasses.replace(
            discount, amount=Decimal(5), percent=None, category="S", rate=Decimal(19)
        )
        line = golden.line(1, "3", "80", allowances=(discount,))
        shown = text(golden.invoice([line], allowances=(whole,)))
        assert "Rabatt" in shown
        assert "10 %" in shown
        assert "Summe der Positionen 216,00" in shown
        assert "Rabatt -5,00" in shown

    def test_a_unit_price_keeps_its_decimals(self):
        assert "0,31234567" in text(with_item(net_price=Decimal("0.31234567")))

    def test_a_prepaid_amount_leaves_the_rest_to_pay(self):
        invoice = golden.two_rates()
        totals = dataclasses.replace(
            invoice.totals, prepaid=Decimal(100), payable=Decimal("228.38")
        )
        shown = text(dataclasses.replace(invoice, totals=totals))
        assert "bereits gezahlt -100,00" in shown
        assert "Zu zahlen in EUR 228,38" in shown
        assert "Bitte überweisen Sie 228,38 €" in shown

    def test_a_foreign_currency_is_named_and_has_no_girocode(self):
        shown = text(dataclasses.replace(golden.two_rates(), currency="CHF"))
        assert "Betrag CHF" in shown
        assert "Gesamtbetrag in CHF 328,38" in shown
        assert "GiroCode" not in shown

    def test_a_stornorechnung_names_its_invoice_and_asks_for_nothing(self):
        earlier = (PrecedingInvoice(number="RE-2026-0001", issue_date=date(2026, 5, 4)),)
        invoice = dataclasses.replace(
            golden.invoice([golden.line(1, "-3", "80")]),
            number="ST-2026-0001",
            type_code="384",
            preceding=earlier,
        )
        shown = text(invoice, dataclasses.replace(PLAIN, heading="Stornorechnung"))
        assert "Stornorechnung ST-2026-0001" in shown
        assert "zur Rechnung RE-2026-0001 vom 04.05.2026" in shown
        assert "Gesamtbetrag in EUR -285,60" in shown
        assert "überweisen" not in shown
        assert "GiroCode" not in shown

    def test_a_draft_has_a_watermark_and_neither_number_nor_girocode(self):
        shown = text(golden.two_rates(), Presentation(heading="Entwurf", draft=True))
        assert "ENTWURF" in shown
        assert "RE-2026-0001" not in shown
        assert "GiroCode" not in shown

    def test_markup_in_a_text_is_printed_and_not_obeyed(self):
        shown = text(with_item(name='<img src="file:///etc/passwd">', description="<b>&amp;</b>"))
        assert '<img src="file:///etc/passwd">' in shown.replace("\n", "")
        assert "<b>&amp;</b>" in shown

    def test_a_note_that_is_the_intro_is_not_repeated(self):
        intro = dataclasses.replace(PLAIN, intro="Vielen Dank für Ihren Auftrag.")
        shown = text(golden.two_rates(), intro)
        assert shown.count("Vielen Dank für Ihren Auftrag.") == 1
        assert shown.count("Es gelten unsere AGB.") == 1

    def test_the_footer_is_made_of_the_seller_unless_given(self):
        assert "Steuernummer 22/815/08154" in text(golden.two_rates())
        own = dataclasses.replace(PLAIN, footer=(("Eins",), ("Zwei",), ("Drei",)))
        shown = text(golden.two_rates(), own)
        assert "Zwei" in shown
        assert "22/815/08154" not in shown

    def test_an_accent_that_is_no_colour_is_refused(self):
        with pytest.raises(ValueError):
            Presentation(accent="red; } body { display: none")


class TestCharacters:
    @pytest.mark.parametrize(
        "name",
        [
            "Logo 🎨 gestalten",
            "Familie 👩‍👩‍👧 und Flagge 🇩🇪",
            "翻訳サービス und 설계",
            "ترجمة",
            "Zażółć gęślą jaźń, Ελλάδα, Київ",
            "Ku\u0308che ohne\u200b Breite\u00ad und \ufeffMarke\u202e",
            "1️⃣ Zählung ✓ → ∞ ①",
            "privat \ue000 und \U0010fffd",
        ],
    )
    def test_whatever_customers_paste_no_glyph_is_missing(self, name):
        document = opened(render(with_item(name=name), PLAIN, xml=XML))
        assert pages.missing_glyphs(document) == []
        for item in pages.objects(document):
            assert item.get("/Subtype") != "/Type3"
            assert not item.get("/Interpolate", False)

    def test_a_character_without_a_font_is_boxed_and_the_rest_stays(self):
        shown = text(with_item(name="Logo \U0010fffd gestalten"))
        assert "Logo □ gestalten" in shown

    def test_composed_letters_are_joined(self):
        assert "Küche" in text(with_item(name="Ku\u0308che"))


class TestPages:
    def test_a_usual_invoice_takes_one_page(self, zugferd):
        document = opened(zugferd)
        assert len(document.pages) == 1

    def test_many_lines_take_several_pages_each_with_head_and_number(self, sixty_lines):
        shown = pages.texts(sixty_lines)
        assert len(shown) >= 3
        for number, page in enumerate(shown, start=1):
            assert f"Seite {number} von {len(shown)}" in page
        for page in shown[:-1]:
            assert "Bezeichnung Menge Einheit Einzelpreis" in page
        for page in shown[1:]:
            assert "Rechnung RE-2026-0001 vom 04.05.2026" in page

    def test_the_sum_so_far_is_carried_from_page_to_page(self, sixty_lines):
        shown = pages.texts(sixty_lines)
        carried = [re.findall(r"Übertrag ([\d.,]+)", page) for page in shown]
        assert len(carried[0]) == 1
        assert len(carried[-1]) == 1
        for page, following in itertools.pairwise(carried):
            assert page[-1] == following[0]
        lines_on_first = len(re.findall(r"Leistung \d+", shown[0]))
        assert carried[0] == [f"{lines_on_first * 21},00"]

    def test_a_single_page_carries_nothing(self, zugferd):
        assert "Übertrag" not in pages.texts(zugferd)[0]

    def test_a_text_longer_than_a_page_is_printed_completely(self):
        words = [f"Wort{number}" for number in range(1500)]
        shown = text(with_item(description=" ".join(words)))
        assert "Wort0 " in shown
        assert "Wort1499" in shown


class TestDin5008:
    def test_the_address_stands_in_the_window(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        for wanted in ("Stadt Beispielhausen", "Paul Winter", "Rathausplatz 1", "28195 Bremen"):
            found = min(
                (piece for piece in pages.pieces(data) if piece.text.startswith(wanted)),
                key=lambda piece: piece.top,
            )
            assert found.left == pytest.approx(25, abs=0.3)
            assert 62.7 < found.top < 90

    def test_a_long_address_is_set_smaller_and_stays_in_the_window(self):
        buyer = dataclasses.replace(
            golden.BUYER,
            name="Gesellschaft für die Förderung der handwerklichen Ausbildung und der "
            "Weiterbildung in Norddeutschland gemeinnützige GmbH",
            address=Address(
                street="Rathausplatz 1",
                additional="Abteilung Beschaffung",
                post_code="1010",
                city="Wien",
                country="AT",
            ),
        )
        data = render(dataclasses.replace(golden.two_rates(), buyer=buyer), PLAIN, xml=None)
        (country,) = (piece for piece in pages.pieces(data) if piece.text == "ÖSTERREICH")
        assert country.top < 90

    def test_the_return_line_stands_above_the_address(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        (line,) = (piece for piece in pages.pieces(data) if " · 20457 Hamburg" in piece.text)
        assert 45 < line.top < 62.7

    def test_the_info_block_starts_at_125_mm(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        (label,) = (piece for piece in pages.pieces(data) if piece.text == "Rechnungsdatum")
        assert label.left == pytest.approx(125, abs=0.3)
        assert label.top > 50


def test_a_document_loads_nothing_but_its_own_images():
    fetcher = pdf._OwnFiles({"document:logo": (b"data", "image/png")})
    assert fetcher("document:logo").read() == b"data"
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "document:other"):
        with pytest.raises(ValueError):
            fetcher(url)


def test_warming_up_twice_is_harmless():
    pdf.warm_up()
    pdf.warm_up()
