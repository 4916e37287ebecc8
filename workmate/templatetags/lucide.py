"""Icons of lucide, each drawn once: a page shows a few of them very often."""

import functools

from django import template
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag(name="lucide")
def icon(name: str, *, size: int = 24, **attributes: object) -> str:
    """`{% lucide "check" size=14 aria_hidden="true" %}` as inline SVG."""
    written = tuple((key, str(value)) for key, value in attributes.items())
    return _drawn(str(name), int(size), written)


@functools.lru_cache(maxsize=1024)
def _drawn(name: str, size: int, attributes: tuple[tuple[str, str], ...]) -> str:
    return draw(name, size=size, **dict(attributes))
