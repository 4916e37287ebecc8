"""Files in the watched folder come in once and whole; what is refused says why."""

import time

import pytest

from banking import tasks
from banking.collecting import SETTLED, collect
from banking.models import StatementImport, Transaction
from tests.banking.bank import an_account
from tests.banking.statements import dkb, ing
from tests.books import books

pytestmark = pytest.mark.django_db

SALE = ("29.09.2026", "Kundig GmbH", "RE-2026-0001", 119_000)
COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)


@pytest.fixture
def user():
    person = books()
    an_account(person)
    return person


def later():
    return time.time() + SETTLED + 1


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_in_and_is_put_away(user, tmp_path):
    (tmp_path / "auszug.csv").write_bytes(ing([SALE]))
    assert collect(tmp_path, at=later(), by=user) == {"done": 1, "waiting": 0, "failed": 0}
    assert names(tmp_path) == ["erledigt/auszug.csv"]
    assert StatementImport.objects.get().filename == "auszug.csv"
    assert collect(tmp_path, at=later(), by=user) == {"done": 0, "waiting": 0, "failed": 0}


def test_a_file_that_somebody_still_writes_is_left_alone(user, tmp_path):
    (tmp_path / "auszug.csv").write_bytes(ing([SALE]))
    assert collect(tmp_path, at=time.time(), by=user) == {"done": 0, "waiting": 0, "failed": 0}
    assert names(tmp_path) == ["auszug.csv"]


def test_unfinished_and_foreign_things_are_left_alone(user, tmp_path):
    for name in (".auszug.csv", "auszug.csv.part", "auszug.filepart"):
        (tmp_path / name).write_bytes(ing([SALE]))
    (tmp_path / "verweis.csv").symlink_to(tmp_path / ".auszug.csv")
    assert collect(tmp_path, at=later(), by=user) == {"done": 0, "waiting": 0, "failed": 0}
    assert not Transaction.objects.exists()


def test_what_is_refused_says_why_and_stops_nothing(user, tmp_path):
    (tmp_path / "a.csv").write_bytes(dkb([{"Betrag (€)": "5"}]).replace(b"DE8937", b"XX8937"))
    (tmp_path / "b.csv").write_bytes(ing([SALE]))
    assert collect(tmp_path, at=later(), by=user) == {"done": 1, "waiting": 0, "failed": 1}
    assert names(tmp_path) == [
        "erledigt/b.csv",
        "fehlgeschlagen/a.csv",
        "fehlgeschlagen/a.csv.grund.txt",
    ]
    assert "FINANCE_30" in (tmp_path / "fehlgeschlagen/a.csv.grund.txt").read_text()


def test_a_second_file_of_the_same_name_keeps_the_first(user, tmp_path):
    for bookings in ([SALE], [COFFEE]):
        (tmp_path / "auszug.csv").write_bytes(ing(bookings))
        collect(tmp_path, at=later(), by=user)
    assert len(names(tmp_path)) == 2
    assert Transaction.objects.count() == 2


def test_a_file_that_was_not_put_away_comes_in_only_once(user, tmp_path):
    for _ in range(2):
        (tmp_path / "auszug.csv").write_bytes(ing([SALE]))
        collect(tmp_path, at=later(), by=user)
    assert Transaction.objects.count() == 1


def test_the_task_does_nothing_without_a_folder(user, settings, tmp_path):
    settings.BANK_INBOX = ""
    tasks.collect_statements()
    settings.BANK_INBOX = str(tmp_path / "fehlt")
    tasks.collect_statements()
    assert not StatementImport.objects.exists()
