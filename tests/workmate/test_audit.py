import hashlib
import json
import os
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.factories import UserFactory
from tests.threads import at_once
from workmate import audit, documents, verification
from workmate.models import AuditEvent, User


@pytest.fixture(autouse=True)
def _own_heads(tmp_path, settings):
    settings.AUDIT_HEADS = tmp_path / "heads.jsonl"


def happened(event: str, by: User, **payload: object) -> AuditEvent:
    with transaction.atomic():
        return audit.record(event, by, by=by, payload=payload)


def tamper(sql: str, *params: object) -> None:
    """What a superuser can do who wants to hide something."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)


def first_break() -> str:
    return str(next(verification.breaks(), ""))


def test_an_event_outside_a_transaction_is_a_bug(transactional_db):
    with pytest.raises(RuntimeError):
        audit.record("x", UserFactory(), by=UserFactory())


def test_an_act_that_fails_leaves_no_event(transactional_db):
    user = UserFactory()

    @transaction.atomic
    def fail() -> None:
        audit.record("x", user, by=user)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not AuditEvent.objects.exists()


def test_events_are_sealed_at_commit_in_one_chain(transactional_db):
    user = UserFactory()
    events = [happened("a", user), happened("b", user), happened("c", user)]
    rows = list(AuditEvent.objects.order_by("id").values_list("pk", "seq", "prev", "hash"))
    assert [row[:2] for row in rows] == [(e.pk, n) for n, e in enumerate(events, start=1)]
    assert [row[2] for row in rows] == ["", rows[0][3], rows[1][3]]
    assert first_break() == ""


def test_python_recomputes_the_seal_of_the_database_for_any_text(transactional_db):
    user = UserFactory(name='Öl "&" \\ \u2028 \x7f\t\n 😀 ')
    happened("ä\x1f/</script>", user, text='"\\\u0001 ß', amount=Decimal("1.10"), n=None, l=[1, {}])
    assert first_break() == ""


def test_floats_have_no_place_in_the_trail(transactional_db):
    with pytest.raises(TypeError):
        happened("x", UserFactory(), amount=0.1)


def test_eight_people_at_once_make_one_chain(transactional_db):
    people = [UserFactory() for _ in range(8)]

    def act(number: int) -> None:
        for turn in range(10):
            happened(f"act.{turn}", people[number], turn=turn)

    assert at_once(act) == [None] * 8
    assert AuditEvent.objects.count() == 80
    assert list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 81)
    )
    assert first_break() == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(event="other"),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.all()._raw_delete("default"),
    ],
)
def test_sealed_events_refuse_change(transactional_db, change: Callable[[AuditEvent], object]):
    event = happened("a", UserFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        change(event)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("TRUNCATE workmate_auditevent")


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("UPDATE workmate_auditevent SET event = 'nothing' WHERE seq = 2", "Siegel passt nicht"),
        (
            "UPDATE workmate_auditevent SET at = at - interval '1 s' WHERE seq = 2",
            "Siegel passt nicht",
        ),
        ("UPDATE workmate_auditevent SET payload = '{}' WHERE seq = 2", "Inhalt wurden geändert"),
        (
            "UPDATE workmate_auditevent SET object_label = 'x' WHERE seq = 2",
            "Bezeichnung oder Inhalt",
        ),
        ("UPDATE workmate_auditevent SET seq = NULL WHERE seq = 2", "Ereignis 2 fehlt"),
        ("DELETE FROM workmate_auditevent WHERE seq = 2", "Ereignis 2 fehlt"),
        ("DELETE FROM workmate_auditevent WHERE seq = 1", "Ereignis 1 fehlt"),
    ],
)
def test_who_turns_the_triggers_off_is_found(transactional_db, sql: str, text: str):
    user = UserFactory()
    for name in ("a", "b", "c"):
        happened(name, user, name=name)
    tamper(sql)
    assert text in first_break()


def test_a_row_rewritten_with_its_own_new_seal_breaks_the_next_link(transactional_db):
    user = UserFactory()
    events = [happened(name, user, name=name) for name in ("a", "b", "c")]
    second = AuditEvent.objects.get(pk=events[1].pk)
    second.event = "nothing"
    new = audit.seal_of(second, second.prev, 2)
    tamper("UPDATE workmate_auditevent SET event = 'nothing', hash = %s WHERE seq = 2", new)
    assert "Ereignis 3" in first_break()
    assert "schließt nicht an" in first_break()


def test_a_cut_tail_is_found_by_the_exported_head(transactional_db):
    user = UserFactory()
    for name in ("a", "b", "c"):
        happened(name, user)
    audit.export_head(at=timezone.now())
    tamper("DELETE FROM workmate_auditevent WHERE seq = 3")
    assert "Ereignis 3 fehlt im Prüfpfad" in first_break()


def test_a_rewritten_chain_is_found_by_the_exported_head(transactional_db):
    user = UserFactory()
    happened("a", user)
    audit.export_head(at=timezone.now())
    tamper("DELETE FROM workmate_auditevent")
    happened("b", user)
    assert "anderes Siegel" in first_break() or "fehlt" in first_break()


def test_the_head_is_appended_to_its_file(transactional_db, settings):
    user = UserFactory()
    assert audit.export_head(at=timezone.now()) is None
    event = happened("a", user)
    audit.export_head(at=timezone.now())
    happened("b", user)
    audit.export_head(at=timezone.now())
    lines = [json.loads(line) for line in settings.AUDIT_HEADS.read_text().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2]
    assert lines[0]["hash"] == AuditEvent.objects.get(pk=event.pk).hash


def test_changed_missing_and_exchanged_files_are_found(transactional_db):
    user = UserFactory()

    def stored(key: str) -> documents.Document:
        return documents.store(
            key, key.encode(), filename=f"{key}.txt", media_type="text/plain", kind="x", by=user
        )

    changed, missing, exchanged = stored("v-changed"), stored("v-missing"), stored("v-exchanged")
    path = documents.path_of(changed.sha256)
    path.chmod(0o644)
    path.write_bytes(b"something else")
    documents.path_of(missing.sha256).unlink()
    other = hashlib.sha256(b"v-missing").hexdigest()
    tamper("UPDATE workmate_document SET sha256 = %s WHERE id = %s", other, exchanged.pk)
    found = [str(each) for each in verification.breaks()]
    path.unlink()
    assert found == [
        (
            f"Dokument {changed.pk} (v-changed.txt): Die Datei v-changed.txt wurde nach der "
            "Archivierung verändert."
        ),
        f"Dokument {missing.pk} (v-missing.txt): Die Datei v-missing.txt fehlt im Archiv.",
        f"Dokument {exchanged.pk} (v-exchanged.txt): Der Prüfpfad nennt einen anderen Inhalt.",
    ]


def test_documents_that_changed_places_are_found(transactional_db):
    """The right bytes under another document's key are wrong."""
    user = UserFactory()
    first, second = (
        documents.store(key, b"x", filename="x.txt", media_type="text/plain", kind="x", by=user)
        for key in ("v-first", "v-second")
    )
    tamper("UPDATE workmate_document SET key = key || '-old' WHERE id = %s", second.pk)
    tamper("UPDATE workmate_document SET key = 'v-second' WHERE id = %s", first.pk)
    found = [str(each) for each in verification.breaks()]
    assert found == [
        f"Dokument {document.pk} (x.txt): Der Prüfpfad nennt einen anderen Inhalt."
        for document in (first, second)
    ]


def test_events_that_changed_places_are_found(transactional_db):
    user = UserFactory()
    for name in ("a", "b", "c"):
        happened(name, user)
    tamper(
        "UPDATE workmate_auditevent row SET event = other.event, at = other.at,"
        " payload = other.payload, payload_hash = other.payload_hash"
        " FROM workmate_auditevent other WHERE (row.seq, other.seq) IN ((1, 2), (2, 1))"
    )
    assert first_break().startswith("Ereignis 1 ")


def test_a_document_removed_from_the_index_is_found(transactional_db):
    user = UserFactory()
    document = documents.store(
        "v-gone", b"gone", filename="gone.txt", media_type="text/plain", kind="x", by=user
    )
    tamper("DELETE FROM workmate_document WHERE id = %s", document.pk)
    assert first_break() == (
        f"Dokument {document.pk}: steht im Prüfpfad und fehlt im Verzeichnis des Archivs."
    )


def test_the_command_names_the_first_broken_link_and_fails(transactional_db, capsys):
    user = UserFactory()
    event = happened("a", user)
    happened("b", user)
    call_command("verify_audit")
    assert "2 Ereignisse und 0 Dokumente sind unverändert." in capsys.readouterr().out
    tamper("UPDATE workmate_auditevent SET event = 'nothing' WHERE seq = 1")
    with pytest.raises(CommandError, match=rf"Ereignis 1 \(Zeile {event.pk}") as raised:
        call_command("verify_audit")
    assert raised.value.returncode == 1


def test_heads_are_kept_outside_the_database():
    assert os.fspath(settings.AUDIT_HEADS).endswith(".jsonl")
