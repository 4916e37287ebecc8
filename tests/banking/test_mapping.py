"""A CSV file that nobody knows is mapped once by a person, and known from then on."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banking import mapping
from banking.models import CsvMapping, StatementImport, Transaction
from tests.banking.bank import an_account
from tests.books import books
from workmate import roles

pytestmark = pytest.mark.django_db

UNKNOWN = """Konto Musterbank;;
Zeitraum;Oktober;
Booking Date;Value Date;Counterparty;Details;Amount;Currency
05.10.2026;05.10.2026;Kundig GmbH;RE-2026-0001;1.190,00;EUR
06.10.2026;06.10.2026;Stadtwerke;Strom;-62,30;EUR
"""
SIDES = """Datum\tText\tAn\tSoll\tHaben
10/25/2026\tStrom\tStadtwerke\t62.30\t
10/26/2026\tRE-2026-0001\tKundig\t\t1,190.00
"""


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


def upload(pages, text, name="musterbank.csv"):
    file = SimpleUploadedFile(name, text.encode(), "text/csv")
    return pages.post(reverse("banking:import"), {"file": file}, follow=True)


def dialog(answer):
    return answer.request["PATH_INFO"]


def chosen(account, **roles_):
    return {
        "account": account.money_account.pk,
        "title": "Musterbank",
        "amounts": "german",
        "days": "day",
        "booked_on": "Booking Date",
        "amount": "Amount",
        "purpose": "Details",
        "currency": "Currency",
    } | roles_


def test_an_unknown_file_is_mapped_and_read(pages, account):
    answer = upload(pages, UNKNOWN)
    assert "Spalten zuordnen" in answer.text
    initial = answer.context["form"].initial
    assert (initial["booked_on"], initial["amount"]) == ("Booking Date", "Amount")
    address = dialog(answer)
    page = pages.post(address, chosen(account) | {"vorschau": "1"}).text
    assert "2 Buchungen gelesen" in page
    assert not Transaction.objects.exists()
    assert not CsvMapping.objects.exists()
    pages.post(address, chosen(account) | {"einlesen": "1"})
    rows = Transaction.objects.order_by("booked_on")
    assert [row.amount for row in rows] == [Decimal("1190.00"), Decimal("-62.30")]
    assert rows[0].purpose == "RE-2026-0001"


def test_the_next_file_with_that_header_needs_no_dialog(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    pages.post(address, chosen(account) | {"einlesen": "1"})
    more = UNKNOWN.replace("06.10.2026", "07.10.2026").replace("Strom", "Gas")
    file = SimpleUploadedFile("zweite.csv", more.encode(), "text/csv")
    body = {"file": file, "account": account.money_account.pk}
    pages.post(reverse("banking:import"), body, follow=True)
    assert StatementImport.objects.latest("pk").new == 1
    assert Transaction.objects.count() == 3


def test_debit_and_credit_columns_tabs_and_american_days(account):
    found = mapping.sample(SIDES.encode())
    assert (found.delimiter, len(found.header)) == ("\t", 5)
    made = CsvMapping(
        name="Sides",
        delimiter=found.delimiter,
        header=list(found.header),
        columns={"booked_on": "Datum", "debit": "Soll", "credit": "Haben", "name": "An"},
        amounts=mapping.guessed(found)["amounts"],
        days="month",
    )
    rows = mapping.tried(made, SIDES.encode()).rows
    assert [(row.booked_on, row.amount) for row in rows] == [
        (date(2026, 10, 25), Decimal("-62.30")),
        (date(2026, 10, 26), Decimal("1190.00")),
    ]


def test_a_wrong_choice_shows_why_and_writes_nothing(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    body = chosen(account, booked_on="Details") | {"einlesen": "1"}
    page = pages.post(address, body).text
    assert "So ist keine Buchung lesbar" in page
    assert "kein Buchungstag" in page
    assert not CsvMapping.objects.exists()
    assert not StatementImport.objects.exists()


def test_without_an_amount_the_form_says_so(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    answer = pages.post(address, chosen(account, amount=""))
    assert answer.status_code == 422
    assert "oder Soll und Haben" in answer.text


def test_what_is_no_table_is_refused_as_before(pages, account):
    answer = upload(pages, "Guten Tag,\nanbei nichts.\n", "brief.csv")
    assert answer.status_code == 422
    assert not CsvMapping.objects.exists()


def test_a_forgotten_format_is_mapped_anew(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    pages.post(address, chosen(account) | {"einlesen": "1"})
    made = CsvMapping.objects.get()
    assert "Musterbank" in pages.get(reverse("banking:import")).text
    pages.post(reverse("banking:mapping_drop", args=[made.pk]))
    assert "Spalten zuordnen" in upload(pages, UNKNOWN).text


@pytest.mark.parametrize(
    ("rows", "amounts", "days"),
    [
        ("04.03.2026;1.190,00", "german", "day"),
        ("2026-03-04;0.00\n2026-03-05;12.50", "english", "day"),
        ("03/04/2026;0,00\n03/25/2026;-1,50", "german", "month"),
    ],
)
def test_how_amounts_and_days_are_written_is_guessed_from_the_column(rows, amounts, days):
    lines = "\n".join(f"{line};x" for line in rows.split("\n"))
    guess = mapping.guessed(mapping.sample(f"Datum;Betrag;Text\n{lines}\n".encode()))
    assert (guess["amounts"], guess["days"]) == (amounts, days)
