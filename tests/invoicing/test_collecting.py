"""Many documents as one file, and the evaluation beside it."""

import csv
import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from invoicing import collecting, errors
from tests.books import signed_in
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_draft, an_invoice
from workmate import errors as ground
from workmate.documents import path_of
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def owner():
    return a_business()


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_what_is_archived_with_its_hashes(owner):
    first, second = an_invoice(owner), an_invoice(owner)
    a_draft(owner)
    wanted = collecting.Wanted(start=DAY, end=DAY)
    with collecting.collect(wanted, by=owner, on=DAY) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    listed = table(archive, "dateien.csv")
    assert [(row["Nummer"], row["Art"]) for row in listed] == [
        (one.number, kind)
        for one in (first, second)
        for kind in ("PDF", "E-Rechnung", "Prüfbericht")
    ]
    for row in listed:
        assert hashlib.sha256(archive.read(row["Datei"])).hexdigest() == row["SHA-256"]
    assert [(row["Nummer"], row["Brutto"]) for row in table(archive, "belege.csv")] == [
        (first.number, "119,00"),
        (second.number, "119,00"),
    ]
    assert [row["Bezeichnung"] for row in table(archive, "positionen.csv")] == ["Beratung"] * 2
    assert AuditEvent.objects.get(event="invoices.collected").payload == {
        "start": "2026-05-04",
        "end": "2026-05-04",
        "documents": 2,
    }


def test_drafts_alone_make_no_file(owner):
    draft = a_draft(owner)
    with raises_problem(errors.NOTHING_TO_COLLECT):
        collecting.collect(collecting.Wanted(ids=[draft.pk]), by=owner, on=DAY)


def test_too_many_are_refused_before_a_byte_is_read(owner, monkeypatch):
    an_invoice(owner)
    monkeypatch.setattr(collecting, "LIMIT", 0)
    with raises_problem(errors.TOO_MANY_TO_COLLECT):
        collecting.collect(collecting.Wanted(), by=owner, on=DAY)


def test_a_damaged_file_is_not_passed_on(owner):
    invoice = an_invoice(owner)
    path = path_of(invoice.xml.sha256)
    path.chmod(0o644)
    path.write_bytes(b"anders")
    with raises_problem(ground.DOCUMENT_DAMAGED):
        collecting.collect(collecting.Wanted(), by=owner, on=DAY)


def test_an_adviser_downloads_the_ticked_documents(owner):
    invoice = an_invoice(owner)
    an_invoice(owner)
    client = signed_in("Steuerberatung")
    answer = client.post(reverse("invoicing:collect"), {"pk": [invoice.pk]})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert {row["Nummer"] for row in table(archive, "belege.csv")} == {invoice.number}
    assert "buchungen.csv" not in archive.namelist()


def test_without_documents_one_is_told_so(owner):
    client = signed_in("Inhaber")
    answer = client.post(
        reverse("invoicing:collect"), {"von": "01.01.2020", "bis": "31.01.2020"}, follow=True
    )
    assert "kein gestellter Beleg" in answer.content.decode()


def test_the_evaluation_shows_sums_and_states(owner):
    an_invoice(owner)
    client = signed_in("Inhaber")
    address = reverse("invoicing:evaluation")
    page = client.get(address, {"von": "01.05.2026", "bis": "31.05.2026"}).content.decode()
    for words in ("100,00", "119,00", "Überfällig", "01.05.2026"):
        assert words in page
    before = client.get(address, {"von": "01.04.2026", "bis": "30.04.2026"}).content.decode()
    assert "119,00" not in before
    wrong = client.get(address, {"von": "01.05.2026", "bis": "30.04.2026"})
    assert "Das Ende liegt vor dem Beginn." in wrong.content.decode()


def test_the_evaluation_asks_as_often_for_three_invoices_as_for_one(
    owner, django_assert_num_queries
):
    client = signed_in("Inhaber")
    address = reverse("invoicing:evaluation")
    an_invoice(owner)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    an_invoice(owner)
    an_invoice(owner)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_number_figures_and_file_over_the_api(owner):
    invoice = an_invoice(owner)
    client = signed_in("Inhaber")
    found = client.get(f"/api/v1/invoices/by-number/{invoice.number}/")
    assert (found.json()["id"], "ETag" in found.headers) == (invoice.pk, True)
    assert client.get("/api/v1/invoices/by-number/RE-1/").status_code == 404
    figures = client.get("/api/v1/invoices/statistics/", {"customer": invoice.customer_id}).json()
    assert figures["money"] == [
        {
            "currency": "EUR",
            "count": 1,
            "net": "100.00",
            "gross": "119.00",
            "outstanding": "119.00",
            "overdue": "119.00",
            "overdue_count": 1,
        }
    ]
    wrong = client.get("/api/v1/invoices/statistics/", {"date_from": "morgen"})
    assert wrong.status_code == 422
    where = "/api/v1/invoices/collection/"
    assert client.post(where, {}, content_type=JSON).status_code == 422
    answer = client.post(where, {"invoices": [invoice.pk]}, content_type=JSON)
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None


def test_the_documents_of_a_project_are_found_from_one_of_them(owner):
    invoice = an_invoice(owner, project_reference="Neubau Süd")
    other = an_invoice(owner)
    client = signed_in("Inhaber")
    page = client.get(invoice.get_absolute_url()).content.decode()
    address = f"{reverse('invoicing:invoices')}?project=Neubau%20S%C3%BCd"
    assert address in page
    found = client.get(address).content.decode()
    assert (invoice.number in found, other.number in found) == (True, False)
    rows = client.get("/api/v1/invoices/", {"project": "neubau süd"}).json()["results"]
    assert [row["id"] for row in rows] == [invoice.pk]
