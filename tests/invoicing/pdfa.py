"""What can go wrong with a PDF/A-3a that carries an e-invoice, looked up in the file itself.

Source: ISO 19005-3 (clauses named below); ZUGFeRD 2.5, technical appendix.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pikepdf

from tests.invoicing import pages
from tests.invoicing.printed import opened

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


def complaints(data: bytes, *, xml: bytes | None = None) -> list[str]:
    """Everything that this file does wrong, in words; `xml` is what it must carry."""
    with opened(data) as document:
        return [
            *_metadata(document, xml),
            *_catalog(document),
            *_attachment(document, xml),
            *_fonts(document),
            *_images(document),
            *_glyphs(document),
        ]


def _metadata(document: pikepdf.Pdf, xml: bytes | None) -> Iterator[str]:
    """6.6.2: one packet with one rdf:RDF that names part, level and, with XML, the e-invoice."""
    root = ElementTree.fromstring(document.Root.Metadata.read_bytes())
    found = list(root.iter(f"{RDF}RDF"))
    if len(found) != 1:
        yield f"{len(found)} rdf:RDF"
    said: dict[str, Any] = {}
    for item in found[0].iter():
        said[item.tag] = item.text
        said |= dict(item.items())
    if (said.get(f"{PDFAID}part"), said.get(f"{PDFAID}conformance")) != ("3", "A"):
        yield "XMP does not say PDF/A-3a"
    if xml is not None and said.get(f"{FX}ConformanceLevel") not in ("EN 16931", "XRECHNUNG"):
        yield "XMP does not name the e-invoice"
    if xml is None and f"{FX}ConformanceLevel" in said:
        yield "XMP names an e-invoice that is not there"


def _catalog(document: pikepdf.Pdf) -> Iterator[str]:
    """6.1.3 identifier, 6.2.3 output intent, 6.7 tags, language and title; no script, no form."""
    if len(document.trailer.get("/ID", [])) != 2:
        yield "no /ID"
    intents = list(document.Root.get("/OutputIntents", []))
    if len(intents) != 1 or intents[0].DestOutputProfile.N != 3:
        yield "no RGB output intent"
    if not document.Root.get("/MarkInfo", {}).get("/Marked", False):
        yield "not marked as tagged"
    if "/StructTreeRoot" not in document.Root:
        yield "no structure"
    if not str(document.Root.get("/Lang", "")):
        yield "no language"
    if not str(document.docinfo.get("/Title", "")):
        yield "no title"
    for name in ("/OpenAction", "/AA", "/AcroForm"):
        if name in document.Root:
            yield f"{name} in the catalog"
    if "/JavaScript" in document.Root.get("/Names", {}):
        yield "JavaScript"


def _attachment(document: pikepdf.Pdf, xml: bytes | None) -> Iterator[str]:
    """6.8: the XML itself, listed once, as another form of the same invoice."""
    files = list(document.Root.get("/AF", []))
    if len(files) != (0 if xml is None else 1):
        yield f"{len(files)} files in /AF"
    for file in files:
        if file.AFRelationship != "/Alternative":
            yield f"relationship {file.AFRelationship}"
        if file.EF.F.Subtype != "/text/xml":
            yield f"media type {file.EF.F.Subtype}"
        if file.EF.F.read_bytes() != xml:
            yield "the XML inside differs"


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    """6.2.11.4: every font is embedded; pictures of an emoji font (Type 3) are none."""
    for item in pages.objects(document):
        if item.get("/Type") != "/Font":
            continue
        if item.get("/Subtype") == "/Type3":
            yield "a Type 3 font"
        descriptor = item.get("/FontDescriptor")
        if descriptor is not None and not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"{item.BaseFont} is not embedded"


def _images(document: pikepdf.Pdf) -> Iterator[str]:
    """6.2.8 no interpolation, 6.2.4.3 no colours beyond the output intent."""
    for item in pages.objects(document):
        if item.get("/Interpolate", False):
            yield "an interpolated image"
        if str(item.get("/ColorSpace", "")) == "/DeviceCMYK":
            yield "a CMYK image"
    for operator, operands in _drawn(document):
        if operator in ("k", "K") or (operator in ("cs", "CS") and "CMYK" in str(operands[0])):
            yield "a CMYK colour"


def _glyphs(document: pikepdf.Pdf) -> Iterator[str]:
    """6.2.11.8: no glyph is .notdef."""
    for font, glyph in pages.missing_glyphs(document):
        yield f"glyph {glyph} of {font}"


def _drawn(document: pikepdf.Pdf) -> Iterator[tuple[str, list]]:
    """Operators and operands of all pages and of the drawings on them."""
    forms = [
        item
        for item in pages.objects(document)
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"
    ]
    for stream in (*document.pages, *forms):
        for operands, operator in pikepdf.parse_content_stream(stream):
            yield str(operator), operands
