"""A CSV file that nobody knows is mapped once by a person, and known from then on."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banking import errors, mapping
from banking.guessing import guessed
from banking.importing import import_statement
from banking.models import CsvMapping, StatementImport, Transaction, WaitingFile
from banking.sampling import Layout, sample
from banking.uploading import AT_ONCE
from tests.banking.bank import an_account
from tests.books import books
from workmate import jobs, roles
from workmate.errors import Problem
from workmate.models import JobRun

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
    assert "2 Buchungen vom 05.10.2026 bis 06.10.2026" in page
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
    found = sample(SIDES.encode())
    assert (found.delimiter, len(found.header)) == ("\t", 5)
    made = CsvMapping(
        name="Sides",
        delimiter=found.delimiter,
        header=list(found.header),
        columns={"booked_on": "Datum", "debit": "Soll", "credit": "Haben", "name": "An"},
        amounts=guessed(found)["amounts"],
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
    guess = guessed(sample(f"Datum;Betrag;Text\n{lines}\n".encode()))
    assert (guess["amounts"], guess["days"]) == (amounts, days)


def proposal(text, layout=None):
    """Columns, amounts and days of the proposal, and what it reads."""
    data = text.encode() if isinstance(text, str) else text
    made = mapping.proposed(sample(data, layout), data)
    rows = mapping.tried(made, data).rows
    return made, [(f"{row.booked_on:%d.%m.}", str(row.amount), row.purpose) for row in rows]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (
            "05.10.2026|Kundig GmbH|RE-1|1.190,00\n06.10.2026|Amt|Gas|-62,30\n",
            {
                "booked_on": "Spalte 1",
                "amount": "Spalte 4",
                "name": "Spalte 3",
                "purpose": "Spalte 2",
            },
        ),
        (
            "Datum;Betrag\n05.10.2026;1.190,00\n06.10.2026;-62,30\n",
            {"booked_on": "Datum", "amount": "Betrag"},
        ),
        (
            """Datum\tWährung\tSaldo\tWährung\tBetrag
05.10.2026\tEUR\t1.190,00\tEUR\t1.190,00
06.10.2026\tEUR\t1.127,70\tEUR\t-62,30
""",
            {"booked_on": "Datum", "amount": "Betrag", "balance": "Saldo", "currency": "Währung"},
        ),
        (
            "Datum;;Umsatz;\n05.10.2026;RE-1;1.190,00;H\n06.10.2026;Gas;62,30;S\n",
            {"booked_on": "Datum", "amount": "Umsatz"},
        ),
    ],
    ids=["no header, bars", "two columns", "a repeated name, tabs", "empty names"],
)
def test_odd_tables_are_found_and_proposed(text, columns):
    made, rows = proposal(text)
    assert made.columns == columns
    assert [amount.lstrip("-") for _, amount, _ in rows] == ["1190.00", "62.30"]


def test_columns_of_one_name_are_told_apart_and_an_empty_one_has_a_number():
    found = sample(b"Datum;Betrag;;Betrag\n05.10.2026;1,00;x;2,00;H\n")
    assert found.header == ("Datum", "Betrag", "Spalte 3", "Betrag (2)", "Spalte 5")


def test_a_person_may_say_where_the_table_begins_and_how_it_is_cut():
    text = "Stand 01.11.2026, 5\nx\n05.10.2026,Gas,-62\n06.10.2026,Miete,-500\n"
    found = sample(text.encode(), Layout(delimiter=",", starts=4, has_header=False))
    assert (found.starts, found.has_header, len(found.rows)) == (4, False, 1)
    named = sample(b"a;b\nTag;Wert\n05.10.2026;1,00\n", Layout(starts=2, has_header=True))
    assert named.header == ("Tag", "Wert")


def test_an_encoding_that_the_file_does_not_tell_is_chosen(account, user):
    data = "Datum;Empfänger;Betrag\n05.10.2026;Müller;1,00\n".encode("cp850")
    made = mapping.proposed(sample(data, Layout(encoding="cp850")), data)
    assert made.header == ["Datum", "Empfänger", "Betrag"]
    made.account = account
    mapping.keep(made, by=user)
    import_statement(account, data, filename="dos.csv", by=user)
    assert Transaction.objects.get().counterparty_name == "Müller"


CENTS = """Datum;Betrag;Saldo
05.10.2026;-18000;{0}
06.10.2026;119000;{1}
07.10.2026;-6230;{2}
"""


def test_balances_in_euros_prove_that_the_amounts_are_cents():
    made, rows = proposal(CENTS.format("1.320,00", "2.510,00", "2.447,70"))
    assert made.amounts == "cents"
    assert [amount for _, amount, _ in rows] == ["-180.00", "1190.00", "-62.30"]


def test_without_names_the_column_of_amounts_is_the_one_that_adds_up_to_the_other():
    rows = ["05.10.2026|119000|2.510,00", "06.10.2026|-6230|2.447,70", "07.10.2026|-90000|1.547,70"]
    made, _ = proposal("\n".join(rows))
    assert made.columns == {"booked_on": "Spalte 1", "amount": "Spalte 2", "balance": "Spalte 3"}
    assert made.amounts == "cents"


def test_balances_prove_how_days_and_points_are_meant():
    made, _ = proposal(
        "Datum,Betrag,Saldo\n05/10/2026,1.000,1.000\n06/10/2026,2.000,3.000\n13/10/2026,0.50,3.50\n"
    )
    assert (made.amounts, made.days) == ("english", "day")


def test_a_file_without_a_header_is_known_again_for_its_account_only(account, user):
    data = b"Auszug\n05.10.2026;Gas;-62,30\n"
    made = mapping.proposed(sample(data), data)
    assert (made.has_header, made.skip) == (False, 1)
    made.account = account
    mapping.keep(made, by=user)
    assert import_statement(account, data, filename="a.csv", by=user).new == 1
    other = an_account(user, iban="DE02120300000000202051", name="Zweitkonto")
    with pytest.raises(Problem) as refused:
        import_statement(other, data, filename="a.csv", by=user)
    assert refused.value.code == errors.UNKNOWN_FORMAT.code


def test_what_one_account_has_mapped_is_proposed_for_another(pages, account, user):
    pages.post(dialog(upload(pages, UNKNOWN)), chosen(account) | {"einlesen": "1"})
    kept = CsvMapping.objects.get()
    other = an_account(user, iban="DE02120300000000202051", name="Zweitkonto")
    file = SimpleUploadedFile("b.csv", UNKNOWN.encode(), "text/csv")
    body = {"file": file, "account": other.money_account.pk}
    answer = pages.post(reverse("banking:import"), body, follow=True)
    assert "schon einmal zugeordnet, für Geschäftskonto" in answer.text
    assert answer.context["form"].initial["title"] == kept.name
    pages.post(dialog(answer), chosen(other) | {"einlesen": "1"})
    assert CsvMapping.objects.filter(digest=kept.digest).count() == 2


def test_another_delimiter_cuts_the_file_anew_and_guesses_anew(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    page = pages.post(address, {"delimiter": "|", "vorschau": "1"})
    assert (page.status_code, "keine Tabelle" in page.text) == (422, True)
    layout = {"delimiter": ";", "starts": "5", "header": "booking"}
    answer = pages.post(address, chosen(account) | layout, headers={"HX-Request": "true"})
    assert answer.context["form"].initial["booked_on"] == "Spalte 1"
    assert "<html" not in answer.text


def test_a_large_mapped_file_is_read_by_a_job_that_can_be_cancelled(pages, account, user):
    head, rows = UNKNOWN.split("05.10.", 1)
    text = f"{head}05.10.{rows}" + "\n" * AT_ONCE
    pages.post(reverse("banking:import"), {"file": SimpleUploadedFile("gross.csv", text.encode())})
    first = JobRun.objects.get(name="banking.import")
    jobs.execute(first.pk)
    first.refresh_from_db()
    address = reverse("banking:mapping", args=[first.result["unknown"]])
    answer = pages.post(address, chosen(account) | {"einlesen": "1"}, follow=True)
    run = JobRun.objects.latest("pk")
    assert answer.request["PATH_INFO"] == run.get_absolute_url()
    assert ("Die Datei wird eingelesen" in answer.text, "Abbrechen" in answer.text) == (True, True)
    assert CsvMapping.objects.filter(account=account).exists()
    jobs.cancel(run, by=user)
    jobs.execute(run.pk)
    assert not Transaction.objects.exists()
    jobs.restart(run, by=user)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result["new"], run.done, run.total) == ("done", 2, 1, 2)
    assert WaitingFile.objects.get().statement_id == run.result["statement"]


def test_what_cannot_be_stored_keeps_no_mapping(pages, account):
    big = UNKNOWN.replace("1.190,00", "999.999.999.999,00").replace("-62,30", "999.999.999.999,00")
    answer = pages.post(dialog(upload(pages, big)), chosen(account) | {"einlesen": "1"})
    assert (answer.status_code, "Billion" in answer.text) == (422, True)
    assert not CsvMapping.objects.exists()


def test_names_declared_to_be_a_booking_leave_columns_with_letters_and_samples(pages, account):
    address = dialog(upload(pages, UNKNOWN))
    told = {"delimiter": ";", "starts": "3", "header": "booking", "vorschau": "1"}
    answer = pages.post(address, chosen(account) | told)
    form, found = answer.context["form"], answer.context["found"]
    assert (found.starts, found.has_header) == (4, False)
    assert form.initial["booked_on"] == "Spalte 1"
    assert form.initial["amount"] == "Spalte 5"
    assert [label for _, label in form.fields["amount"].choices] == [
        "–",
        "Spalte A: 05.10.2026 · 06.10.2026",
        "Spalte B: 05.10.2026 · 06.10.2026",
        "Spalte C: Kundig GmbH · Stadtwerke",
        "Spalte D: RE-2026-0001 · Strom",
        "Spalte E: 1.190,00 · -62,30",
        "Spalte F: EUR",
    ]
    assert "2 Buchungen vom 05.10.2026" in answer.text


def test_a_named_column_keeps_its_name_and_a_long_cell_is_cut():
    found = sample(b"Datum;Betrag;;Text\n05.10.2026;1,00;;" + b"x" * 30 + b"\n")
    assert found.shown("Betrag") == "Betrag: 1,00"
    assert found.shown("Spalte 3") == "Spalte C"
    assert found.shown("Text") == f"Text: {'x' * 24}…"
    assert [sample(b"1,00;" * 27 + b"05.10.2026\n").shown(f"Spalte {n}")[:9] for n in (27, 28)] == [
        "Spalte AA",
        "Spalte AB",
    ]
