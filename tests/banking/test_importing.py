"""A statement goes in once, whole and with its twins; what the bank still decides stays apart."""

import io
import json
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction

from banking import errors
from banking.models import StatementImport, Transaction
from tests.banking.bank import IBAN, an_account, take_in
from tests.banking.statements import (
    camt,
    dkb,
    entry,
    ing,
    mt940,
    sparkasse_camt,
    sparkasse_mt940,
)
from tests.books import books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import documents
from workmate.models import AuditEvent, Document, JobRun

pytestmark = pytest.mark.django_db

COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)
RENT = ("15.09.2026", "Vermieter", "Miete", -90_000)
SALE = ("29.09.2026", "Kundig GmbH", "RE-2026-0001", 119_000)


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def test_a_file_becomes_transactions_and_its_bytes_are_archived(account, user):
    data = ing([SALE, COFFEE, RENT])
    imported = take_in(account, data, user)
    assert (imported.read, imported.new, imported.known) == (3, 3, 0)
    assert imported.total == Decimal("285.50")
    assert (imported.first_on, imported.last_on) == (date(2026, 9, 15), date(2026, 9, 29))
    assert documents.read(imported.document) == data
    row = Transaction.objects.get(amount=Decimal("1190.00"))
    assert row.counterparty_name == "Kundig GmbH"
    assert row.raw[2] == "Kundig GmbH"
    assert AuditEvent.objects.filter(event="statement.imported").count() == 1


SAME_BOOKING = {
    "csv": sparkasse_camt([{"Betrag": "119,00", "Verwendungszweck": "Rechnung RE-2026-0001"}]),
    "camt": camt(entry("119.00")),
    "mt940": mt940(":61:2610061005C119,00NTRFNONREF//M-1\r\n:86:166?20RE 2026 0001?32Kundig\r\n"),
}


@pytest.mark.parametrize("order", list(permutations(SAME_BOOKING)))
def test_one_booking_from_three_sources_comes_in_once(account, user, order):
    counts = [take_in(account, SAME_BOOKING[source], user).new for source in order]
    assert counts == [1, 0, 0]
    assert Transaction.objects.count() == 1


def test_a_camt_file_is_archived_as_what_it_is(account, user):
    imported = take_in(account, camt(entry("119.00")), user)
    assert (imported.format, imported.document.media_type) == ("camt.053", "application/xml")
    assert imported.balance_check == "ok"


def test_a_fee_and_the_foreign_amount_are_kept_with_the_transaction(account, user):
    more = (
        '<AmtDtls><InstdAmt><Amt Ccy="USD">130.00</Amt></InstdAmt></AmtDtls>'
        '<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
    )
    take_in(account, camt(entry("119.00", detail=more)), user)
    row = Transaction.objects.get()
    assert (row.fee, row.original_amount) == (Decimal("1.50"), Decimal("130.00"))
    assert row.original_currency == "USD"


def test_a_file_with_more_than_the_books_hold_is_refused(account, user):
    most = ("28.09.2026", "Kundig GmbH", "", 99_999_999_999_999)
    with raises_problem(errors.STATEMENT_TOO_LARGE):
        take_in(account, ing([most, most], variant="2025"), user)
    assert not StatementImport.objects.exists()


def test_the_same_file_again_adds_nothing(account, user):
    """Trap 7."""
    data = ing([SALE, COFFEE, RENT])
    take_in(account, data, user)
    again = take_in(account, data, user)
    assert (again.read, again.new, again.known) == (3, 0, 3)
    assert Transaction.objects.count() == 3
    assert Document.objects.filter(kind="statement").count() == 1


def test_two_identical_bookings_of_a_day_stay_two(account, user):
    """Trap 7."""
    assert take_in(account, ing([COFFEE, COFFEE]), user).new == 2
    assert take_in(account, ing([COFFEE, COFFEE]), user).new == 0
    assert take_in(account, ing([COFFEE, COFFEE, COFFEE]), user).new == 1


def test_overlapping_exports_add_what_is_new(account, user):
    take_in(account, ing([COFFEE, RENT]), user)
    later = take_in(account, ing([SALE, COFFEE]), user)
    assert (later.new, later.known) == (1, 1)


def test_the_same_bookings_in_another_format_are_known(account, user):
    take_in(account, sparkasse_camt([{"Verwendungszweck": "Rechnung 7 Danke"}]), user)
    again = take_in(account, sparkasse_mt940([{"Verwendungszweck": "SVWZ+RECHNUNG 7"}]), user)
    assert (again.new, again.known) == (0, 1)
    assert "anderen Format" in again.warnings[0]


def test_pending_rows_are_replaced_when_they_are_booked(account, user):
    pending = {"Betrag (€)": "-7,02", "Status": "Vorgemerkt", "Wertstellung": ""}
    first = take_in(account, dkb([pending, {"Betrag (€)": "5"}]), user)
    assert (first.new, first.pending) == (2, 1)
    assert Transaction.objects.filter(status="pending").count() == 1
    booked = {"Betrag (€)": "-7,02", "Buchungsdatum": "08.10.26", "Verwendungszweck": "Markt"}
    take_in(account, dkb([booked, {"Betrag (€)": "5"}]), user)
    assert Transaction.objects.filter(status="pending").count() == 0
    assert Transaction.objects.booked().count() == 2


def test_pending_rows_that_stay_are_known(account, user):
    data = dkb([{"Betrag (€)": "-7,02", "Status": "Vorgemerkt", "Wertstellung": ""}])
    take_in(account, data, user)
    assert take_in(account, data, user).known == 1
    assert Transaction.objects.count() == 1


def test_pending_rows_of_an_older_file_are_not_brought_back(account, user):
    old = dkb([{"Betrag (€)": "-7,02", "Status": "Vorgemerkt", "Wertstellung": ""}])
    take_in(account, dkb([{"Betrag (€)": "-7,02", "Buchungsdatum": "08.10.26"}]), user)
    assert take_in(account, old, user).new == 0
    assert Transaction.objects.filter(status="pending").count() == 0


def test_a_booked_transaction_cannot_be_changed_or_deleted(account, user):
    take_in(account, ing([SALE]), user)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transaction.objects.update(amount=1)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transaction.objects.all().delete()


def test_the_balance_is_kept_and_the_next_statement_goes_on_from_it(account, user):
    first = take_in(account, ing([RENT], opening=100_000), user)
    assert first.balance_check == "ok"
    account.refresh_from_db()
    assert (account.balance, account.balance_on) == (Decimal("100.00"), date(2026, 9, 15))
    second = take_in(account, ing([SALE, COFFEE], opening=10_000), user)
    assert second.balance_check == "ok"
    assert second.warnings == []


def test_a_missing_statement_is_noticed_by_its_balance(account, user):
    take_in(account, ing([RENT], opening=100_000), user)
    later = take_in(account, ing([SALE], opening=9_550), user)
    assert later.balance_check == "differs"
    assert "Es fehlen Umsätze" in later.warnings[0]


def test_bookings_of_the_same_day_after_an_export_at_noon_fit(account, user):
    take_in(account, ing([COFFEE], opening=100_000), user)
    whole_day = take_in(account, ing([COFFEE, COFFEE], opening=100_000), user)
    assert (whole_day.new, whole_day.balance_check) == (1, "ok")


def test_an_older_statement_fits_in_front(account, user):
    take_in(account, ing([SALE, COFFEE], opening=10_000), user)
    earlier = take_in(account, ing([RENT], opening=100_000), user)
    assert (earlier.new, earlier.balance_check) == (1, "ok")


def test_a_file_of_another_account_is_refused(account, user):
    other = ing([SALE]).replace(b"DE89 3704 0044 0532 0130 00", b"DE02 1203 0000 0000 2020 51")
    with raises_problem(errors.WRONG_ACCOUNT):
        take_in(account, other, user)


def test_an_old_account_number_is_recognised_in_the_iban(account, user):
    assert take_in(account, sparkasse_camt([{"Auftragskonto": "532013000"}]), user).new == 1
    with raises_problem(errors.WRONG_ACCOUNT):
        take_in(account, sparkasse_camt([{"Auftragskonto": "532013001"}]), user)


def test_several_accounts_in_one_file_are_refused(account, user):
    with raises_problem(errors.SEVERAL_ACCOUNTS):
        take_in(account, sparkasse_camt([{}, {"Auftragskonto": "1"}]), user)


def test_a_file_that_is_refused_leaves_nothing_behind(account, user):
    with raises_problem(errors.UNKNOWN_FORMAT):
        take_in(account, b"Datum;Text\n1;2\n", user)
    assert not StatementImport.objects.exists()
    assert not Document.objects.exists()


def test_new_bookings_start_the_matching(account, user):
    take_in(account, ing([SALE]), user)
    assert JobRun.objects.get().name == "banking.match"
    take_in(account, ing([SALE]), user)
    assert JobRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_add_every_booking_once():
    user = books()
    account = an_account(user)
    data = ing([SALE, COFFEE, COFFEE, RENT])
    results = at_once(lambda _: take_in(account, data, user), 4)
    assert sorted(result.new for result in results) == [0, 0, 0, 4]
    assert Transaction.objects.count() == 4


def test_the_number_of_queries_does_not_grow_with_the_rows(
    account, user, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        take_in(
            account,
            ing([(f"{n % 28 + 1:02d}.09.2026", "X", f"{n}", n + 1) for n in range(1500)]),
            user,
        )
    assert Transaction.objects.count() == 1500


def command(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("import_statement", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "umsaetze.csv"
    path.write_bytes(ing([SALE, COFFEE]) + b"Summe;;;;;;;;\n")
    return str(path)


def test_the_command_needs_no_account_for_a_dry_run(file):
    assert command("-", file, "--dry-run") == {
        "format": "ing",
        "encoding": "cp1252",
        "read": 2,
        "new": 2,
        "known": 0,
        "skipped": [{"line": 17, "reason": "kein Buchungstag: „Summe“"}],
        "sum": "1185.50",
        "balance_check": "ok",
        "warnings": [],
    }
    assert not StatementImport.objects.exists()


def test_the_command_imports(account, file):
    assert command(IBAN, file)["new"] == 2
    dry = command(IBAN, file, "--dry-run")
    assert (dry["new"], dry["known"]) == (0, 2)


def test_the_command_names_what_is_wrong(file, tmp_path):
    with pytest.raises(CommandError, match="FINANCE_3008"):
        command(IBAN, file)
    with pytest.raises(CommandError, match="nicht lesbar"):
        command("-", str(tmp_path / "fehlt.csv"), "--dry-run")
