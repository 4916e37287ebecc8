import datetime

import pytest
from django.core.management import CommandError, call_command

from tests.books import books
from tests.problems import raises_problem
from workmate.ledger import errors
from workmate.ledger.models import Account, Entry
from workmate.ledger.opening import post_balances, read_balances

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 1)


def found():
    balances = Account.objects.balances(on=START).exclude(balance=0)
    return {account.number: str(account.balance) for account in balances}


@pytest.mark.parametrize(
    "text",
    [
        "Konto;Saldo\n1200;1.000,50\n800;-700\n",
        "Konto;Saldo\n1200;1.000,50 S\n800;700,00 H\n",
        "Konto;Soll;Haben\n1200;1.000,50;\n0800;;700,00\n",
    ],
)
def test_balances_stand_against_nine_thousand(text):
    user = books()
    post_balances(read_balances(text.encode()), booked_on=START, by=user)
    assert found() == {"1200": "1000.50", "0800": "-700.00", "9000": "-300.50"}


def test_a_day_is_opened_once():
    user = books()
    rows = read_balances(b"Konto;Saldo\n1200;1,00\n")
    post_balances(rows, booked_on=START, by=user)
    with raises_problem(errors.ALREADY_POSTED):
        post_balances(rows, booked_on=START, by=user)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9999;1,00", "Dieses Konto gibt es im Kontenrahmen nicht."),
        ("1400;1,00", "Übernehmen Sie hier die einzelnen offenen Posten."),
        ("1000;eins", "Der Betrag ist nicht lesbar."),
        ("1000;1,005", "Der Betrag hat mehr als zwei Nachkommastellen."),
        ("1200;2,00", "Dieses Konto kommt zweimal vor."),
    ],
)
def test_one_wrong_row_stops_all(row, message):
    user = books()
    rows = read_balances(f"Konto;Saldo\n1200;1,00\n{row}\n".encode())
    assert [each.error for each in rows] == ["", message]
    with raises_problem(errors.FILE_HAS_ERRORS):
        post_balances(rows, booked_on=START, by=user)
    assert not Entry.objects.exists()


def test_a_file_without_balances_is_refused():
    with raises_problem(errors.NOTHING_TO_TAKE_OVER):
        post_balances(read_balances(b"Konto;Saldo\n"), booked_on=START, by=books())


def test_the_command_checks_first_and_posts_then(tmp_path, capsys):
    books()
    path = tmp_path / "eb.csv"
    path.write_text("Konto;Saldo\n1200;1,00\n")
    call_command("import_balances", path, "--on", "01.01.2026", "--dry-run")
    assert not Entry.objects.exists()
    call_command("import_balances", path, "--on", "01.01.2026")
    assert "Eröffnungsbilanz 01.01.2026" in capsys.readouterr().out
    with pytest.raises(CommandError, match="schon gebucht"):
        call_command("import_balances", path, "--on", "01.01.2026")


@pytest.mark.parametrize("amount", ["1000000000000,00", "9" * 40])
def test_a_balance_that_the_books_cannot_hold_is_named(amount):
    books()
    (row,) = read_balances(f"Konto;Saldo\n1200;{amount}".encode())
    assert row.error == "Der Betrag hat zu viele Stellen."
