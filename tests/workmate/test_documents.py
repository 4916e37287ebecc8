import stat
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tests.factories import UserFactory, user_in
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import documents, errors
from workmate.models import AuditEvent, Document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_archive(tmp_path, settings):
    settings.ARCHIVE_DIR = tmp_path / "archive"


def stored(key: str = "a", data: bytes = b"content", **fields: object) -> Document:
    by = fields.pop("by", None) or UserFactory()
    return documents.store(
        key,
        data,
        **{"filename": "a.pdf", "media_type": "application/pdf", "kind": "x", "by": by} | fields,
    )


def test_what_is_stored_is_read():
    assert documents.read(stored(data=b"\x00\xff content")) == b"\x00\xff content"


def test_the_file_is_named_by_its_hash_and_nobody_may_write_it():
    path = documents.path_of(stored().sha256)
    assert path.name == documents.digest_of(b"content")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_same_key_and_bytes_give_the_same_document():
    assert stored() == stored()
    assert Document.objects.count() == 1
    assert AuditEvent.objects.filter(event="document.archived").count() == 1


def test_other_bytes_under_the_key_are_refused():
    stored()
    with raises_problem(errors.DOCUMENT_EXISTS):
        stored(data=b"other")


def test_two_keys_may_share_a_file():
    first, second = stored("a"), stored("b")
    assert first.pk != second.pk
    assert documents.path_of(first.sha256) == documents.path_of(second.sha256)


def test_a_changed_file_is_not_served():
    document = stored()
    path = documents.path_of(document.sha256)
    path.chmod(0o644)
    path.write_bytes(b"changed")
    with raises_problem(errors.DOCUMENT_DAMAGED):
        documents.read(document)


def test_a_missing_file_is_a_problem_with_advice():
    document = stored()
    documents.path_of(document.sha256).unlink()
    with raises_problem(errors.DOCUMENT_NOT_FOUND):
        documents.read(document)


def test_a_damaged_file_is_put_right_when_its_bytes_come_again():
    document = stored()
    path = documents.path_of(document.sha256)
    path.chmod(0o644)
    path.write_bytes(b"changed")
    stored("another")
    assert documents.read(document) == b"content"


def test_a_row_that_does_not_come_about_leaves_no_row():
    @transaction.atomic
    def fail() -> None:
        stored()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Document.objects.exists()
    assert documents.read(stored()) == b"content"


def test_the_index_refuses_change():
    document = stored()
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        document.delete()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_archive_one_document():
    user = UserFactory()
    found = at_once(lambda number: stored("same", b"x" * 100_000, by=user).pk)
    assert len(set(found)) == 1
    assert documents.read(Document.objects.get()) == b"x" * 100_000


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Rechnung RE-2026-0001.pdf", "Rechnung RE-2026-0001.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\a.csv", "a.csv"),
        ('a"b<c>|d?.pdf', "a-b-c--d-.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("..", "dokument"),
        ("", "dokument"),
        ("x" * 300 + ".xml", "x" * 146 + ".xml"),
        ("Größe.pdf", "Größe.pdf"),
    ],
)
def test_file_names_are_harmless(given: str, safe: str):
    assert documents.safe_filename(given) == safe
    assert len(documents.safe_filename(given)) <= 150


def test_a_download_says_what_it_is_and_nothing_is_guessed(client):
    client.force_login(user_in("Buchhaltung"))
    document = stored(filename="Größe.pdf")
    response = client.get(f"/dokumente/{document.pk}/")
    assert response.content == b"content"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf"


def test_only_what_cannot_run_is_shown_in_the_browser(client):
    client.force_login(user_in("Buchhaltung"))
    pdf = stored("pdf")
    svg = stored("svg", b"<svg/>", filename="a.svg", media_type="image/svg+xml")
    assert client.get(f"/dokumente/{pdf.pk}/?zeigen")["Content-Disposition"].startswith("inline")
    shown = client.get(f"/dokumente/{svg.pk}/?zeigen")["Content-Disposition"]
    assert shown.startswith("attachment")


def test_downloads_need_the_permission_of_their_kind(client):
    documents.register("test_secret", permission="workmate.manage_users")
    document = stored(kind="test_secret")
    address = f"/dokumente/{document.pk}/"
    assert client.get(address).status_code == 302
    for role, status in (
        ("Inhaber", 200),
        ("Buchhaltung", 403),
        ("Steuerberatung", 403),
        ("Mitarbeit", 403),
    ):
        client.force_login(user_in(role))
        assert client.get(address).status_code == status, role


def test_a_kind_has_one_permission():
    documents.register("test_kind", permission="workmate.view_document")
    with pytest.raises(ValueError):
        documents.register("test_kind", permission="workmate.manage_users")


def test_the_archive_lies_where_the_settings_say(settings):
    assert Path(settings.ARCHIVE_DIR) in documents.path_of(stored().sha256).parents
