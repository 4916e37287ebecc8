"""Mappings over the API: listed, deleted, named by an upload; large files are read by a job."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banking import errors, mapping
from banking.models import CsvMapping, StatementImport, Transaction
from banking.sampling import sample
from banking.uploading import AT_ONCE
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import a_user, books
from workmate import jobs, roles
from workmate.models import AuditEvent, JobRun

pytestmark = pytest.mark.django_db

FILE = b"Tag;Wer;Wert\n05.10.2026;Kundig;1.190,00\n06.10.2026;Amt;-62,30\n"
UPLOADS = "/api/v1/statement-imports/"
MAPPINGS = "/api/v1/csv-mappings/"


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


@pytest.fixture
def api(client, user):
    client.force_login(user)
    return client


def a_mapping(account, user, data=FILE):
    made = mapping.proposed(sample(data), data)
    made.account, made.name = account, "Hausbank"
    return mapping.keep(made, by=user)


def send(api, data, **fields):
    return api.post(UPLOADS, {"file": SimpleUploadedFile("bank.csv", data)} | fields)


def test_mappings_are_listed(api, account, user):
    made = a_mapping(account, user)
    [found] = api.get(MAPPINGS).json()["results"]
    assert found.pop("created_at")
    assert found == {
        "id": made.pk,
        "name": "Hausbank",
        "account": account.pk,
        "delimiter": ";",
        "encoding": "",
        "has_header": True,
        "skip": 0,
        "header": ["Tag", "Wer", "Wert"],
        "columns": made.columns,
        "amounts": "german",
        "days": "day",
        "inferred": False,
    }


def test_the_list_asks_the_database_as_often_for_three_as_for_one(api, account, user):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(MAPPINGS).status_code == 200
        return len(queries)

    a_mapping(account, user)
    asked()
    first = asked()
    a_mapping(account, user, FILE.replace(b"Wer;", b"An;"))
    a_mapping(account, user, FILE.replace(b"Wer;", b"Von;"))
    assert (asked(), CsvMapping.objects.count()) == (first, 3)


def test_a_deleted_mapping_is_forgotten_and_what_it_read_stays(api, account, user):
    made = a_mapping(account, user)
    assert send(api, FILE, account=account.pk).status_code == 201
    assert api.delete(f"{MAPPINGS}{made.pk}/").status_code == 204
    assert Transaction.objects.count() == 2
    assert AuditEvent.objects.filter(event="csv_mapping.dropped").count() == 1
    answer = send(api, FILE, account=account.pk)
    assert (answer.status_code, answer.json()["code"]) == (422, errors.UNKNOWN_FORMAT.code)


def test_only_who_may_read_statements_in_deletes_one(client, account, user):
    made = a_mapping(account, user)
    adviser = a_user()
    adviser.groups.add(Group.objects.get(name=roles.ADVISER))
    client.force_login(adviser)
    assert client.get(MAPPINGS).status_code == 200
    assert client.delete(f"{MAPPINGS}{made.pk}/").status_code == 403
    assert send(client, FILE, mapping=made.pk).status_code == 403


def test_an_upload_names_the_mapping_and_needs_no_account(api, account, user):
    made = a_mapping(account, user)
    answer = send(api, FILE, mapping=made.pk)
    assert (answer.status_code, answer.json()["account"]) == (201, account.pk)
    assert answer.json()["new"] == 2


def test_a_named_mapping_reads_nothing_else(api, account, user):
    made = a_mapping(account, user)
    data = ing([("29.09.2026", "Kundig", "Danke", 11_900)])
    answer = send(api, data, mapping=made.pk)
    assert (answer.status_code, answer.json()["code"]) == (422, errors.MAPPING_DOES_NOT_FIT.code)
    assert not StatementImport.objects.exists()


def test_the_mapping_of_another_account_is_refused(api, account, user):
    made = a_mapping(account, user)
    other = an_account(user, iban="DE02120300000000202051", name="Zweitkonto")
    answer = send(api, FILE, mapping=made.pk, account=other.pk)
    refused = errors.MAPPING_OF_OTHER_ACCOUNT.code
    assert (answer.status_code, answer.json()["code"]) == (409, refused)


def test_a_mapping_that_is_not_there_is_a_problem_at_its_field(api, account):
    answer = send(api, FILE, mapping=99)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "mapping"


def test_a_large_file_is_read_by_a_job(api, account, user):
    made = a_mapping(account, user)
    answer = send(api, FILE + b"\n" * AT_ONCE, mapping=made.pk)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert not Transaction.objects.exists()
    jobs.execute(answer.json()["id"])
    run = api.get(f"/api/v1/jobs/{answer.json()['id']}/").json()
    assert (run["state"], run["result"]["new"]) == ("done", 2)


def test_a_job_whose_mapping_was_deleted_meanwhile_says_so(api, account, user):
    made = a_mapping(account, user)
    answer = send(api, FILE + b"\n" * AT_ONCE, mapping=made.pk)
    api.delete(f"{MAPPINGS}{made.pk}/")
    jobs.execute(answer.json()["id"])
    run = JobRun.objects.get(pk=answer.json()["id"])
    assert (run.state, run.error_code) == ("failed", errors.MAPPING_GONE.code)
