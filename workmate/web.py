"""A request as our views see it: somebody is logged in, htmx has been recognised."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from workmate.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails
    from rest_framework.request import Request as AnyApiRequest
else:
    AnyApiRequest = object


def row_number(text: str | None) -> int:
    """The number of a row as an address names it; 0, which no row has, where it names none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else 0


class Request(HttpRequest):
    """What a view behind the login gets (an annotation; nobody makes one)."""

    user: User
    htmx: "HtmxDetails"


class ApiRequest(AnyApiRequest):
    """What an API view gets once the request is authenticated (an annotation)."""

    user: User
