"""What a foreign e-invoice encloses: files in its XML (BG-24) and files beside it in the PDF.

Nothing of it is trusted: the type is told by the content, and only the types that EN 16931 allows
(BR-CL-24), and XML, are given out at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from invoicing.attaching import ENDINGS, media_type_of
from invoicing.einvoice import zugferd
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.parse import Unreadable, parse_xml
from workmate import documents

XML = "application/xml"
_NAMES = {
    "application/pdf": "PDF-Datei",
    "image/png": "PNG-Bild",
    "image/jpeg": "JPEG-Bild",
    "text/csv": "CSV-Datei",
    XML: "XML-Datei",
}
_STRANGE = (
    "Dieser Dateityp ist in E-Rechnungen nicht vorgesehen; die Datei wird aus "
    "Sicherheitsgründen nicht ausgegeben."
)
_ALIKE = frozenset({XML, "text/xml"})


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One file that came with an e-invoice, or the address of one."""

    name: str
    description: str = ""
    address: str = ""  # BT-124, shown and never followed
    origin: str  # in German: out of the XML, or beside it
    declared: str = ""  # the media type that the e-invoice claims
    media_type: str = ""  # the one that the content has; empty where it is not given out
    data: bytes = field(default=b"", repr=False)

    @property
    def kind(self) -> str:
        """What it is, in German."""
        if self.address and not self.data:
            return "Verweis"
        return _NAMES.get(self.media_type, "Tabelle" if self.media_type else "unbekannter Typ")

    @property
    def warning(self) -> str:
        """What is odd about it, in German."""
        if self.address and not self.data:
            return "Die Datei liegt nicht bei. Prüfen Sie die Adresse, bevor Sie sie öffnen."
        if not self.data:
            return "Die Datei ist leer oder nicht lesbar."
        if not self.media_type:
            return _STRANGE
        if self.declared and not _same(self.declared, self.media_type):
            return f"Angegeben ist {self.declared}, dem Inhalt nach ist es etwas anderes."
        return ""


def in_xml(einvoice: EInvoice) -> Iterator[Enclosure]:
    """The supporting documents of the e-invoice (BG-24)."""
    for one in einvoice.attachments:
        yield enclosure(
            one.filename or one.reference,
            one.data,
            origin="im XML eingebettet",
            description=one.description,
            address=one.address,
            declared=one.media_type,
        )


def in_pdf(pdf: bytes) -> Iterator[Enclosure]:
    """The files beside the page, the e-invoice itself among them."""
    for name, data in zugferd.attachments(pdf):
        yield enclosure(name, data or b"", origin="in der PDF-Datei")


def enclosure(
    name: str,
    data: bytes,
    *,
    origin: str,
    description: str = "",
    address: str = "",
    declared: str = "",
) -> Enclosure:
    """The file with the type that its content has, and a name that suits it."""
    media_type = _told(name, data)
    safe = documents.safe_filename(name)
    endings = ENDINGS.get(media_type) or ((".xml",) if media_type == XML else ())
    if endings and not safe.lower().endswith(endings):
        safe = f"{PurePosixPath(safe).stem or 'anlage'}{endings[0]}"
    return Enclosure(
        name=safe,
        description=description,
        address=address,
        origin=origin,
        declared=declared,
        media_type=media_type,
        data=data,
    )


def _told(name: str, data: bytes) -> str:
    if media_type := media_type_of(name, data):
        return media_type
    if data.lstrip()[:1] == b"<" or data.startswith(b"\xef\xbb\xbf"):
        try:
            parse_xml(data)
        except Unreadable:
            return ""
        return XML
    return ""


def _same(declared: str, found: str) -> bool:
    return declared == found or {declared, found} <= _ALIKE
