"""How a refusal is told: a toast for htmx and forms, a page for a reader, JSON for a machine."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from workmate import errors, logs
from workmate.errors import Problem

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
HELP = "/hilfe/fehler/"
TITLES = {
    400: "Anfrage nicht lesbar",
    401: "Nicht angemeldet",
    403: "Nicht erlaubt",
    404: "Nicht gefunden",
    405: "Methode nicht erlaubt",
    406: "Format nicht verfügbar",
    409: "Widerspruch zum jetzigen Stand",
    412: "Inzwischen geändert",
    413: "Zu groß",
    415: "Format nicht angenommen",
    422: "Angaben nicht gültig",
    428: "If-Match fehlt",
    429: "Zu viele Anfragen",
    500: "Fehler bei uns",
    502: "Fremder Dienst lehnt ab",
    503: "Fremder Dienst nicht erreichbar",
}


def body(problem: Problem, instance: str) -> dict[str, Any]:
    """The RFC 9457 form of a problem."""
    return {
        "type": f"{HELP}#{problem.code}",
        "title": TITLES.get(problem.status, "Abgelehnt"),
        "status": problem.status,
        "detail": problem.message,
        "instance": instance,
        "code": problem.code,
        "hint": problem.advice,
        "errors": [
            {"field": field, "code": problem.code, "message": message}
            for field, messages_of_field in problem.fields.items()
            for message in messages_of_field
        ],
    }


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer that fits the request."""
    if is_for_machines(request):
        return JsonResponse(
            body(problem, request.path), status=problem.status, content_type=MEDIA_TYPE
        )
    if getattr(request, "htmx", False):
        return _toast(request, problem)
    if request.method == "POST" and problem.status not in (401, 500) and (back := _origin(request)):
        messages.error(request, _sentence(problem))
        return HttpResponseRedirect(back, status=303)
    return page(request, problem)


def page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A page of its own, with advice."""
    title = TITLES.get(problem.status, "Abgelehnt")
    context = {"problem": problem, "heading": title}
    return render(request, "errors/problem.html", context, status=problem.status)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether the address belongs to the API; its documentation is a page."""
    return request.path.startswith("/api/") and not request.path.startswith("/api/docs/")


def _sentence(problem: Problem) -> str:
    details = [text for texts in problem.fields.values() for text in texts]
    return " ".join([problem.message, *details[:5], problem.advice])


def _toast(request: HttpRequest, problem: Problem) -> HttpResponse:
    html = render_to_string("errors/toast.html", {"text": _sentence(problem)}, request)
    headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Push-Url": "false"}
    # htmx swaps 422 by itself; the toast's place is named all the same.
    return HttpResponse(html, status=problem.status, headers=headers)


def _origin(request: HttpRequest) -> str:
    """The page that the form was sent from, if it is ours."""
    referer = request.headers.get("Referer", "")
    try:
        hosts = {request.get_host()}
    except DisallowedHost:
        return ""
    safe = url_has_allowed_host_and_scheme(referer, hosts, require_https=request.is_secure())
    return referer if safe else ""


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_large = isinstance(exception, RequestDataTooBig)
    return answer(request, too_large_a_body() if too_large else errors.BAD_REQUEST())


def too_large_a_body() -> Problem:
    """The refusal of more than Django takes into memory at once."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return errors.TOO_LARGE(limit=f"{most} MB")


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, errors.NOT_ALLOWED())


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, errors.NOT_FOUND())


@login_not_required
def not_found_for_machines(request: HttpRequest, rest: str) -> HttpResponse:
    """Addresses under /api/ that do not exist, also in development."""
    return answer(request, errors.NOT_FOUND())


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, errors.CSRF_FAILED())


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug: the reader gets its number, the log has the rest. Uses no database."""
    problem = errors.INTERNAL(reference=logs.request_id.get() or "–")
    if is_for_machines(request):
        return answer(request, problem)
    try:
        html = render_to_string("errors/bug.html", {"problem": problem})
    except Exception:
        logger.exception("the error page is broken, too")
        return HttpResponse(f"{problem.message} {problem.advice}", "text/plain", status=500)
    return HttpResponse(html, status=500)
