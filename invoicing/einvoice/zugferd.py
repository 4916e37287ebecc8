"""ZUGFeRD and Factur-X: the XML inside a PDF, and what the PDF says about it.

The profile is EN 16931 (also named COMFORT); XRechnung XML travels under its own file name.
Source: ZUGFeRD 2.5 / Factur-X 1.09, technical appendix; PDF/A-3 is ISO 19005-3.
"""

import zlib
from io import BytesIO

import pikepdf

from invoicing.einvoice.parse import MAX_XML, Unreadable, parse

FILE_NAME = "factur-x.xml"
RELATIONSHIP = "Alternative"  # /AFRelationship: the XML says the same as the page
XMP_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
MAX_PDF = 50 * 1024 * 1024  # bytes

_PREFERRED = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_MAX_ATTACHMENTS = 100
_PROPERTIES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE"),
    ("Version", "The version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


def xmp_descriptions(
    *, file_name: str = FILE_NAME, conformance_level: str = "EN 16931", version: str = "1.0"
) -> bytes:
    """The two `rdf:Description`s that make a PDF/A-3 a Factur-X: to stand before `</rdf:RDF>`.

    One carries the fx values, the other declares them as a PDF/A extension schema, without which
    PDF/A does not allow them. `version` is the version of the XMP schema, not of ZUGFeRD.
    """
    values = {
        "DocumentFileName": file_name,
        "DocumentType": "INVOICE",
        "Version": version,
        "ConformanceLevel": conformance_level,
    }
    fields = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, value in values.items())
    return (
        f'<rdf:Description xmlns:fx="{XMP_NAMESPACE}" rdf:about="">{fields}</rdf:Description>'
        f"{_extension_schema()}"
    ).encode()


def _extension_schema() -> str:
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in _PROPERTIES
    )
    return (
        '<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">'
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{XMP_NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def is_pdf(data: bytes) -> bool:
    """Whether the file is a PDF: the mark stands within the first kilobyte (ISO 32000)."""
    return b"%PDF-" in data[:1024]


def extract_xml(pdf: bytes) -> tuple[str, bytes]:
    """Name and bytes of the e-invoice inside a PDF; raises `Unreadable`.

    Any embedded file whose root element is CII or UBL counts, whatever its name; the official
    names go first.
    """
    if len(pdf) > MAX_PDF:
        raise Unreadable(
            "FORMAT-SIZE",
            f"Die PDF-Datei ist größer als {MAX_PDF // 1024 // 1024} MB und wird nicht gelesen.",
        )
    refused: Unreadable | None = None
    for name, data in attachments(pdf):
        if data is None:
            refused = refused or _too_large(name)
            continue
        try:
            parse(data)
        except Unreadable as error:
            if refused is None and (b"<" in data[:100] or name.lower().endswith(".xml")):
                refused = error
            continue
        return name, data
    if refused is not None:
        raise refused
    raise Unreadable(
        "FORMAT-PDF",
        "Die PDF-Datei enthält keine E-Rechnung. Sie ist eine sonstige Rechnung: Verbindlich ist, "
        "was auf der Seite steht.",
    )


def _too_large(name: str) -> Unreadable | None:
    """A refusal for a file that should have been the invoice; other attachments do not matter."""
    if name.lower() not in _PREFERRED:
        return None
    return Unreadable(
        "FORMAT-SIZE",
        f"Die eingebettete Datei {name} ist zu groß oder auf unübliche Weise gepackt.",
    )


def attachments(pdf: bytes) -> list[tuple[str, bytes | None]]:
    """Names and bytes of the files in a PDF, the e-invoice first; `None` for what is too large.

    Raises `Unreadable`.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            found = [
                (name, _bounded(specification))
                for name, specification in list(document.attachments.items())[:_MAX_ATTACHMENTS]
            ]
    except pikepdf.PasswordError as error:
        raise Unreadable(
            "FORMAT-PDF", "Die PDF-Datei ist mit einem Kennwort geschützt.", str(error)
        ) from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            "FORMAT-PDF", "Die PDF-Datei ist beschädigt und lässt sich nicht lesen.", str(error)
        ) from error
    return sorted(found, key=_preference)


def _preference(attachment: tuple[str, bytes | None]) -> int:
    name = attachment[0].lower()
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)


def _bounded(specification: pikepdf.AttachedFileSpec) -> bytes | None:
    """The embedded file; `None` where it is too large or packed in an unusual way.

    A few kilobytes of PDF can unpack to gigabytes, so that the stream is unpacked here with a
    limit rather than by the library without one.
    """
    stream = specification.get_file().obj
    filters = stream.get("/Filter", pikepdf.Array())
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters]
    raw = bytes(stream.read_raw_bytes())
    if not names:
        return raw if len(raw) <= MAX_XML else None
    if names != ["/FlateDecode"] or stream.get("/DecodeParms") is not None:
        return None
    unpack = zlib.decompressobj()
    try:
        data = unpack.decompress(raw, MAX_XML + 1)
    except zlib.error:
        return None
    return data if len(data) <= MAX_XML else None
