"""Files are uploaded alone or together; large ones are read by a job, all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banking import errors
from banking.csv_formats.reading import MAX_SIZE
from banking.importing import import_statement
from banking.models import StatementImport, Transaction
from banking.uploading import AT_ONCE, upload
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import books, signed_in
from tests.killed import killed
from tests.threads import at_once
from workmate import documents, jobs
from workmate.models import Document, JobRun
from workmate.models.job import Cancelled

pytestmark = pytest.mark.django_db

COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)
SALE = ("29.09.2026", "Kundig GmbH", "RE-2026-0001", 119_000)


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def file(data, name="umsaetze.csv"):
    return SimpleUploadedFile(name, data, "text/csv")


def large(*bookings):
    """The file with so much white space at its end that a job has to read it."""
    return ing(bookings) + b"\n" * AT_ONCE


def test_a_small_file_is_read_at_once(account, user):
    assert upload(account, file(ing([SALE])), by=user).new == 1


def test_a_large_file_is_archived_and_read_by_a_job(account, user):
    data = large(SALE, COFFEE)
    run = upload(None, file(data), by=user)
    assert (run.state, Transaction.objects.count()) == ("queued", 0)
    jobs.execute(run.pk)
    run.refresh_from_db()
    imported = StatementImport.objects.get()
    assert run.result == {"statement": imported.pk, "read": 2, "new": 2}
    assert (run.state, run.done, run.total) == ("done", 1, 2)
    assert (imported.filename, documents.read(imported.document)) == ("umsaetze.csv", data)


def test_a_large_file_that_is_refused_ends_the_job_with_code_and_words(account, user):
    run = upload(account, file(b"Datum;Text\n" * (AT_ONCE // 10)), by=user)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", errors.UNKNOWN_FORMAT.code)
    assert not StatementImport.objects.exists()
    page = signed_in().get(run.get_absolute_url())
    assert "Dieses Format ist nicht bekannt" in page.text


def test_a_job_that_was_cancelled_takes_nothing(account, user):
    run = upload(account, file(large(SALE)), by=user)
    JobRun.objects.filter(pk=run.pk).update(cancel_requested=True)
    run.refresh_from_db()
    with pytest.raises(Cancelled):
        import_statement(account, large(SALE), filename="x.csv", by=user, run=run)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, Transaction.objects.count()) == ("cancelled", 0)


def test_a_worker_that_died_before_storing_leaves_nothing_and_the_next_one_does_it(account, user):
    run = upload(account, file(large(SALE)), by=user)
    JobRun.objects.filter(pk=run.pk).update(state="running", attempts=1)
    jobs.execute(run.pk)
    assert Transaction.objects.count() == 1


def test_a_worker_that_died_after_storing_has_not_to_do_it_again(account, user):
    run = upload(account, file(large(SALE)), by=user)
    jobs.execute(run.pk)
    JobRun.objects.filter(pk=run.pk).update(state="running", result={})
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert run.result["statement"] == StatementImport.objects.get().pk


@pytest.mark.django_db(transaction=True)
def test_the_same_large_file_uploaded_twice_at_once_comes_in_once():
    user = books()
    account = an_account(user)
    data = large(SALE, COFFEE, COFFEE)
    runs = at_once(lambda _: upload(account, file(data), by=user), 2)
    at_once(lambda number: jobs.execute(runs[number].pk), 2)
    for run in runs:  # one may have waited for the other's key
        JobRun.objects.filter(pk=run.pk, state="queued").update(not_before=None)
        jobs.execute(run.pk)
    assert Transaction.objects.count() == 3
    assert {run.state for run in JobRun.objects.filter(name="banking.import")} == {"done"}


def test_several_files_come_in_each_with_its_result(account, user):
    pages = signed_in()
    files = [file(ing([SALE]), "juli.csv"), file(b"nichts", "brief.txt"), file(ing([COFFEE]))]
    answer = pages.post(reverse("banking:import"), {"file": files}, follow=True)
    assert answer.redirect_chain == [(reverse("banking:import_results"), 302)]
    assert Transaction.objects.count() == 2
    assert "1 von 3 Dateien wurde nicht eingelesen" in answer.text
    assert "juli.csv" in answer.text
    assert errors.UNKNOWN_FORMAT.code in answer.text


UNKNOWN = b"Tag;Wer;Wert\n05.10.2026;Kundig;1.190,00\n06.10.2026;Amt;-62,30\n"


def test_an_unknown_file_among_several_waits_for_its_columns_to_be_mapped(account, user):
    pages = signed_in()
    body = {"file": [file(ing([SALE]), "juli.csv"), file(UNKNOWN, "andere.csv")]}
    answer = pages.post(reverse("banking:import"), body, follow=True)
    assert Transaction.objects.count() == 1
    assert "Eine Datei wartet auf Ihre Entscheidung" in answer.text
    kept = Document.objects.get(filename="andere.csv")
    assert reverse("banking:mapping", args=[kept.pk]) in answer.text
    assert documents.read(kept) == UNKNOWN


def test_a_large_unknown_file_leads_to_the_dialog_when_its_job_is_over(account, user):
    pages = signed_in()
    body = {"file": file(UNKNOWN + b"\n" * AT_ONCE)}
    pages.post(reverse("banking:import"), body)
    run = JobRun.objects.get(name="banking.import")
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, StatementImport.objects.count()) == ("done", 0)
    address = reverse("banking:mapping", args=[run.result["unknown"]])
    assert address in pages.get(run.get_absolute_url()).text
    assert "Spalten zuordnen" in pages.get(address).text


def test_a_large_file_shows_its_job_and_then_its_result(account, user):
    pages = signed_in()
    answer = pages.post(reverse("banking:import"), {"file": file(large(SALE))}, follow=True)
    assert "Die Datei wird eingelesen" in answer.text
    run = JobRun.objects.get(name="banking.import")
    jobs.execute(run.pk)
    answer = pages.get(run.get_absolute_url(), follow=True)
    assert answer.redirect_chain == [(StatementImport.objects.get().get_absolute_url(), 302)]


def test_what_is_larger_than_the_limit_is_refused_with_words_and_code(account, user):
    pages = signed_in()
    answer = pages.post(reverse("banking:import"), {"file": file(b" " * (MAX_SIZE + 1))})
    assert answer.status_code == 422
    assert "Die Datei ist zu groß: erlaubt sind 50 MB." in answer.text
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "place",
    [
        "banking.importing.read_statement",
        "banking.importing.store",
        "banking.importing._remember_balance",
        "banking.importing._take_in",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_step_leaves_all_or_nothing_and_the_next_one_ends_it(place):
    user = books()
    run = upload(an_account(user), file(large(SALE, COFFEE, COFFEE)), by=user)
    killed(lambda: jobs.execute(run.pk), at=place)
    stored = place.endswith("_take_in")
    assert Transaction.objects.count() == (3 if stored else 0)
    assert StatementImport.objects.count() == int(stored)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result["new"]) == ("done", 3)
    assert Transaction.objects.count() == 3
    assert StatementImport.objects.count() == 1
