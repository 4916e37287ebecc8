"""Many documents as one file that a job writes and that is kept for a week; the evaluation."""

import hashlib
import io
import os
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from invoicing import collecting, errors
from tests.books import signed_in
from tests.invoicing.collections import archive_of, collected, table
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_draft, an_invoice
from workmate import errors as ground
from workmate import jobs
from workmate.documents import path_of
from workmate.models import AuditEvent, JobRun, User

pytestmark = pytest.mark.django_db
JSON = "application/json"
API = "/api/v1/invoices/collection/"
SPAN = {"start": DAY, "end": DAY}


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture(autouse=True)
def _no_files_stay():
    yield
    shutil.rmtree(settings.EXPORTS_DIR, ignore_errors=True)


def files():
    return sorted(path.name for path in Path(settings.EXPORTS_DIR).glob("*"))


def test_the_file_holds_what_is_archived_with_its_hashes(owner):
    first, second = an_invoice(owner), an_invoice(owner)
    a_draft(owner)
    run = collected(owner, **SPAN)
    archive = archive_of(run, owner)
    assert archive.testzip() is None
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
    data = Path(settings.EXPORTS_DIR, f"{run.pk}.zip").read_bytes()
    done = {"documents": 2, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert (run.state, run.done, run.total, run.result) == ("done", 2, 2, done)
    assert AuditEvent.objects.get(event="invoices.collected").payload == done | {
        "start": "2026-05-04",
        "end": "2026-05-04",
    }


def test_whoever_takes_the_file_away_stands_in_the_trail(owner):
    an_invoice(owner)
    run = collected(owner, **SPAN)
    other = signed_in("Steuerberatung")
    answer = other.get(reverse("invoicing:collection-file", args=[run.pk]))
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == run.result["sha256"]
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/zip",
        "private, no-store",
    )
    assert "GoBD-Export 2026-05-04 bis 2026-05-04.zip" in answer["Content-Disposition"]
    event = AuditEvent.objects.get(event="collection.downloaded")
    taker = User.objects.get(pk=other.session["_auth_user_id"])
    assert (event.actor, event.payload) == (taker, {"sha256": run.result["sha256"]})


def test_who_asks_twice_while_it_is_written_gets_the_same_run(owner):
    invoice = an_invoice(owner)
    first = collecting.order(collecting.Wanted(**SPAN), by=owner)
    assert collecting.order(collecting.Wanted(**SPAN), by=owner) == first
    assert collecting.order(collecting.Wanted(ids=[invoice.pk]), by=owner) != first
    jobs.execute(first.pk)
    assert collecting.order(collecting.Wanted(**SPAN), by=owner) != first


def test_drafts_alone_make_no_file(owner):
    draft = a_draft(owner)
    with raises_problem(errors.NOTHING_TO_COLLECT):
        collecting.order(collecting.Wanted(ids=[draft.pk]), by=owner)


def test_a_damaged_file_is_not_passed_on(owner):
    invoice = an_invoice(owner)
    path = path_of(invoice.xml.sha256)
    path.chmod(0o644)
    path.write_bytes(b"anders")
    run = collected(owner, **SPAN)
    assert (run.state, run.error_code) == ("failed", ground.DOCUMENT_DAMAGED.code)
    assert files() == []
    page = signed_in("Inhaber").get(run.get_absolute_url()).content.decode()
    assert ground.DOCUMENT_DAMAGED.code in page


def test_without_room_on_the_disk_nothing_is_begun(owner, monkeypatch):
    an_invoice(owner)
    monkeypatch.setattr(collecting, "SPARE", 1)
    run = collected(owner, **SPAN)
    assert (run.state, run.error_code) == ("failed", errors.NO_ROOM_TO_COLLECT.code)
    assert files() == []


def test_who_lost_the_right_gets_no_file_any_more(owner):
    an_invoice(owner)
    User.objects.filter(pk=owner.pk).update(is_superuser=False)
    owner.groups.clear()
    run = collected(owner, **SPAN)
    assert (run.state, run.error_code) == ("failed", errors.RIGHT_WITHDRAWN.code)
    assert files() == []


def test_a_run_that_is_stopped_leaves_nothing_and_can_go_again(owner, monkeypatch):
    an_invoice(owner)
    run = collecting.order(collecting.Wanted(**SPAN), by=owner)
    reported = []

    def stop(self, done, total=0):
        reported.append((done, total, files()))
        JobRun.objects.filter(pk=self.pk).update(cancel_requested=done == 1)
        return progress(self, done, total)

    progress = JobRun.progress
    monkeypatch.setattr(JobRun, "progress", stop)
    jobs.execute(run.pk)
    monkeypatch.undo()
    run.refresh_from_db()
    assert (run.state, files()) == ("cancelled", [])
    assert reported == [(0, 1, []), (1, 1, [f"{run.pk}.part"])]
    jobs.restart(run, by=owner)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, files()) == ("done", [f"{run.pk}.zip"])


def test_a_file_is_there_for_seven_days(owner):
    an_invoice(owner)
    run = collected(owner, **SPAN)
    path = Path(settings.EXPORTS_DIR, f"{run.pk}.zip")
    assert collecting.forget(at=timezone.now()) == 0
    JobRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=7))
    run.refresh_from_db()
    with raises_problem(errors.COLLECTION_GONE):
        collecting.hand_out(run, by=owner)
    old = (timezone.now() - timedelta(days=7, seconds=1)).timestamp()
    os.utime(path, (old, old))
    assert (collecting.forget(at=timezone.now()), files()) == (1, [])
    client = signed_in("Inhaber")
    assert "nach sieben Tagen" in client.get(run.get_absolute_url()).content.decode()
    gone = client.get(reverse("invoicing:collection-file", args=[run.pk]), follow=True)
    assert "liegt nicht mehr bereit" in gone.content.decode()
    assert client.get(f"{API}{run.pk}/content/").status_code == 410


def test_an_adviser_gets_the_ticked_documents(owner):
    invoice = an_invoice(owner)
    an_invoice(owner)
    client = signed_in("Steuerberatung")
    answer = client.post(reverse("invoicing:collect"), {"pk": [invoice.pk]})
    run = JobRun.objects.get(name=collecting.JOB)
    assert answer["Location"] == run.get_absolute_url()
    assert 'hx-trigger="every 1s"' in client.get(answer["Location"]).content.decode()
    jobs.execute(run.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "1 Beleg," in page
    assert "every 1s" not in page
    archive = archive_of(JobRun.objects.get(pk=run.pk), owner)
    assert {row["Nummer"] for row in table(archive, "belege.csv")} == {invoice.number}
    assert "buchungen.csv" not in archive.namelist()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_writes_the_file(worker):
    owner = a_business()
    an_invoice(owner)
    run = collecting.order(collecting.Wanted(**SPAN), by=owner)
    worker.finish(60)
    run.refresh_from_db()
    assert (run.state, archive_of(run, owner).testzip()) == ("done", None)


def test_without_documents_one_is_told_so(owner):
    client = signed_in("Inhaber")
    answer = client.post(
        reverse("invoicing:collect"), {"von": "01.01.2020", "bis": "31.01.2020"}, follow=True
    )
    assert "kein gestellter Beleg" in answer.content.decode()


def test_the_evaluation_lists_the_exports_that_are_kept(owner):
    invoice = an_invoice(owner)
    run = collected(owner, **SPAN)
    ticked = collected(owner, ids=[invoice.pk])
    client = signed_in("Inhaber")
    page = client.get(reverse("invoicing:evaluation")).content.decode()
    assert run.get_absolute_url() in page
    assert ticked.get_absolute_url() not in page
    JobRun.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert (
        run.get_absolute_url() not in client.get(reverse("invoicing:evaluation")).content.decode()
    )


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
    collected(owner, **SPAN)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        an_invoice(owner)
        collected(owner, **SPAN)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_number_and_figures_over_the_api(owner):
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


def test_the_api_orders_tells_how_far_it_is_and_gives_the_file(owner):
    invoice = an_invoice(owner)
    client = signed_in("Inhaber")
    assert client.post(API, {}, content_type=JSON).status_code == 422
    answer = client.post(API, {"invoices": [invoice.pk]}, content_type=JSON)
    run = JobRun.objects.get(name=collecting.JOB)
    assert (answer.status_code, answer["Location"]) == (202, f"{API}{run.pk}/")
    waiting = client.get(answer["Location"]).json()
    assert (
        waiting
        == answer.json()
        == {
            "id": run.pk,
            "job": f"/api/v1/jobs/{run.pk}/",
            "state": "queued",
            "done": 0,
            "total": 0,
            "error_code": "",
            "error": "",
            "size": None,
            "sha256": None,
            "kept_until": None,
            "content": None,
        }
    )
    early = client.get(f"{API}{run.pk}/content/")
    assert (early.status_code, early.json()["code"]) == (409, errors.COLLECTION_NOT_READY.code)
    jobs.execute(run.pk)
    told = client.get(answer["Location"]).json()
    assert (told["state"], told["done"], told["total"]) == ("done", 1, 1)
    content = client.get(told["content"])
    data = b"".join(content.streaming_content)
    assert (content["Content-Type"], len(data)) == ("application/zip", told["size"])
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


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
