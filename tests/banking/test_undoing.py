"""An import is taken back while nothing was made of it; its file stays and comes in again."""

from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from banking import errors
from banking.dismissing import ignore, unignore
from banking.models import StatementImport, Transaction
from banking.reconciling import match, undo
from banking.undoing import undo_import
from tests.banking.bank import an_account, take_in
from tests.banking.statements import dkb, ing
from tests.books import a_claim, books, signed_in
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import documents
from workmate.models import AuditEvent

COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)
RENT = ("15.09.2026", "Vermieter", "Miete", -90_000)
SALE = ("29.09.2026", "Kundig GmbH", "RE-2026-0001", 119_000)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def rows():
    columns = ("status", "booked_on", "amount", "purpose", "fingerprint", "occurrence")
    return sorted(Transaction.objects.values_list(*columns))


def test_taking_back_removes_the_bookings_and_keeps_the_file(account, user):
    data = ing([SALE, COFFEE, RENT])
    imported = undo_import(take_in(account, data, user), by=user)
    assert rows() == []
    assert imported.undone_by == user
    assert documents.read(imported.document) == data
    event = AuditEvent.objects.get(event="statement.undone")
    assert event.payload == {"transactions": 3}


def test_the_same_file_comes_in_again_as_it_was(account, user):
    data = ing([SALE, COFFEE, COFFEE, RENT])
    first = take_in(account, data, user)
    before = rows()
    undo_import(first, by=user)
    assert take_in(account, data, user).new == 4
    assert rows() == before


def test_only_once(account, user):
    imported = undo_import(take_in(account, ing([SALE]), user), by=user)
    with raises_problem(errors.STATEMENT_UNDONE):
        undo_import(imported, by=user)


def test_what_was_there_before_stays_with_its_balance(account, user):
    take_in(account, ing([RENT], opening=100_000), user)
    before = rows()
    undo_import(take_in(account, ing([SALE, COFFEE], opening=10_000), user), by=user)
    assert rows() == before
    account.refresh_from_db()
    assert (account.balance, str(account.balance_on)) == (Decimal("100.00"), "2026-09-15")


def test_the_only_statement_leaves_no_balance(account, user):
    undo_import(take_in(account, ing([RENT]), user), by=user)
    account.refresh_from_db()
    assert (account.balance, account.balance_on, account.balance_from) == (None, None, None)


def test_a_dismissed_booking_is_in_the_way_until_it_is_brought_back(account, user):
    imported = take_in(account, ing([COFFEE, RENT]), user)
    row = Transaction.objects.get(amount=Decimal("-4.50"))
    ignore(row, "Privat", by=user)
    with raises_problem(errors.STATEMENT_IN_USE) as caught:
        undo_import(imported, by=user)
    assert "ausgeschieden (1): 28.09.2026" in caught.value.message
    assert "28.09.2026 über -4,50" in caught.value.message
    unignore(row, by=user)
    undo_import(imported, by=user)
    assert rows() == []


def test_a_booking_that_was_matched_keeps_its_import(account, user):
    imported = take_in(account, ing([SALE]), user)
    item = a_claim("1190.00", by=user, number="RE-2026-0001")
    made = match(Transaction.objects.get(), [(item, Decimal("1190.00"))], by=user)
    for _ in range(2):
        with raises_problem(errors.STATEMENT_IN_USE):
            undo_import(imported, by=user)
        if made.undone_at is None:
            made = undo(made, by=user)
    assert Transaction.objects.count() == 1


def test_a_later_statement_that_knew_bookings_is_taken_back_first(account, user):
    first = take_in(account, ing([COFFEE, RENT]), user)
    second = take_in(account, ing([SALE, COFFEE]), user)
    with raises_problem(errors.LATER_STATEMENT):
        undo_import(first, by=user)
    undo_import(second, by=user)
    undo_import(first, by=user)
    assert rows() == []


def test_pending_bookings_that_it_replaced_come_back(account, user):
    pending = {"Betrag (€)": "-7,02", "Status": "Vorgemerkt", "Wertstellung": ""}
    take_in(account, dkb([pending, {"Betrag (€)": "5"}]), user)
    before = rows()
    booked = {"Betrag (€)": "-7,02", "Buchungsdatum": "08.10.26", "Verwendungszweck": "Markt"}
    undo_import(take_in(account, dkb([booked]), user), by=user)
    assert rows() == before


def test_the_database_keeps_bookings_of_a_standing_import(account, user):
    take_in(account, ing([SALE]), user)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Transaction.objects.all()._raw_delete("default")
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        StatementImport.objects.all()._raw_delete("default")
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        StatementImport.objects.update(new=7)


def test_an_import_that_was_taken_back_stays_so(account, user):
    undo_import(take_in(account, ing([SALE]), user), by=user)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        StatementImport.objects.update(undone_at=None, undone_by=None)


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_dismissing_at_once_end_in_one_of_both():
    user = books()
    imported = take_in(an_account(user), ing([SALE]), user)
    row = Transaction.objects.get()
    acts = (lambda: undo_import(imported, by=user), lambda: ignore(row, "x", by=user))
    results = at_once(lambda number: acts[number](), 2)
    assert sum(isinstance(result, Exception) for result in results) == 1
    failed = next(result for result in results if isinstance(result, Exception))
    assert failed.code in (errors.STATEMENT_IN_USE.code, errors.TRANSACTION_GONE.code)


def test_the_page_asks_and_takes_back(account, user):
    imported = take_in(account, ing([SALE, COFFEE]), user)
    pages = signed_in()
    address = reverse("banking:statement_undo", args=[imported.pk])
    assert address in pages.get(imported.get_absolute_url()).text
    assert "2 Umsätze auf Geschäftskonto werden entfernt" in pages.get(address).text
    answer = pages.post(address, follow=True)
    assert "zurückgenommen" in answer.text
    assert rows() == []
    assert address not in answer.text


def test_the_page_links_what_is_in_the_way(account, user):
    imported = take_in(account, ing([SALE]), user)
    row = Transaction.objects.get()
    ignore(row, "Privat", by=user)
    pages = signed_in()
    address = reverse("banking:statement_undo", args=[imported.pk])
    assert row.get_absolute_url() in pages.get(address).text
    assert "Holen Sie ausgeschiedene" in pages.post(address, follow=True).text


def test_the_api_takes_back(account, user):
    imported = take_in(account, ing([SALE]), user)
    client = signed_in()
    address = f"/api/v1/statement-imports/{imported.pk}/reversal/"
    answer = client.post(address, {}, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["undone_at"]
    again = client.post(address, {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, errors.STATEMENT_UNDONE.code)
