"""A batch that one source books as one sum and another splits is counted once."""

import re
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Sum
from django.urls import reverse

from banking import errors
from banking.dismissing import ignore, unignore
from banking.figures import COUNTED
from banking.models import StatementImport, Transaction
from banking.undoing import undo_import
from tests.banking.bank import an_account, take_in
from tests.banking.statements import camt, entry, mt940
from tests.books import books, signed_in
from tests.problems import raises_problem
from tests.threads import at_once


def notification(entries):
    """A camt.054 names no balances."""
    return re.sub(rb"<Bal>.*</Bal>", b"", camt(entries, kind="054"))


PARTS = [("100.00", "RE-1"), ("200.00", "RE-2")]
SPLIT = notification(entry("300.00", parts=PARTS))
BATCH = "<Btch><PmtInfId>LAUF-2026-10</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
MT940 = ":61:2610061005C300,00NMSCNONREF\r\n:86:191?00SAMMELGUTSCHRIFT?20{}\r\n"


def whole(amount="300.00", batch=BATCH, reference="BANK-1"):
    """An entry of one sum without its transactions."""
    head, rest = entry(amount).split("<NtryDtls>")
    text = f"{head}<NtryDtls>{batch}{rest[rest.index('</NtryDtls>') :]}"
    return text.replace("BANK-1", reference)


WHOLE = camt(whole(), closing="1300.00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def amounts(account):
    rows = account.transactions.filter(COUNTED)
    return sorted(rows.values_list("amount", flat=True))


def state_of_the_sum(account):
    return account.transactions.filter(amount=300).values_list("state", flat=True).get()


HUNDRED, TWO, SUM = Decimal(100), Decimal(200), Decimal(300)


def test_details_take_the_place_of_the_sum(account, user):
    take_in(account, WHOLE, user)
    imported = take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO]
    assert (imported.new, imported.known) == (2, 0)
    assert imported.warnings == [
        "Die Sammelbuchung vom 05.10.2026 über 300,00 ist durch ihre 2 Einzelumsätze ersetzt."
    ]
    assert state_of_the_sum(account) == "replaced"


def test_taking_the_details_back_brings_the_sum_again(account, user):
    take_in(account, WHOLE, user)
    undo_import(take_in(account, SPLIT, user), by=user)
    assert amounts(account) == [SUM]
    assert state_of_the_sum(account) == "open"


def test_the_sum_is_known_by_its_details(account, user):
    take_in(account, SPLIT, user)
    imported = take_in(account, WHOLE, user)
    assert (imported.new, imported.known) == (0, 1)
    assert amounts(account) == [HUNDRED, TWO]


def test_details_of_a_decided_sum_are_told_and_not_stored(account, user):
    take_in(account, WHOLE, user)
    dismissal = ignore(account.transactions.get(), "privat", by=user)
    imported = take_in(account, SPLIT, user)
    assert (imported.new, imported.known, amounts(account)) == (0, 2, [SUM])
    (told,) = imported.warnings
    assert told == (
        "Die Sammelbuchung vom 05.10.2026 über 300,00 ist schon entschieden; "
        "ihre 2 Einzelumsätze wurden nicht übernommen."
    )
    unignore(dismissal.transaction, by=user)
    take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO]


@pytest.mark.parametrize("text", ["LAUF-2026-10", "ohne Namen"])
def test_another_format_needs_no_reference_where_there_is_no_choice(account, user, text):
    take_in(account, mt940(MT940.format(text)), user)
    take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO]
    assert take_in(account, mt940(MT940.format(text)), user).new == 0
    assert take_in(account, WHOLE, user).new == 0


def test_of_two_sums_without_a_reference_none_is_replaced_and_the_doubt_is_told(account, user):
    take_in(account, mt940(MT940.format("eins") + MT940.format("zwei")), user)
    imported = take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO, SUM, SUM]
    (told,) = imported.warnings
    assert told == (
        "Am 05.10.2026 können 2 Umsätze über 300,00 die Sammelbuchung sein, deren Einzelumsätze "
        "diese Datei nennt. Keiner wurde ersetzt; einer davon ist vielleicht doppelt."
    )


def test_a_reference_chooses_between_two_sums(account, user):
    other = whole(reference="BANK-2", batch=BATCH.replace("LAUF", "ANDERER"))
    take_in(account, camt(other + whole()), user)
    take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO, SUM]
    replaced = account.transactions.get(state="replaced")
    assert replaced.bank_reference == "BANK-1"


def test_an_ordinary_booking_of_the_same_sum_stays(account, user):
    single = entry("300.00").replace("BANK-1", "BANK-9")
    take_in(account, camt(single), user)
    take_in(account, SPLIT, user)
    assert amounts(account) == [HUNDRED, TWO, SUM]


def test_equal_batches_are_counted(account, user):
    twice = whole(batch="", reference="") + whole(batch="", reference="")
    split = entry("300.00", parts=PARTS).replace("BANK-1", "")
    take_in(account, camt(twice), user)
    take_in(account, notification(split + split), user)
    assert amounts(account) == [HUNDRED, HUNDRED, TWO, TWO]
    assert take_in(account, camt(twice), user).new == 0
    assert take_in(account, notification(split + split), user).new == 0


def test_an_ordinary_booking_with_the_amount_of_a_part_stays(account, user):
    part = MT940.replace("300,00", "100,00").format("RE-7")
    take_in(account, SPLIT, user)
    take_in(account, mt940(MT940.format("Sammler") + part), user)
    assert amounts(account) == [HUNDRED, HUNDRED, TWO]


def test_the_next_balance_follows_after_a_sum_was_replaced(account, user):
    take_in(account, WHOLE, user)
    take_in(account, SPLIT, user)
    later = entry("50.00").replace("2026-10-05", "2026-10-07").replace("BANK-1", "BANK-7")
    data = camt(later, closing="1350.00").decode().replace("1000.00", "1300.00")
    head, _, last = data.rpartition("<Dt><Dt>2026-10-05")
    imported = take_in(account, f"{head}<Dt><Dt>2026-10-07{last}".encode(), user)
    assert (imported.balance_check, imported.warnings) == ("ok", [])
    account.refresh_from_db()
    counted = account.transactions.filter(COUNTED).aggregate(sum=Sum("amount"))["sum"]
    assert counted == account.balance - 1000


def test_a_replaced_sum_is_not_decided_and_says_what_replaced_it(account, user):
    take_in(account, WHOLE, user)
    imported = take_in(account, SPLIT, user)
    row = account.transactions.get(state="replaced")
    with raises_problem(errors.TRANSACTION_REPLACED):
        ignore(row, "Grund", by=user)
    client = signed_in()
    page = client.get(reverse("banking:transaction", args=[row.pk])).content.decode()
    assert imported.get_absolute_url() in page
    found = client.get(reverse("banking:transactions"), {"state": "replaced"}).content.decode()
    assert row.get_absolute_url() in found


def test_the_database_keeps_what_was_replaced_and_what_was_decided(account, user):
    take_in(account, WHOLE, user)
    imported = take_in(account, SPLIT, user)
    row = account.transactions.get(state="replaced")
    for change in ("replaced_by_id = NULL", "batch = NULL"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE banking_transaction SET {change} WHERE id = %s", [row.pk])
    part = account.transactions.get(amount=100)
    ignore(part, "privat", by=user)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Transaction.objects.filter(pk=part.pk).update(replaced_by=imported)


@pytest.mark.django_db(transaction=True)
def test_sum_and_details_at_once_end_in_the_details():
    user = books()
    account = an_account(user)
    at_once(lambda number: take_in(account, (WHOLE, SPLIT)[number % 2], user), 4)
    assert amounts(account) == [HUNDRED, TWO]
    assert StatementImport.objects.count() == 4
