"""What fits to what one types, as options below the field; see suggest.js."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

MOST = 8


@dataclass(frozen=True)
class Option:
    """A choice; `values` go into the fields of the same line or form."""

    label: str
    note: str
    values: dict[str, Any]

    @property
    def fill(self) -> str:
        return json.dumps(self.values)


def typed(request: HttpRequest) -> str:
    """The text in the field, whatever the name of the field."""
    return str(next(iter(request.GET.values()), "")).strip()


def offered(options: Sequence[Option]) -> HttpResponse:
    """The options; nothing at all where there are none, so that the list closes."""
    page = render_to_string("invoicing/suggestions.html", {"options": options})
    return HttpResponse(page.strip())
