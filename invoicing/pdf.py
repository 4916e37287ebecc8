"""Printing turns an invoice into PDF/A-3a, with its XML inside where it is a ZUGFeRD invoice.

WeasyPrint writes the file in one pass. Three of its habits break ZUGFeRD or PDF/A and are put
right here: a second `rdf:RDF` for foreign XMP, every attachment twice in `/AF`, and characters
that no font has. The fourth, interpolated images, is put right in `invoice.css`.
"""

import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from invoicing import qr, remittance, typesetting
from invoicing.einvoice import zugferd
from invoicing.einvoice.model import EInvoice
from invoicing.letter import Font
from invoicing.typesetting import Presentation
from invoicing.typesetting import receipt as typesetting_receipt
from invoicing.typesetting.receipt import Receipt
from workmate import logos

__all__ = ["Presentation", "render", "render_receipt", "warm_up"]

logger = logging.getLogger(__name__)

VARIANT = "pdf/a-3a"
TEMPLATES = Path("templates/documents")
LOGO = "document:logo"
GIROCODE = "document:girocode"
PAY_CODE = "document:pay-code"

# Stands for a character that no installed font has; "?" where it is missing itself.
_SUBSTITUTE = "\u25a1"
_PASSES = 4

# Controls, marks of writing direction, joiners, emoji variants and tags, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)

# Characters that the fonts here turned out to lack: found once, replaced from then on.
_uncovered: set[str] = set()
# Pango's fonts are shared by all threads and break when two of them set type at once.
_typesetter = threading.RLock()


class _OwnFiles(URLFetcher):
    """Hands out the images of one document and nothing else: no network, no file."""

    def __init__(self, images: dict[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=[], allow_redirects=False)
        self._images = images

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        if url not in self._images:
            raise ValueError(f"a document may not load {url}")
        data, media_type = self._images[url]
        return URLFetcherResponse(url, data, {"Content-Type": media_type})


def render(
    invoice: EInvoice,
    presentation: Presentation,
    *,
    xml: bytes | None,
    xml_name: str = zugferd.FILE_NAME,
) -> bytes:
    """The invoice as PDF/A-3a.

    With `xml` the file is a ZUGFeRD invoice that carries exactly these bytes; without it is the
    readable copy of an invoice whose XML travels alone. A logo that cannot be printed is left
    out and logged: by then the invoice is issued and must not fail.
    """
    pictures = images(invoice, presentation)
    page = render_to_string("documents/invoice.html", _context(invoice, presentation, pictures))

    def embed(document: Document) -> None:
        if xml is not None:
            _embed(document, xml, xml_name, presentation)

    return _write(page, pictures, presentation.font, embed)


def render_receipt(receipt: Receipt, paper: EInvoice, presentation: Presentation) -> bytes:
    """The receipt as PDF/A-3a; `paper` is a document of ours that lends sender and recipient."""
    pictures = {name: one for name, one in images(paper, presentation).items() if name == LOGO}
    shown = typesetting_receipt.context(receipt, paper, presentation)
    page = render_to_string("documents/receipt.html", shown | {"logo": LOGO if pictures else None})
    return _write(page, pictures, presentation.font)


def _write(
    page: str,
    pictures: dict[str, tuple[bytes, str]],
    font: Font,
    prepare: Callable[[Document], None] = lambda document: None,
) -> bytes:
    for _ in range(_PASSES):
        with _typesetter:
            document = _lay_out(page, pictures, font)
            prepare(document)
            data = document.write_pdf(pdf_variant=VARIANT, finisher=_one_entry_each)
            if not _learn_uncovered(document):
                return data
    raise RuntimeError("characters without a glyph remain")


def warm_up() -> None:
    """Load fonts and style sheet, so that the first invoice of a worker is as fast as the next."""
    with _typesetter:
        HTML(string='<html lang="de"><title>Beleg</title><p>Übertrag 0,00 €</p>').render(
            font_config=_fonts(), stylesheets=[_stylesheet(Font.SANS)]
        ).write_pdf(pdf_variant=VARIANT)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet(font: Font) -> CSS:
    path = Path(settings.BASE_DIR) / TEMPLATES / "invoice.css"
    text = path.read_text().replace(Font.SANS, font)
    return CSS(string=text, font_config=_fonts(), url_fetcher=_OwnFiles({}))


def images(invoice: EInvoice, presentation: Presentation) -> dict[str, tuple[bytes, str]]:
    """The pictures of a document by name, each with its media type."""
    found = {}
    if presentation.logo:
        try:
            logo = logos.clean(presentation.logo, presentation.logo_media_type)
            found[LOGO] = (logo.data, logo.media_type)
        except logos.Unusable as reason:
            logger.warning("logo left out", extra={"reason": str(reason)})
    for name, payload in _codes(invoice, presentation):
        found[name] = (qr.svg(payload).encode(), "image/svg+xml")
    return found


def _codes(invoice: EInvoice, presentation: Presentation) -> Iterator[tuple[str, str]]:
    """The QR codes to pay with; none where nothing is owed or the letter wants none."""
    if not typesetting.asks_for_money(invoice, presentation):
        return
    if presentation.show_girocode and (payload := remittance.girocode(invoice)):
        yield GIROCODE, payload
    if url := typesetting.pay_url(invoice, presentation):
        yield PAY_CODE, url


def _context(invoice: EInvoice, presentation: Presentation, images: dict) -> dict:
    shown = {"logo": LOGO, "girocode": GIROCODE, "pay_code": PAY_CODE}
    return typesetting.context(invoice, presentation) | {
        name: address if address in images else None for name, address in shown.items()
    }


def _lay_out(page: str, images: dict[str, tuple[bytes, str]], font: Font = Font.SANS) -> Document:
    return HTML(string=_printable(page), url_fetcher=_OwnFiles(images)).render(
        font_config=_fonts(), stylesheets=[_stylesheet(font)], pdf_variant=VARIANT
    )


def _embed(document: Document, xml: bytes, name: str, presentation: Presentation) -> None:
    """Attach the XML and say so in the XMP, inside the one `rdf:RDF` that readers look at."""
    document.metadata.attachments = [
        Attachment(
            string=xml,
            name=name,
            description="Rechnungsdaten nach EN 16931",
            relationship=zugferd.RELATIONSHIP,
            created=presentation.created_at,
            modified=presentation.created_at,
        )
    ]
    level = "EN 16931" if name == zugferd.FILE_NAME else "XRECHNUNG"
    descriptions = zugferd.xmp_descriptions(file_name=name, conformance_level=level)
    generate = document.metadata.generate_rdf_metadata

    def generate_merged(*args: object) -> bytes:
        return generate(*args).replace(b"</rdf:RDF>", descriptions + b"</rdf:RDF>")

    document.metadata.generate_rdf_metadata = generate_merged


def _one_entry_each(_document: Document, pdf: pydyf.PDF) -> None:
    if files := pdf.catalog.get("AF"):
        files[:] = list(dict.fromkeys(files))


def _printable(page: str) -> str:
    """The page with characters that can be printed: invisible ones go, missing ones are boxed."""
    page = _INVISIBLE.sub("", unicodedata.normalize("NFC", page))
    if _uncovered.isdisjoint(page):
        return page
    box = "?" if _SUBSTITUTE in _uncovered else _SUBSTITUTE
    return page.translate({ord(character): box for character in _uncovered})


def _learn_uncovered(document: Document) -> set[str]:
    """Characters that were drawn without a glyph, or as a picture by an emoji font."""
    found: set[str] = set()
    for font in document.fonts.values():
        found.update(map(chr, font.missing))
        if font.bitmap or font.png or font.svg or font.colr:
            found.update(*font.to_unicode.values())
    found = {character for character in found if not character.isascii()}
    with _typesetter:
        _uncovered.update(found)
    return found
