import base64
import datetime
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from payments.taking_over import check, take_over
from tests.books import a_customer, books, signed_in
from tests.problems import raises_problem
from workmate.ledger import errors
from workmate.ledger.models import Account, Entry, OpenItem
from workmate.models import AuditEvent, Document

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 1)
HEAD = "Kundennummer;Name;Rechnungsnummer;Datum;Fällig;Betrag\n"


@pytest.fixture
def file(by):
    """Two customers and a file with an invoice of each, in the dress of German spreadsheets."""
    first, second = a_customer("Müller & Söhne"), a_customer("Große AG")
    return (
        f"{HEAD}{first.number};;R-2025-17;01.12.2025;15.12.2025;1.190,00 €\n"
        f";Große AG;R-2025-18;3.12.25;;-50,5\n;{second.name};R-2025-19;2025-12-05;;0,99\n"
    ).encode("cp1252")


def judge(text):
    return [(row.state, row.message) for row in check(text.encode(), booked_on=START).rows]


def test_old_invoices_become_open_items_without_revenue(by, file):
    take_over(file, "offen.csv", booked_on=START, by=by)
    items = OpenItem.objects.values_list("document_number", "due_date", "outstanding")
    assert [(number, f"{due:%d.%m.%Y}", str(amount)) for number, due, amount in items] == [
        ("R-2025-18", "03.12.2025", "-50.50"),
        ("R-2025-19", "05.12.2025", "0.99"),
        ("R-2025-17", "15.12.2025", "1190.00"),
    ]
    balances = Account.objects.balances(on=START).exclude(balance=0)
    assert {account.number: str(account.balance) for account in balances} == {
        "1400": "1140.49",
        "9008": "-1140.49",
    }


def test_taking_over_leaves_one_audit_event_and_the_file(by, file):
    take_over(file, "offen.csv", booked_on=START, by=by)
    event = AuditEvent.objects.get(event="open_items.taken_over")
    assert event.payload == {"count": 3, "total": "1140.49", "booked_on": "2026-01-01"}
    assert Document.objects.get(kind="open_items").filename == "offen.csv"


def test_taking_over_twice_changes_nothing(by, file):
    take_over(file, "offen.csv", booked_on=START, by=by)
    report = take_over(file, "offen.csv", booked_on=START, by=by)
    assert [row.state for row in report.rows] == ["known"] * 3
    assert (Entry.objects.count(), AuditEvent.objects.filter(event__contains="taken").count()) == (
        3,
        1,
    )


def test_one_wrong_row_stops_all(by, file):
    wrong = file + b"99999;;R-1;01.12.2025;;1,00\n"
    with raises_problem(errors.FILE_HAS_ERRORS) as refusal:
        take_over(wrong, "offen.csv", booked_on=START, by=by)
    assert refusal.value.fields == {"line_5": ["Den Kunden 99999 gibt es nicht."]}
    assert not OpenItem.objects.exists()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (";Niemand;R-1;01.12.2025;;1,00", "Den Kunden „Niemand“ gibt es nicht."),
        (";;R-1;01.12.2025;;1,00", "Kundennummer oder Name fehlt."),
        (";Große AG;;01.12.2025;;1,00", "Die Rechnungsnummer fehlt oder ist länger als"),
        (";Große AG;R-1;31.02.2025;;1,00", "Das Datum „31.02.2025“ ist nicht lesbar."),
        (";Große AG;R-1;02.01.2026;;1,00", "Das Datum liegt nach dem Tag der Übernahme."),
        (";Große AG;R-1;02.12.2025;01.12.2025;1,00", "Die Fälligkeit liegt vor dem Datum."),
        (";Große AG;R-1;01.12.2025;;eins", "Der Betrag „eins“ ist nicht lesbar."),
        (";Große AG;R-1;01.12.2025;;1,005", "Der Betrag „1,005“ hat zu viele Stellen."),
        (";Große AG;R-1;01.12.2025;;0,00", "Der Betrag ist null."),
    ],
)
def test_what_is_wrong_is_said_in_german(file, row, message):
    [(state, said)] = judge(HEAD + row + "\n")
    assert state == "wrong"
    assert said.startswith(message)


def test_two_customers_of_one_name_need_a_number(by):
    customers = [a_customer("Müller"), a_customer("Müller")]
    text = f"{HEAD};Müller;R-1;01.12.2025;;1\n{customers[1].number};;R-1;01.12.2025;;1\n"
    states = [state for state, _ in judge(text)]
    assert states == ["wrong", "new"]


def test_a_document_stands_once_in_a_file(by):
    a_customer("Große AG")
    row = ";Große AG;R-1;01.12.2025;;1,00\n"
    assert [state for state, _ in judge(HEAD + row + row)] == ["new", "wrong"]


def test_a_changed_amount_is_no_second_invoice(by):
    a_customer("Große AG")
    rows = [f"{HEAD};Große AG;R-1;01.12.2025;;{amount}\n" for amount in ("1,00", "2,00")]
    take_over(rows[0].encode(), "a.csv", booked_on=START, by=by)
    assert judge(rows[1])[0][0] == "wrong"


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"a;b\n1;2\n", b"Name;Betrag\nx;1\n"])
def test_another_file_is_refused(by, data):
    with raises_problem(errors.FILE_UNREADABLE):
        check(data, booked_on=START)


@pytest.mark.parametrize("separator", [",", "\t"])
def test_other_separators_and_a_bom_are_read(by, separator):
    a_customer("Große AG")
    text = 'Kunde;Beleg;Datum;Offen\n"Große AG";R-1;01.12.2025;"1.190,00"\n'
    data = "\ufeff" + text.replace(";", separator)
    assert [row.state for row in check(data.encode(), booked_on=START).rows] == ["new"]


def test_the_command_reports_and_takes_over(by, file, tmp_path, capsys):
    path = tmp_path / "offen.csv"
    path.write_bytes(file)
    call_command("import_open_items", path, "--on", "1.1.2026", "--dry-run")
    assert "3 neu, 0 bekannt, 0 FEHLER; neu zusammen 1.140,49 €" in capsys.readouterr().out
    assert not OpenItem.objects.exists()
    call_command("import_open_items", path, "--on", "1.1.2026", "--user", by.email)
    assert "3 Posten übernommen." in capsys.readouterr().out
    assert Entry.objects.filter(actor=by).count() == 3


def test_the_command_refuses_what_is_wrong(tmp_path):
    books()
    path = tmp_path / "offen.csv"
    path.write_text(f"{HEAD};Niemand;R-1;01.12.2025;;1,00\n")
    for arguments in ([path], [path, "--dry-run"], [tmp_path / "fehlt.csv"], [path, "--on", "x"]):
        with pytest.raises(CommandError):
            call_command("import_open_items", *arguments)
    assert not OpenItem.objects.exists()


def test_the_page_checks_first_and_takes_over_then(by, file):
    client = signed_in()
    address = reverse("payments:take_over")
    assert "zuerst wird nur geprüft" in client.get(address).content.decode().lower()
    page = client.post(address, {"file": BytesIO(file), "on": "01.01.2026"})
    assert "3 Posten über zusammen 1.140,49" in page.content.decode()
    assert not OpenItem.objects.exists()
    data = {"content": base64.b64encode(file).decode(), "on": "01.01.2026", "tun": "uebernehmen"}
    assert client.post(address, data).url == reverse("payments:open_items")
    assert OpenItem.objects.count() == 3
    again = client.post(address, {"file": BytesIO(file), "on": "01.01.2026"})
    assert "schon übernommen" in again.content.decode()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"content": "kein base64"}, 422),
        ({"file": BytesIO(b"Spalte\n1\n")}, 422),
        ({"file": BytesIO(f"{HEAD};Niemand;R-1;01.12.2025;;1\n".encode())}, 200),
    ],
)
def test_the_page_says_what_is_wrong_and_writes_nothing(by, data, status):
    answer = signed_in().post(reverse("payments:take_over"), {"on": "01.01.2026", **data})
    assert answer.status_code == status
    assert not OpenItem.objects.exists()


@pytest.mark.parametrize("amount", ["9" * 40, "9" * 5000, "999999999999,999", "1000000000000"])
def test_an_amount_beyond_the_books_is_told_at_its_line(by, amount):
    customer = a_customer("Muster AG")
    state, message = judge(f"{HEAD}{customer.number};;R-1;01.12.2025;;{amount}\n")[0]
    assert state == "wrong"
    assert "zu viele Stellen" in message
