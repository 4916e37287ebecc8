"""A file of an unknown format waits, archived and once, until a person decides."""

import io
import time
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banking import errors, waiting
from banking.collecting import SETTLED, collect
from banking.importing import import_statement
from banking.models import CsvMapping, StatementImport, Transaction, WaitingFile
from banking.undoing import undo_import
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import a_user, books, signed_in
from tests.threads import at_once
from workmate import documents, roles
from workmate.errors import Problem
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db

UNKNOWN = b"Tag;Wer;Wert\n05.10.2026;Kundig;1.190,00\n06.10.2026;Amt;-62,30\n"
OTHER = UNKNOWN.replace(b"Amt", b"Bahn")
SALE = ("29.09.2026", "Kundig GmbH", "RE-2026-0001", 119_000)
LIST = "/bank/einlesen/offen/?state=waiting"


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


@pytest.fixture
def pages(client, user):
    client.force_login(user)
    return client


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return target.getvalue()


def upload(pages, data, name="bank.csv", account=None):
    body = {"file": SimpleUploadedFile(name, data)}
    if account:
        body["account"] = account.money_account.pk
    return pages.post(reverse("banking:import"), body, follow=True)


def columns(account):
    return {
        "account": account.money_account.pk,
        "title": "Bank",
        "amounts": "german",
        "days": "day",
        "booked_on": "Tag",
        "amount": "Wert",
        "name": "Wer",
        "einlesen": "1",
    }


def in_folder(folder, data, user, name="bank.csv"):
    (folder / name).write_bytes(data)
    return collect(folder, at=time.time() + SETTLED + 1, by=user)


def test_from_the_folder_it_waits_with_its_bytes(account, user, tmp_path):
    counts = in_folder(tmp_path, UNKNOWN, user)
    assert counts == {"done": 0, "waiting": 1, "failed": 0}
    row = WaitingFile.objects.get()
    assert (row.source, row.account, str(row)) == ("folder", None, "bank.csv")
    assert documents.read(row.document) == UNKNOWN
    assert (tmp_path / "erledigt" / "bank.csv").exists()
    assert AuditEvent.objects.filter(event="waiting_file.received").count() == 1


def test_what_nobody_could_map_is_refused_as_before(account, user, tmp_path):
    counts = in_folder(tmp_path, b"Guten Tag", user)
    assert counts == {"done": 0, "waiting": 0, "failed": 1}
    assert not WaitingFile.objects.exists()


def test_from_the_list_it_is_mapped_and_leads_to_its_statement_then(pages, account, user, tmp_path):
    in_folder(tmp_path, UNKNOWN, user)
    row = WaitingFile.objects.get()
    assert row.mapping_url in pages.get(LIST).text
    assert "Eine Datei wartet" in pages.get(reverse("banking:statements")).text
    pages.post(row.mapping_url, columns(account))
    row.refresh_from_db()
    imported = StatementImport.objects.get()
    assert (row.statement, row.account, row.state) == (imported, account, "read")
    assert "bank.csv" not in pages.get(LIST).text
    assert imported.get_absolute_url() in pages.get(LIST.replace("waiting", "read")).text
    assert "Eine Datei wartet" not in pages.get(reverse("banking:statements")).text


def test_a_mapped_header_in_the_folder_waits_for_its_account_only(pages, account, user, tmp_path):
    in_folder(tmp_path, UNKNOWN, user)
    pages.post(WaitingFile.objects.get().mapping_url, columns(account))
    assert in_folder(tmp_path, OTHER, user)["waiting"] == 1
    assert WaitingFile.objects.open().count() == 1


def test_the_same_bytes_wait_once(pages, account, user, tmp_path):
    in_folder(tmp_path, UNKNOWN, user)
    in_folder(tmp_path, UNKNOWN, user, "andere.csv")
    upload(pages, UNKNOWN, account=account)
    row = WaitingFile.objects.get()
    assert (row.account, row.source) == (account, "folder")
    assert AuditEvent.objects.filter(event="waiting_file.received").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_at_once_wait_once(account, user):
    files = [("bank.csv", UNKNOWN)]
    source = WaitingFile.Source.FOLDER
    found = at_once(lambda _: waiting.keep_all(account, files, source=source, by=user), 3)
    assert [len(one) for one in found] == [1, 1, 1]
    assert WaitingFile.objects.count() == 1


def test_in_a_zip_the_known_files_come_in_and_the_others_wait(pages, account, user):
    answer = upload(pages, zipped(a=ing([SALE]), b=UNKNOWN, c=OTHER), "alle.zip")
    assert Transaction.objects.count() == 1
    assert "Noch nicht eingelesen" in answer.text
    assert "b.csv, c.csv" in answer.text
    assert "2 Dateien warten" in answer.text
    rows = WaitingFile.objects.order_by("pk")
    assert [(str(row), row.source) for row in rows] == [("b.csv", "archive"), ("c.csv", "archive")]


def test_a_zip_of_unknown_files_leads_to_the_list(pages, account, user):
    answer = upload(pages, zipped(a=UNKNOWN, b=OTHER), "alle.zip", account)
    assert answer.redirect_chain == [(LIST, 302)]
    assert {row.account for row in WaitingFile.objects.all()} == {account}
    assert not StatementImport.objects.exists()


def test_a_zip_with_something_that_nobody_could_map_is_refused_whole(pages, account, user):
    answer = upload(pages, zipped(a=ing([SALE]), b=UNKNOWN, c=b"Guten Tag"), "alle.zip")
    assert answer.status_code == 422
    assert not WaitingFile.objects.exists()
    assert not Transaction.objects.exists()


def test_in_a_zip_for_an_account_a_proven_file_is_read(account, user):
    rows = "".join(
        f"0{day}.10.2026;{day},50;{day * (day + 1) // 2 + day / 2:.2f}\n" for day in range(1, 7)
    )
    text = ("Datum;Betrag;Saldo\n" + rows).replace(".00\n", ",00\n").replace(".50\n", ",50\n")
    data = zipped(a=ing([SALE]), b=text.encode())
    assert import_statement(account, data, filename="alle.zip", by=user).new == 7
    assert CsvMapping.objects.get().name == "b"
    assert not WaitingFile.objects.exists()


def test_it_is_discarded_with_a_reason_and_waits_again_when_it_comes_again(
    pages, account, user, tmp_path
):
    in_folder(tmp_path, UNKNOWN, user)
    row = WaitingFile.objects.get()
    address = reverse("banking:waiting_file_discard", args=[row.pk])
    assert address in pages.get(row.mapping_url).text
    assert pages.post(address, {"reason": ""}).status_code == 422
    assert pages.post(address, {"reason": "privat"}).url == LIST
    row.refresh_from_db()
    assert (row.state, row.reason, row.discarded_by) == ("discarded", "privat", user)
    with pytest.raises(Problem) as refused:
        waiting.discard(row, reason="noch einmal", by=user)
    assert refused.value.code == errors.NOT_WAITING.code
    in_folder(tmp_path, UNKNOWN, user)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("waiting", "")


def test_a_statement_taken_back_does_not_wait(pages, account, user, tmp_path):
    in_folder(tmp_path, UNKNOWN, user)
    pages.post(WaitingFile.objects.get().mapping_url, columns(account))
    undo_import(StatementImport.objects.get(), by=user)
    assert WaitingFile.objects.open().count() == 0


def test_only_who_may_read_statements_in_decides(client, account, user, tmp_path):
    in_folder(tmp_path, UNKNOWN, user)
    address = reverse("banking:waiting_file_discard", args=[WaitingFile.objects.get().pk])
    adviser = a_user()
    adviser.groups.add(Group.objects.get(name=roles.ADVISER))
    client.force_login(adviser)
    assert client.get(LIST).status_code == 403
    assert client.post(address, {"reason": "x"}).status_code == 403
    assert "wartet auf Ihre" not in client.get(reverse("banking:statements")).text
    listed = client.get("/api/v1/waiting-files/?state=waiting").json()["results"]
    assert [(one["filename"], one["state"], one["source"]) for one in listed] == [
        ("bank.csv", "waiting", "folder")
    ]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(account, user):
    pages = signed_in()

    def asked(path):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert pages.get(path).status_code == 200
        return len(queries)

    source = WaitingFile.Source.FOLDER
    waiting.keep_all(account, [("a.csv", UNKNOWN)], source=source, by=user)
    paths = (LIST, "/api/v1/waiting-files/")
    [asked(path) for path in paths]
    first = [asked(path) for path in paths]
    more = [("b.csv", OTHER), ("c.csv", UNKNOWN + b"\n")]
    waiting.keep_all(account, more, source=source, by=user)
    assert [asked(path) for path in paths] == first
