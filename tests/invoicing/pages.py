"""Reading back what was printed: text with its place, glyphs in use, objects of a PDF."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from fontTools.ttLib import TTFont
from pypdf import PdfReader

MM = 72 / 25.4  # points


@dataclass(frozen=True)
class Piece:
    """A run of text; `left` and `top` (its base line) in mm from the sheet's top left corner."""

    text: str
    left: float
    top: float


def texts(pdf: bytes) -> list[str]:
    """The text of every page, blanks evened out."""
    return [
        re.sub(r"[ \u00a0]+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages
    ]


def pieces(pdf: bytes, page: int = 0) -> list[Piece]:
    """All runs of text of a page with their places."""
    found = []
    sheet = PdfReader(io.BytesIO(pdf)).pages[page]
    height = float(sheet.mediabox.height)

    def visit(text, matrix, text_matrix, *_) -> None:
        a, b, c, d, e, f = matrix
        x, y = text_matrix[4], text_matrix[5]
        if text.strip():
            place = Piece(
                text.strip(), (a * x + c * y + e) / MM, (height - (b * x + d * y + f)) / MM
            )
            found.append(place)

    sheet.extract_text(visitor_text=visit)
    return found


@dataclass(frozen=True)
class Filling:
    """A filled rectangle, in mm from the sheet's top left corner."""

    left: float
    top: float
    width: float
    height: float


def fillings(pdf: bytes, page: int = 0) -> list[Filling]:
    """The filled rectangles of a page: rules, borders, marks."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        sheet = document.pages[page]
        height = float(sheet.mediabox[3])
        matrix, kept = pikepdf.Matrix(), []
        waiting: list[tuple[float, ...]] = []
        found = []
        for operands, operator in pikepdf.parse_content_stream(sheet):
            name = str(operator)
            if name == "q":
                kept.append(matrix)
            elif name == "Q":
                matrix = kept.pop()
            elif name == "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            elif name == "re":
                x, y, width, tall = map(float, operands)
                corners = [matrix.transform((x, y)), matrix.transform((x + width, y + tall))]
                waiting.append((*corners[0], *corners[1]))
            elif name in ("f", "f*", "B"):
                found += [_filling(box, height) for box in waiting]
                waiting = []
            elif name in ("n", "S", "s"):
                waiting = []
        return found


def _filling(box: tuple[float, ...], height: float) -> Filling:
    left, right = sorted((box[0], box[2]))
    low, high = sorted((box[1], box[3]))
    return Filling(left / MM, (height - high) / MM, (right - left) / MM, (high - low) / MM)


def objects(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of the file."""
    for item in document.objects:
        if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            yield item


def fonts(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    """The composite fonts of the file."""
    return [item for item in objects(document) if item.get("/Subtype") == "/Type0"]


def font_file(font: pikepdf.Object) -> bytes:
    """The embedded program of a composite font; raises KeyError where there is none."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    name = "/FontFile2" if "/FontFile2" in descriptor else "/FontFile3"
    return descriptor[name].read_bytes()


def missing_glyphs(document: pikepdf.Pdf) -> list[tuple[str, int]]:
    """Glyphs shown that are .notdef or lie outside their font program."""
    wrong = []
    for page in document.pages:
        counts = {
            name: TTFont(io.BytesIO(font_file(font)))["maxp"].numGlyphs
            for name, font in page.Resources.Font.items()
        }
        current = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = str(operands[0])
            wrong.extend(
                (current, glyph)
                for glyph in _shown(operands, str(operator))
                if glyph == 0 or glyph >= counts[current]
            )
    return wrong


def _shown(operands: list, operator: str) -> Iterator[int]:
    if operator not in ("Tj", "TJ"):
        return
    strings = operands if operator == "Tj" else operands[0]
    for string in strings:
        if isinstance(string, pikepdf.String):
            codes = bytes(string)
            yield from (codes[i] << 8 | codes[i + 1] for i in range(0, len(codes) - 1, 2))
