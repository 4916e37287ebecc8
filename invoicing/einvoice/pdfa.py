"""What stops a PDF from being the PDF/A-3 that ZUGFeRD wants, as far as the file itself tells.

The XML decides whether a file is an e-invoice, so that nothing here is more than a warning. It is
no full conformance test: it looks at what goes wrong in practice.
Source: ISO 19005-3 (clauses in the rule ids); ZUGFeRD 2.5, technical appendix.
"""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice

import pikepdf
from lxml import etree

from invoicing.einvoice.parse import Unreadable, parse_xml
from invoicing.einvoice.report import Finding, FindingClass, Level

NAME, VERSION = "PDF/A-3", "ISO 19005-3"
_MOST_OBJECTS = 20_000
_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}part"
_FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}ConformanceLevel"
_ANY_LEVEL = "ConformanceLevel"  # older ZUGFeRD names the same property in its own namespace
_BROKEN = (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError)


def check(pdf: bytes) -> list[Finding]:
    """What is wrong with the file as PDF/A-3, as warnings; the file has to be a readable PDF."""
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [*_identity(document), *_catalog(document), *_objects(document)]
    return [_warning(clause, text) for clause, text in dict.fromkeys(found)]


def _warning(clause: str, text: str) -> Finding:
    return Finding(
        rule=f"PDFA-{clause}",
        class_=FindingClass.FORMAT,
        level=Level.WARNING,
        text=text,
    )


def _identity(document: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """What the metadata call the file (XMP): PDF/A part 3, with an e-invoice inside."""
    said = _metadata(document)
    if said.get(_PDFAID) != "3":
        part = said.get(_PDFAID)
        text = f"Die Datei bezeichnet sich als PDF/A-{part}" if part else "Die Datei ist kein PDF/A"
        yield "6.6.4", f"{text}. ZUGFeRD verlangt PDF/A-3, das sich archivieren lässt."
    if not any(name == _FX or name.endswith(f"}}{_ANY_LEVEL}") for name in said):
        yield "FX-XMP", "In den Metadaten fehlt der Hinweis auf die eingebettete E-Rechnung."


def _metadata(document: pikepdf.Pdf) -> dict[str, str]:
    """Every property of the XMP packet, written as element or as attribute."""
    with suppress(Unreadable, *_BROKEN):
        root: etree._Element = parse_xml(document.Root.Metadata.read_bytes())
        said: dict[str, str] = {}
        for element in root.iter():
            said[str(element.tag)] = (element.text or "").strip()
            said |= {str(name): str(value) for name, value in element.items()}
        return said
    return {}


def _catalog(document: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    if "/ID" not in document.trailer:
        yield "6.1.3", "Der Datei fehlt die Kennung (/ID)."
    if document.is_encrypted:
        yield "6.1.3", "Die Datei ist verschlüsselt; PDF/A erlaubt das nicht."
    if "/JavaScript" in document.Root.get("/Names", {}):
        yield "6.5.1", "Die Datei enthält JavaScript; PDF/A erlaubt das nicht."
    if not list(document.Root.get("/AF", [])):
        yield "6.8", "Die eingebettete Datei ist nicht mit dem Dokument verknüpft (/AF)."


def _objects(document: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    for item in islice(document.objects, _MOST_OBJECTS):
        with suppress(*_BROKEN):
            if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                continue
            if item.get("/Type") == "/FontDescriptor" and not _embedded(item):
                name = str(item.get("/FontName", "")).removeprefix("/")
                yield "6.2.11.4", f"Die Schrift {name} ist nicht eingebettet."
            if item.get("/Subtype") == "/Image" and bool(item.get("/Interpolate", False)):
                yield "6.2.8", "Ein Bild wird beim Anzeigen geglättet (Interpolate)."
            if item.get("/S") in ("/JavaScript", "/Launch"):
                yield "6.5.1", "Die Datei enthält eine Aktion, die PDF/A nicht erlaubt."


def _embedded(descriptor: pikepdf.Object) -> bool:
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
