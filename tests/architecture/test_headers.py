"""Every answer tells the browser what it may do with it, refusals and files as well."""

import logging
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.architecture.routes import routes
from tests.architecture.rows import one_of_everything, with_row
from tests.architecture.test_access import somebody
from workmate import roles

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
SWAGGER = STRICT | {"style-src": "'self' 'unsafe-inline'"}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Whoever has the address may see the page: no other page learns it.
SECRET = HEADERS | {"Referrer-Policy": "no-referrer"}


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def policy(answer: HttpResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts if name}


def is_safe(
    answer: HttpResponse,
    expected: dict[str, str] = STRICT,
    headers: dict[str, str] = HEADERS,
) -> bool:
    found = {name: answer.get(name) for name in HEADERS}
    return (policy(answer), found) == (expected, headers)


def test_every_address_is_strict():
    rows = one_of_everything()
    owner = somebody(roles.OWNER)
    loose = []
    for route in routes():
        answer = owner.get(with_row(route, rows))
        headers = SECRET if route.name.startswith("pay:") else HEADERS
        if not is_safe(answer, SWAGGER if route.name == "api_docs" else STRICT, headers):
            loose.append(f"{route.path} {answer.status_code} {answer.headers}")
    assert not loose, "\n".join(loose)


def test_refusals_are_strict():
    strangers = Client(raise_request_exception=False)
    foreign = Client(raise_request_exception=False, headers={"Host": "evil.example"})
    answers = {
        "missing": somebody(roles.STAFF).get("/gibt-es-nicht/"),
        "denied": Client().get("/kunden/"),
        "foreign host": foreign.get("/"),
        "no token": Client(enforce_csrf_checks=True).post("/anmelden/", {"username": "x"}),
        "null byte": strangers.get("/anmelden/?next=%00"),
        "a file": strangers.get("/static/css/app.css"),
        "machines": strangers.get("/api/v1/customers/"),
    }
    assert {name for name, answer in answers.items() if not is_safe(answer)} == set()


def test_a_bug_is_strict(monkeypatch: pytest.MonkeyPatch):
    from dashboard.views import Overview

    client = somebody(roles.OWNER)
    monkeypatch.setattr(Overview, "get", lambda *_: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert is_safe(answer)


def test_pages_of_a_person_are_not_kept_by_shared_caches():
    one_of_everything()
    client = somebody(roles.OWNER)
    for path in ("/kunden/", "/profil/", "/admin/"):
        kept = client.get(path).get("Cache-Control", "")
        assert "private" in kept, path
