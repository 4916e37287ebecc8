import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import Client
from django.urls import path

from tests.factories import user_in
from workmate import errors, urls
from workmate.errors import CATALOGUE

pytestmark = pytest.mark.django_db


def refuse(request: HttpRequest, what: str):
    raise {
        "problem": errors.LAST_OWNER(email="eva@example.de"),
        "fields": errors.INVALID(fields={"name": ["Der Name fehlt."]}),
        "missing": Http404(),
        "denied": PermissionDenied(),
        "bug": ZeroDivisionError("secret detail"),
    }[what]


class Pages:
    """The addresses of the product and two that refuse."""

    urlpatterns = [
        path("probe/<what>/", refuse),
        path("api/v1/probe/<what>/", refuse),
        *urls.urlpatterns,
    ]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def client(settings) -> Client:
    settings.ROOT_URLCONF = Pages
    client = Client(raise_request_exception=False)
    client.force_login(user_in("Inhaber"))
    return client


def test_a_reader_gets_a_page_with_advice_and_the_status(client):
    page = client.get("/probe/problem/")
    text = page.content.decode()
    assert page.status_code == 409
    assert "eva@example.de ist der letzte Inhaber" in text
    assert "Geben Sie zuerst einer anderen Person" in text
    assert "AUTH_1013" in text


def test_a_form_goes_back_to_its_page_with_a_toast(client):
    page = client.post("/probe/fields/", headers={"Referer": "http://testserver/profil/"})
    assert (page.status_code, page["Location"]) == (303, "http://testserver/profil/")
    told = [str(message) for message in get_messages(page.wsgi_request)]
    assert told == [
        (
            "Die Angaben sind nicht vollständig oder nicht gültig. Der Name fehlt. "
            "Prüfen Sie die genannten Felder."
        )
    ]


@pytest.mark.parametrize("referer", ["", "https://evil.example/", "//evil.example/"])
def test_nobody_is_sent_to_a_foreign_page(client, referer):
    page = client.post("/probe/problem/", headers={"Referer": referer})
    assert page.status_code == 409


def test_htmx_gets_a_toast_at_its_place(client):
    answer = client.post("/probe/problem/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "data-toast" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_machine_gets_rfc_9457(client):
    answer = client.get("/api/v1/probe/fields/")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == 422
    assert answer.json() == {
        "type": "/hilfe/fehler/#SYSTEM_9001",
        "title": "Angaben nicht gültig",
        "status": 422,
        "detail": "Die Angaben sind nicht vollständig oder nicht gültig.",
        "instance": "/api/v1/probe/fields/",
        "code": "SYSTEM_9001",
        "hint": "Prüfen Sie die genannten Felder.",
        "errors": [{"field": "name", "code": "SYSTEM_9001", "message": "Der Name fehlt."}],
    }


@pytest.mark.parametrize(
    ("what", "status", "text"),
    [
        ("missing", 404, "Diese Seite gibt es nicht."),
        ("denied", 403, "Dafür fehlt Ihnen die Berechtigung."),
    ],
)
def test_pages_for_missing_and_denied_are_german(client, what, status, text):
    page = client.get(f"/probe/{what}/")
    assert page.status_code == status
    assert text in page.content.decode()


@pytest.mark.parametrize(("what", "code"), [("missing", "SYSTEM_9404"), ("denied", "AUTH_1009")])
def test_machines_get_them_as_json(client, what, code):
    answer = client.get(f"/api/v1/probe/{what}/")
    assert answer.json()["code"] == code


def test_a_bug_shows_its_number_and_never_a_traceback(client):
    page = client.get("/probe/bug/", headers={"X-Request-ID": "abc-12345"})
    text = page.content.decode()
    assert page.status_code == 500
    assert "abc-12345" in text
    assert "secret detail" not in text
    assert "Traceback" not in text


def test_a_bug_in_the_api_is_json_with_its_number(client):
    answer = client.get("/api/v1/probe/bug/", headers={"X-Request-ID": "abc-12345"})
    assert (answer.status_code, answer.json()["code"]) == (500, "SYSTEM_9000")
    assert "abc-12345" in answer.json()["hint"]
    assert "secret detail" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_german():
    client = Client(enforce_csrf_checks=True)
    page = client.post("/anmelden/", {"username": "a@example.de", "password": "x"})
    assert page.status_code == 403
    assert "Laden Sie die Seite neu" in page.content.decode()


@pytest.mark.parametrize("address", ["/gibt-es-nicht/", "/dokumente/99999999999999999999999/"])
def test_an_unknown_address_is_a_german_page(client, address):
    page = client.get(address)
    assert page.status_code == 404
    assert "Diese Seite gibt es nicht." in page.content.decode()


def test_strangers_learn_nothing_about_addresses_but_that_one_logs_in():
    page = Client().get("/rechnungen/gibt-es-nicht/")
    assert page.status_code == 404
    assert "entrance" in page.content.decode()


def test_an_unknown_api_address_is_json_also_for_strangers():
    answer = Client().get("/api/v9/x")
    assert (answer.status_code, answer.json()["code"]) == (404, "SYSTEM_9404")


def test_the_help_lists_every_code_with_its_advice(client):
    text = client.get("/hilfe/fehler/").content.decode()
    for code in CATALOGUE:
        assert f'id="{code}"' in text
