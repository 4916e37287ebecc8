import dataclasses
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from invoicing import pdf
from invoicing.pdf import render
from tests.invoicing import pages
from tests.invoicing.einvoice import golden
from tests.invoicing.pdfa import complaints
from tests.invoicing.printed import PLAIN, opened, sixty_lines, text, with_item

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
XML = "<rsm:CrossIndustryInvoice>Größe</rsm:CrossIndustryInvoice>\n".encode()


def image(mode: str, kind: str, color: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (300, 100), color).save(target, kind)
    return target.getvalue()


@pytest.fixture(scope="module")
def zugferd() -> bytes:
    return render(golden.two_rates(), PLAIN, xml=XML)


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

    def test_no_glyph_is_missing(self, zugferd):
        assert pages.missing_glyphs(opened(zugferd)) == []
        assert pages.missing_glyphs(opened(sixty_lines())) == []


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

    @pytest.mark.skipif(
        not Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc").exists(),
        reason="fonts-wqy-microhei is missing: bin/setup installs it",
    )
    def test_chinese_japanese_and_korean_are_readable(self):
        name = "翻訳サービス 설계 发票"
        data = render(with_item(name=name), PLAIN, xml=XML)
        assert complaints(data, xml=XML) == []
        assert name in " ".join("".join(pages.texts(data)).split())

    def test_composed_letters_are_joined(self):
        assert "Küche" in text(with_item(name="Ku\u0308che"))


def test_a_document_loads_nothing_but_its_own_images():
    fetcher = pdf._OwnFiles({"document:logo": (b"data", "image/png")})
    assert fetcher("document:logo").read() == b"data"
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "document:other"):
        with pytest.raises(ValueError):
            fetcher(url)


def test_warming_up_twice_is_harmless():
    pdf.warm_up()
    pdf.warm_up()
