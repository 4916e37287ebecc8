"""Every address of the product, with numbers that no row has."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize
from rest_framework.views import APIView

NO_ROW = "999999999"
SAMPLES = {
    "app_label": "workmate",
    "content_type_id": "1",
    "format": "json",
    "month": "2026-01",
    "object_id": NO_ROW,
    "path": "nothing",
    "pk": NO_ROW,
    "rest": "nothing",
    "section": "adresse",
    "url": "nothing",
}


@dataclass(frozen=True)
class Route:
    """One address: `name` with its namespaces, `path` to ask for."""

    name: str
    path: str


@functools.cache
def routes() -> list[Route]:
    """All addresses of the root table and of everything it includes."""
    return list(_walk(get_resolver().url_patterns, "", "/"))


def view_of(route: Route) -> Any:
    """The view's class, or the view itself; nothing for an address that only looks right."""
    try:
        view = resolve(route.path).func
    except Resolver404:
        return None
    return getattr(view, "view_class", None) or getattr(view, "cls", view)


def is_api(route: Route) -> bool:
    view = view_of(route)
    return isinstance(view, type) and issubclass(view, APIView)


def _walk(patterns: list[URLPattern | URLResolver], namespace: str, prefix: str) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + _sample(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, inner, path)
        else:
            yield Route(namespace + (entry.name or entry.lookup_str), path)


def _sample(entry: URLPattern | URLResolver) -> str:
    template, names = normalize(entry.pattern.regex.pattern)[0]
    converters = entry.pattern.converters
    values = {name: SAMPLES.get(name, _fitting(converters.get(name))) for name in names}
    return str(template % values)


def _fitting(converter: object) -> str:
    kind = type(converter).__name__
    if kind == "UUIDConverter":
        return "00000000-0000-4000-8000-000000000000"
    return NO_ROW if kind in ("IntConverter", "NoneType") else "nothing"
