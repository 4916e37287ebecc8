"""An unknown file is read without asking exactly where its balances leave one reading."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banking import errors
from banking.importing import import_statement
from banking.inferring import doubts, infer
from banking.mapping import columns_of, keep, proposed
from banking.models import CsvMapping, StatementImport, Transaction
from banking.sampling import sample
from tests.banking.bank import an_account
from tests.banking.statements import ing
from tests.books import books
from tests.threads import at_once
from workmate import roles
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db

HEAD = "Buchungstag;Text;Betrag;Saldo\n"
DAYS = ["05.10.2026", "06.10.2026", "07.10.2026", "08.10.2026", "09.10.2026"]
AMERICAN = ["10/25/2026", "10/26/2026", "10/27/2026", "10/28/2026", "10/29/2026"]
AMOUNTS = ["1.190,00", "-62,30", "-500,00", "12,05", "-0,75"]
BALANCES = ["2.190,00", "2.127,70", "1.627,70", "1.639,75", "1.639,00"]


def table(days=DAYS, amounts=AMOUNTS, balances=BALANCES, head=HEAD):
    rows = zip(days, amounts, balances, strict=True)
    return head + "".join(f"{day};Text;{amount};{rest}\n" for day, amount, rest in rows)


def upside_down(text):
    head, *rows = text.splitlines(keepends=True)
    return head + "".join(rows[::-1])


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


def upload(pages, account, text):
    file = SimpleUploadedFile("hausbank.csv", text.encode(), "text/csv")
    body = {"file": file, "account": account.money_account.pk}
    return pages.post(reverse("banking:import"), body, follow=True)


def read(account, text):
    """What is proven about the file, as days, amounts and balances of its first booking."""
    reading = infer(account, text.encode(), filename="hausbank.csv")
    if reading is None:
        return None
    first = reading.statement.rows[0]
    return first.booked_on, first.amount, first.balance_after


FIRST = (date(2026, 10, 5), Decimal("1190.00"), Decimal("2190.00"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (table(), FIRST),
        (
            upside_down(table()),
            (date(2026, 10, 9), Decimal("-0.75"), Decimal("1639.00")),
        ),
        (
            table(AMERICAN).replace(".", "_").replace(",", ".").replace("_", ","),
            (date(2026, 10, 25), *FIRST[1:]),
        ),
        (
            table(amounts=["119000", "-6230", "-50000", "1205", "-75"]),
            FIRST,
        ),
        (
            table(
                ["05/10/2026", "06/10/2026", "07/10/2026", "08/10/2026", "02/11/2026"],
            ),
            FIRST,
        ),
        (
            HEAD.replace("Betrag", "Soll;Haben")
            + "05.10.2026;x;0,00;1.190,00;2.190,00\n06.10.2026;x;62,30;0,00;2.127,70\n"
            "07.10.2026;x;500,00;;1.627,70\n08.10.2026;x;;12,05;1.639,75\n"
            "09.10.2026;x;0,75;;1.639,00\n",
            FIRST,
        ),
        (
            HEAD.replace("Betrag", "S/H;Umsatz")
            + "05.10.2026;x;H;1.190,00;2.190,00\n06.10.2026;x;S;62,30;2.127,70\n"
            "07.10.2026;x;S;500,00;1.627,70\n08.10.2026;x;H;12,05;1.639,75\n"
            "09.10.2026;x;S;0,75;1.639,00\n",
            FIRST,
        ),
    ],
    ids=[
        "plain",
        "newest first",
        "American",
        "cents beside euros",
        "only one order of day and month keeps the days in sequence",
        "two sides, the other one zero",
        "a column of signs",
    ],
)
def test_balances_prove_a_reading(account, text, first):
    assert read(account, text) == first


WHOLE = ["100", "-20", "30", "-5", "7"]
THOUSANDS = ["1.000", "-2.000", "4.000", "-1.500", "7.000"]


@pytest.mark.parametrize(
    "text",
    [
        table(["05/10/2026", "06/11/2026", "07/12/2026", "08/12/2026", "09/12/2026"]),
        table(["01/02/2026", "02/02/2026", "03/02/2026", "04/02/2026", "05/02/2026"]),
        table(amounts=WHOLE, balances=["1100", "1080", "1110", "1105", "1112"]),
        table(amounts=THOUSANDS, balances=["1.000", "-1.000", "3.000", "1.500", "8.500"]),
        table(DAYS[:4], AMOUNTS[:4], BALANCES[:4]),
        table(balances=[*BALANCES[:4], "1.639,01"]),
        table(balances=[*BALANCES[:4], ""]),
        table(amounts=["1.190,00", "", "-500,00", "12,05", "-0,75"]),
        table() + "Summe;;638,00;\n",
        table(DAYS[::-1]),
        table(["05.10.2026"] * 5, ["10,00"] * 5, ["50,00", "40,00", "30,00", "20,00", "10,00"]),
        table(
            ["05.10.2026"] * 5,
            ["10,00", "-10,00", "10,00", "-10,00", "10,00"],
            ["10,00", "0,00", "10,00", "0,00", "10,00"],
        ),
        table(amounts=["0,00"] * 5, balances=["5,00"] * 5),
        table(head=HEAD.replace("Saldo", "Notiz")),
        table(head=""),
        table(head=HEAD.replace("Betrag", "Betrag USD")),
        table(["05/05/2026"] * 5),
        table(head=HEAD.replace("Betrag", "Betrag ($)")),
        table(head=HEAD.replace("Text", "Status")),
        table(head=HEAD.replace("Text", "Art")).replace(";Text;", ";Vorgemerkt;"),
        table(head=f"Konto;DE02 1203 0000 0000 2020 51\n{HEAD}"),
        table(head=HEAD.replace("Text", "Währung")).replace(";Text;", ";CHF;"),
    ],
    ids=[
        "day and month can change places, both in sequence",
        "days of one month or of five",
        "whole numbers: euros or cents",
        "1.000: a thousand or one",
        "four bookings",
        "a balance that does not follow",
        "a booking without a balance",
        "an empty amount",
        "a line of sums",
        "days against the balances",
        "equal amounts without a sign on one day",
        "to and fro on one day",
        "nothing moved",
        "no balance by name",
        "no names of columns",
        "an amount in another currency",
        "day and month are alike in every row",
        "the sign of another currency above the column",
        "a column of states",
        "a booking that is not booked yet",
        "the IBAN of another account above the table",
        "a column of another currency",
    ],
)
def test_what_leaves_a_doubt_is_not_proven(account, text):
    assert read(account, text) is None


def test_balances_that_contradict_those_of_the_account_prove_nothing(pages, account, user):
    import_statement(account, ing([("04.10.2026", "A", "B", 100)]), filename="a.csv", by=user)
    page = upload(pages, account, table())
    assert "Spalten zuordnen" in page.text
    assert not CsvMapping.objects.exists()
    assert not Transaction.objects.filter(purpose="Text").exists()
    own = table(balances=["2.191,00", "2.128,70", "1.628,70", "1.640,75", "1.640,00"])
    assert "durch die Saldenkette belegt" in upload(pages, account, own).text


def test_a_card_may_state_what_is_owed_and_proves_nothing(account):
    MoneyAccount.objects.filter(pk=account.money_account.pk).update(kind="card")
    account.money_account.refresh_from_db()
    assert read(account, table()) is None


def test_the_own_iban_in_every_row_is_not_the_other_side(account):
    own = account.money_account.iban
    text = table(head=HEAD.replace("Text", "IBAN")).replace(";Text;", f";{own};")
    reading = infer(account, text.encode(), filename="a.csv")
    assert [row.counterparty_iban for row in reading.statement.rows] == [""] * 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            table(["05/10/2026", "06/11/2026", "07/12/2026", "08/12/2026", "09/12/2026"]),
            ["Tag oder Monat zuerst? „05/10/2026“ kann der 05.10.2026 oder der 10.05.2026 sein."],
        ),
        (
            table(amounts=WHOLE, balances=["1100", "1080", "1110", "1105", "1112"]),
            ["Wie sind die Beträge gemeint? „100“ kann 100,00 oder 1,00 sein."],
        ),
        (
            table(amounts=THOUSANDS, balances=["1.000", "-1.000", "3.000", "1.500", "8.500"]),
            ["Wie sind die Beträge gemeint? „1.000“ kann 1.000,00 oder 1,00 sein."],
        ),
        (table(amounts=["119000", "-6230", "-50000", "1205", "-75"]), []),
        (table(), []),
    ],
    ids=["days", "cents", "thousands", "cents beside euros", "none"],
)
def test_the_dialog_says_what_is_in_doubt(text, told):
    data = text.encode()
    found = sample(data)
    assert doubts(found, columns_of(found), data) == told


def test_the_proposal_keeps_the_days_in_sequence():
    text = "Datum;Betrag\n01/30/2026;1,00\n02/01/2026;2,00\n02/02/2026;-3,00\n"
    assert proposed(sample(text.encode()), text.encode()).days == "month"
    text = "Datum;Betrag\n10/01/2026;1,00\n11/01/2026;2,00\n01/02/2026;-3,00\n"
    assert proposed(sample(text.encode()), text.encode()).days == "day"


def test_a_proven_file_is_read_in_at_once_and_its_format_is_kept(pages, account, user):
    answer = upload(pages, account, table())
    imported = StatementImport.objects.get()
    assert answer.request["PATH_INFO"] == imported.get_absolute_url()
    assert "durch die Saldenkette belegt" in answer.text
    assert (imported.new, imported.balance_check, imported.format) == (5, "ok", "hausbank")
    made = CsvMapping.objects.get()
    assert (made.account, made.name, made.inferred) == (account, "hausbank", True)
    kept = AuditEvent.objects.get(event="csv_mapping.kept")
    assert (kept.payload["inferred"], kept.actor) == (True, user)


def test_the_next_file_of_the_account_needs_no_proof(account, user):
    import_statement(account, table().encode(), filename="a.csv", by=user)
    short = table(["12.10.2026"], ["-9,00"], ["1.630,00"]).encode()
    assert import_statement(account, short, filename="b.csv", by=user).new == 1


def test_an_unproven_file_goes_to_the_dialog_with_its_doubt(pages, account):
    text = table(amounts=WHOLE, balances=["1100", "1080", "1110", "1105", "1112"])
    answer = upload(pages, account, text)
    assert answer.request["PATH_INFO"].startswith("/bank/einlesen/spalten/")
    assert "„100“ kann 100,00 oder 1,00 sein" in answer.text
    assert not StatementImport.objects.exists()
    assert not CsvMapping.objects.exists()


def test_without_a_chosen_account_nothing_is_inferred(user):
    with pytest.raises(Problem) as refused:
        import_statement(None, table().encode(), filename="a.csv", by=user)
    assert refused.value.code == errors.UNKNOWN_FORMAT.code


def test_the_columns_of_a_proven_file_can_be_chosen_anew(pages, account):
    upload(pages, account, table())
    imported = StatementImport.objects.get()
    address = reverse("banking:statement_undo", args=[imported.pk]) + "?spalten=1"
    assert "Spalten anders zuordnen" in pages.get(imported.get_absolute_url()).text
    assert "Danach wählen Sie die Spalten" in pages.get(address).text
    answer = pages.post(address, follow=True)
    assert not Transaction.objects.exists()
    initial = answer.context["form"].initial
    assert (initial["amount"], initial["account"]) == ("Betrag", account.money_account.pk)
    body = {
        "account": account.money_account.pk,
        "title": "Hausbank",
        "amounts": "german",
        "days": "day",
        "booked_on": "Buchungstag",
        "amount": "Betrag",
        "name": "Text",
        "einlesen": "1",
    }
    answer = pages.post(answer.request["PATH_INFO"], body, follow=True)
    assert "Saldenkette belegt" not in answer.text
    assert Transaction.objects.filter(counterparty_name="Text").count() == 5
    made = CsvMapping.objects.get()
    assert (made.name, made.inferred) == ("Hausbank", False)


def test_an_inferred_mapping_never_replaces_a_persons(account, user):
    own = infer(account, table().encode(), filename="a.csv").mapping
    own.inferred, own.name = False, "Meine"
    keep(own, by=user)
    keep(infer(account, table().encode(), filename="b.csv").mapping, by=user)
    assert CsvMapping.objects.get().name == "Meine"


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_inferred_once(account, user):
    def act(_):
        return import_statement(account, table().encode(), filename="a.csv", by=user).new

    assert sorted(at_once(act, 2)) == [0, 5]
    assert CsvMapping.objects.count() == 1
