import contextlib
import io

import pytest
from PIL import Image

from workmate import logos

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
)


def image(mode: str, kind: str, color: object, size: tuple[int, int] = (30, 10)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, color).save(target, kind)
    return target.getvalue()


def cleaned(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(logos.clean(data).data))


def drawn(content: str) -> str:
    return logos.clean(DRAWING.format(content).encode(), "image/svg+xml").data.decode()


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_every_raster_becomes_rgb(mode):
    assert cleaned(image(mode, "JPEG", 0)).mode == "RGB"


def test_transparency_becomes_paper():
    logo = cleaned(image("RGBA", "PNG", (200, 0, 0, 128)))
    red, green, blue = logo.getpixel((5, 5))
    assert (red, green) == pytest.approx((227, 127), abs=2)
    assert green == blue


def test_white_around_a_logo_is_cut_off():
    sheet = Image.new("RGB", (200, 100), "white")
    sheet.paste("navy", (50, 20, 90, 40))
    target = io.BytesIO()
    sheet.save(target, "PNG")
    assert cleaned(target.getvalue()).size == (40, 20)


def test_a_large_logo_is_scaled_down():
    assert cleaned(image("RGB", "PNG", "navy", (4000, 1000))).size == (1000, 250)


@pytest.mark.parametrize("data", [b"", b"text", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"%!PS-Adobe"])
def test_what_is_no_image_is_refused(data):
    with pytest.raises(logos.Unusable):
        logos.clean(data)


def test_a_damaged_image_is_refused():
    whole = image("RGB", "PNG", "navy", (40, 30))
    for at in range(len(whole)):
        with contextlib.suppress(logos.Unusable):
            logos.clean(whole[:at] + b"\x80" + whole[at + 1 :])


def test_too_many_bytes_are_refused():
    with pytest.raises(logos.Unusable, match="5 MB"):
        logos.clean(b"\x89PNG" + bytes(logos.MAX_BYTES))


def test_too_many_pixels_are_refused():
    with pytest.raises(logos.Unusable, match="Bildpunkte"):
        logos.clean(image("1", "PNG", 0, (8000, 8000)))


def test_a_drawing_stays_as_it_is():
    path = '<path d="M0 0h3v1z" fill="#0b4f5c"/>'
    assert path in drawn(f"<title>Logo</title>{path}")


def test_scripts_handlers_and_links_are_removed():
    found = drawn(
        '<script>alert(1)</script><g onload="alert(1)"/><use href="http://x.example/a.svg#b"/>'
        '<a href="javascript:1"><path d="M0 0"/></a>'
    )
    for word in ("script", "onload", "http://x", "javascript"):
        assert word not in found


@pytest.mark.parametrize(
    "content",
    [
        '<image href="http://x.example/a.png"/>',
        "<text>Logo</text>",
        "<foreignObject/>",
        "<style>@import url(http://x.example)</style>",
        "<style>.a{fill:url(http://x.example/a)}</style>",
        '<path style="fill:url(file:///etc/passwd)" d="M0 0"/>',
        '<g id="a"><use href="#b"/></g><g id="b"/><use href="#a"/>',
        '<path fill="device-cmyk(1 0 0 0)" d="M0 0"/>',
    ],
)
def test_a_drawing_that_loads_or_leaves_srgb_is_refused(content):
    with pytest.raises(logos.Unusable):
        drawn(content)


def test_entities_are_not_expanded():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    with pytest.raises(logos.Unusable, match="DTD"):
        logos.clean(bomb, "image/svg+xml")
