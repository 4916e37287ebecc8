"""What every request gets: a number, and a German answer when it is refused."""

import logging
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse

from workmate import errors, logs
from workmate.errors import Problem
from workmate.views import refusals

logger = logging.getLogger(__name__)

GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
Respond = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Numbers the request: in its logs, in its audit events, in its answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        # Not taken back: Django logs refused answers after this returns.
        logs.request_id.set(number)
        response = self.get_response(request)
        response["X-Request-ID"] = number
        return response


class Private:
    """No proxy keeps what it answers, and the browser asks again before it shows it again."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Every view needs a login unless it says otherwise; htmx loads the login as a whole page."""

    def handle_no_permission(  # type: ignore[override]  # other answers than a redirect are fine
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        if refusals.is_for_machines(request):
            return refusals.answer(request, errors.NOT_AUTHENTICATED())
        response = super().handle_no_permission(request, view_func)
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        return response


class Bounds:
    """Refuses what no view can use: more than fits, and null bytes, which no text column takes."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        most = settings.MOST_BYTES_IN_A_REQUEST
        if _length(request) > most:
            problem = errors.TOO_LARGE(limit=f"{most // 1024 // 1024} MB")
            return refusals.answer(request, problem)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return refusals.answer(request, errors.BAD_REQUEST())
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """The bytes of the body; without a readable length the server hands none on."""
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() and len(given) < 20 else 0


class Problems:
    """Turns a problem that a view raises into its answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Problem):
            return None
        logger.warning(
            "problem", extra={"code": error.code, "path": request.path, "status": error.status}
        )
        return refusals.answer(request, error)
