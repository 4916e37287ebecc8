"""A logo as it may stand in a PDF/A: sRGB without transparency, or a harmless drawing."""

import io
import re
import struct
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

MAX_BYTES = 5_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 1000  # px; 70 mm at 360 dpi
FAINT = 12  # of 255: what JPEG leaves in white

_RASTER = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DRAWING = frozenset(
    "svg g path rect circle ellipse line polyline polygon defs title desc style symbol use "
    "linearGradient radialGradient stop clipPath".split()
)
# A style may name fills by a fragment and nothing that loads, is animated or leaves sRGB.
_FOREIGN_STYLE = re.compile(r"@|url\(\s*['\"]?(?!#)|device-cmyk|icc-color|\\", re.IGNORECASE)
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
)


class Unusable(ValueError):
    """This file cannot be a logo; the text says why, in German."""


@dataclass(frozen=True)
class Logo:
    """Cleaned bytes and their media type: image/png or image/svg+xml."""

    data: bytes
    media_type: str


@lru_cache(maxsize=8)
def clean(data: bytes, media_type: str = "") -> Logo:
    """The logo in a form that prints everywhere; raises `Unusable`."""
    if len(data) > MAX_BYTES:
        raise Unusable("Das Logo ist größer als 5 MB.")
    if media_type == "image/svg+xml" or b"<svg" in data[:2000]:
        return Logo(_clean_svg(data), "image/svg+xml")
    return Logo(_clean_raster(data), "image/png")


def _clean_raster(data: bytes) -> bytes:
    """RGB on white: transparency costs a mask in the PDF and paper is white anyway."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=_RASTER)
        if image.width * image.height > MAX_PIXELS:
            raise Unusable("Das Logo hat zu viele Bildpunkte.")
        image.load()
        image = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        image = _in_srgb(image, profile)
    except Unusable:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,  # Pillow's word for a damaged PNG
        EOFError,
        LookupError,
        ArithmeticError,
        TypeError,
        struct.error,
    ) as error:
        raise Unusable("Die Datei ist kein lesbares Bild (PNG, JPEG, WebP, SVG).") from error
    image = _trimmed(image)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in ("P", "LA", "RGBA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile is no reason to lose the logo
    return image.convert("RGB")


def _trimmed(image: Image.Image) -> Image.Image:
    """Without the white around the logo, so that it stands flush with the text."""
    paper = Image.new("RGB", image.size, "white")
    difference = ImageChops.difference(image, paper).convert("L")
    box = difference.point(lambda depth: 255 if depth > FAINT else 0).getbbox()
    return image.crop(box) if box else image


def _clean_svg(data: bytes) -> bytes:
    """The drawing without anything that loads, runs or writes: paths and fills only."""
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise Unusable("Die SVG-Datei ist nicht lesbar.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unusable("Die SVG-Datei enthält eine DTD. Bitte als einfaches SVG speichern.")
    for element in list(root.iter()):
        _clean_element(element)
    _refuse_nested_use(root)
    return etree.tostring(root)


def _refuse_nested_use(root: etree._Element) -> None:
    """A drawing that repeats repetitions can grow without end."""
    repeated = {
        value.removeprefix("#")
        for use in root.iter(f"{_SVG}use")
        for key, value in use.items()
        if key in ("href", _XLINK)
    }
    for element in root.iter():
        inside = next(element.iter(f"{_SVG}use"), None)
        if element.get("id") in repeated and inside is not None:
            raise Unusable("Das SVG ist zu verschachtelt. Bitte in Pfade umwandeln.")


def _clean_element(element: etree._Element) -> None:
    if not isinstance(element.tag, str) or not element.tag.startswith(_SVG):
        _remove(element)
        return
    name = element.tag.removeprefix(_SVG)
    if name in ("text", "image", "foreignObject"):
        raise Unusable("Das SVG enthält Schrift oder Bilder. Bitte in Pfade umwandeln.")
    if name not in _DRAWING:
        _remove(element)
        return
    if _FOREIGN_STYLE.search("".join(element.itertext()) if name == "style" else ""):
        raise Unusable("Das SVG lädt fremde Inhalte.")
    for attribute, value in list(element.attrib.items()):
        reference = attribute in ("href", _XLINK)
        if attribute.lower().startswith("on") or (reference and not value.startswith("#")):
            del element.attrib[attribute]
        elif not reference and _FOREIGN_STYLE.search(value):
            raise Unusable("Das SVG lädt fremde Inhalte oder Farben außerhalb von sRGB.")


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        raise Unusable("Die Datei ist kein SVG.")
    parent.remove(element)
