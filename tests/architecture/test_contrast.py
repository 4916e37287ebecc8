"""Words can be read in both modes: WCAG 2.2 AA, computed from the tokens themselves."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
COLOUR = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
BOTH = re.compile(rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\);")
ONE = re.compile(rf"--([\w-]+): {COLOUR};")

WORDS = ["ink", "muted", "accent", "positive", "attention", "negative", "info", "neutral"]
GROUNDS = ["paper", "desk", "raised", "sunken", "hover"]
PAIRS = [
    *[(word, ground) for word in WORDS for ground in GROUNDS],
    *[(tone, f"{tone}-wash") for tone in WORDS[3:]],
    *[("ink", f"{tone}-wash") for tone in WORDS[3:]],
    *[("faint", "paper"), ("faint", "sunken")],
    *[("ink", "chosen"), ("muted", "chosen"), ("accent", "chosen")],
    *[("on-accent", ground) for ground in ("accent-fill", "accent-fill-hover", "negative-fill")],
]


def colours(dark):
    found = {}
    for name, *values in BOTH.findall(TOKENS):
        found[name] = [float(value) for value in (values[3:] if dark else values[:3])]
    return found | {name: [float(v) for v in values] for name, *values in ONE.findall(TOKENS)}


def luminance(lightness, chroma, hue):
    """Relative luminance (WCAG) of a colour in oklch, after Björn Ottosson's conversion."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(part, 0), 1) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_stands_out_from_its_ground(dark):
    found = colours(dark)
    weak = {
        f"{word} on {ground}": round(ratio, 2)
        for word, ground in PAIRS
        if (ratio := contrast(found[word], found[ground])) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_ring_of_the_focus_can_be_seen(dark):
    found = colours(dark)
    assert contrast(found["accent"], found["paper"]) >= 3


def test_black_on_white_has_the_greatest_contrast():
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)
