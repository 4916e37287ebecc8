"""Every kind of document, logo and text gives a PDF/A-3a."""

import dataclasses
import io

import pikepdf
import pytest
from PIL import Image

from invoicing.letter import Font
from invoicing.pdf import render
from tests.invoicing import specimens
from tests.invoicing.einvoice import golden
from tests.invoicing.pdfa import complaints
from tests.invoicing.printed import PLAIN, opened, with_item

XML = "<rsm:CrossIndustryInvoice>Größe</rsm:CrossIndustryInvoice>\n".encode()
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1">'
    b'<path d="M0 0h3v1H0z" fill="#0b4f5c" opacity=".5"/></svg>'
)
HOSTILE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1" onload="alert(1)">'
    b'<script>alert(1)</script><image href="file:///etc/passwd"/></svg>'
)


def picture(mode: str, kind: str, color: object, size: tuple[int, int] = (300, 100)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, color).save(target, kind)
    return target.getvalue()


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 20), color) for color in ("navy", "red", "white")]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:], duration=80)
    return target.getvalue()


LOGOS = {
    "png with alpha": lambda: picture("RGBA", "PNG", (0, 80, 90, 128)),
    "grey png with alpha": lambda: picture("LA", "PNG", (90, 128)),
    "16 bit png": lambda: picture("I;16", "PNG", 9000),
    "jpeg": lambda: picture("RGB", "JPEG", "navy"),
    "cmyk jpeg": lambda: picture("CMYK", "JPEG", (200, 40, 0, 20)),
    "gif": lambda: picture("P", "GIF", 3),
    "animated gif": lambda: moving("GIF"),
    "animated webp": lambda: moving("WEBP"),
    "one pixel": lambda: picture("RGB", "PNG", "navy", (1, 1)),
    "huge": lambda: picture("RGB", "PNG", "navy", (6000, 5000)),
    "a thin line": lambda: picture("RGB", "PNG", "navy", (5000, 2)),
    "svg": lambda: DRAWING,
    "hostile svg": lambda: HOSTILE,
    "no image": lambda: b"%PDF-1.7 no image",
}
TEXTS = {
    "emoji": "Logo 🎨 gestalten 👩‍👩‍👧 🇩🇪 1️⃣",
    "cjk": "翻訳サービス 설계 发票",
    "arabic": "ترجمة المستندات",
    "hebrew": "תרגום מסמכים",
    "combining": "Ku\u0308che Zalgo Z\u0351\u036b\u0343\u036a\u0302",
    "control": "a\x00b\x07c\u200bd\u202ee\ufefff\U000e0041",
    "private use": "privat \ue000 und \U0010fffd",
    "symbols": "✓ → ∞ ① ½ ‰ № ™ € ₿",
    "long word": "Donaudampfschifffahrtsgesellschaft" * 5,
}


@pytest.mark.parametrize("name", specimens.KINDS)
def test_every_kind_of_document_is_pdf_a(name):
    assert complaints(render(*specimens.KINDS[name](), xml=XML), xml=XML) == []


def test_a_readable_copy_is_pdf_a_without_a_file_inside():
    assert complaints(render(*specimens.usual(), xml=None)) == []


def test_the_other_typeface_is_pdf_a():
    invoice, shown = specimens.usual()
    data = render(invoice, dataclasses.replace(shown, font=Font.SERIF), xml=XML)
    assert complaints(data, xml=XML) == []
    with opened(data) as document:
        names = {str(item.get("/BaseFont", "")) for item in document.objects if _is_font(item)}
    assert {name.rpartition("+")[2] for name in names} <= {"Noto-Serif", "Noto-Serif-Bold"}


@pytest.mark.parametrize("name", LOGOS)
def test_any_logo_leaves_the_file_pdf_a(name):
    presentation = dataclasses.replace(PLAIN, logo=LOGOS[name]())
    assert complaints(render(golden.two_rates(), presentation, xml=XML), xml=XML) == []


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_leaves_the_file_pdf_a(name):
    text = TEXTS[name]
    invoice = with_item(name=text, description=f"{text}\n{text}")
    buyer = dataclasses.replace(invoice.buyer, name=text)
    invoice = dataclasses.replace(invoice, buyer=buyer, notes=(text,))
    presentation = dataclasses.replace(PLAIN, intro=text)
    assert complaints(render(invoice, presentation, xml=XML), xml=XML) == []


class TestTheCheckItself:
    """A check that finds nothing may look at nothing."""

    @pytest.fixture(scope="class")
    def good(self) -> bytes:
        return render(*specimens.usual(), xml=XML)

    def changed(self, data: bytes, change) -> list[str]:
        target = io.BytesIO()
        with opened(data) as document:
            change(document)
            document.save(target)
        return complaints(target.getvalue(), xml=XML)

    def test_another_xml_is_noticed(self, good):
        assert complaints(good, xml=b"<other/>") == ["the XML inside differs"]

    def test_a_missing_intent_tag_and_language_are_noticed(self, good):
        def strip(document):
            del document.Root.OutputIntents
            del document.Root.StructTreeRoot
            del document.Root.Lang

        assert self.changed(good, strip) == [
            "no RGB output intent",
            "no structure",
            "no language",
        ]

    def test_a_file_listed_twice_is_noticed(self, good):
        found = self.changed(good, lambda document: document.Root.AF.append(document.Root.AF[0]))
        assert found == ["2 files in /AF"]

    def test_a_font_that_is_not_embedded_is_noticed(self, good):
        def strip(document):
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item:
                    del item["/FontFile3"]
                if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
                    del item["/FontFile2"]

        with pytest.raises(KeyError):
            self.changed(good, strip)

    def test_a_glyph_that_is_missing_is_noticed(self, good):
        def show_nothing(document):
            page = document.pages[0]
            font = next(iter(page.Resources.Font.keys()))
            extra = f"\nBT {font} 9 Tf <0000> Tj ET\n".encode()
            page.contents_add(document.make_stream(extra))

        (found,) = self.changed(good, show_nothing)
        assert found.startswith("glyph 0 of ")

    def test_a_cmyk_colour_is_noticed(self, good):
        def paint(document):
            document.pages[0].contents_add(document.make_stream(b"\n0 0 0 1 k\n"))

        assert self.changed(good, paint) == ["a CMYK colour"]


def _is_font(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
