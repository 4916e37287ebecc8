"""Every refusal of the API as `application/problem+json` (RFC 9457)."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from workmate import errors
from workmate.errors import Problem
from workmate.views.refusals import MEDIA_TYPE, body, too_large_a_body

logger = logging.getLogger(__name__)


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = MEDIA_TYPE


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; nothing for a bug, which Django then answers with a number."""
    request = context["request"]
    problem = as_problem(error, request.method)
    if problem is None:
        return None
    logger.warning(
        "problem", extra={"code": problem.code, "path": request.path, "status": problem.status}
    )
    return Response(
        body(problem, request.path),
        status=problem.status,
        headers=_headers(error, problem, context),
        content_type=MEDIA_TYPE,
    )


def as_problem(error: Exception, method: str = "") -> Problem | None:
    """The entry of the catalogue that an exception stands for."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.ValidationError):
        return errors.INVALID(fields=_by_field(error.detail))
    if isinstance(error, ValidationError):
        return errors.from_validation(error)
    if isinstance(error, exceptions.MethodNotAllowed):
        return errors.METHOD_NOT_ALLOWED(method=method)
    if isinstance(error, RequestDataTooBig):
        return too_large_a_body()
    for kinds, entry in KINDS:
        if isinstance(error, kinds):
            return entry()
    return None


KINDS: list[tuple[tuple[type[Exception], ...], errors.ProblemType]] = [
    ((exceptions.NotAuthenticated, exceptions.AuthenticationFailed), errors.NOT_AUTHENTICATED),
    ((PermissionDenied, exceptions.PermissionDenied), errors.NOT_ALLOWED),
    ((Http404, exceptions.NotFound), errors.NOT_FOUND),
    ((exceptions.NotAcceptable,), errors.NOT_ACCEPTABLE),
    ((exceptions.UnsupportedMediaType,), errors.MEDIA_TYPE),
    ((exceptions.Throttled,), errors.TOO_MANY_REQUESTS),
    ((ProtectedError, RestrictedError), errors.CONFLICT),
    ((exceptions.ParseError,), errors.BAD_REQUEST),
]


def _headers(error: Exception, problem: Problem, context: dict[str, Any]) -> dict[str, str]:
    headers = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    wait = getattr(error, "wait", None)
    if isinstance(error, exceptions.Throttled) and wait:
        headers["Retry-After"] = str(int(wait) + 1)
    return headers


def _by_field(detail: Any, path: str = "") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, message in _flat(detail, path):
        found.setdefault(name, []).append(message)
    return found


def _flat(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    """`{"lines": [{}, {"quantity": ["…"]}]}` is `lines.1.quantity`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(filter(None, [path, own])))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _flat(inner, f"{path}.{number}".strip(".") if nested else path)
    else:
        yield path, str(detail)
