"""Pages of banking."""

from django.http import HttpRequest


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back in history loads it whole."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx and not htmx.history_restore_request)
