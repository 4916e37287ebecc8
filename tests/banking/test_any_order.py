"""Real files of two banks' formats, whole, cut and overlapping, in any order, end in one state."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banking.models import StatementImport, Transaction
from banking.undoing import undo_import
from tests.banking.bank import an_account, take_in
from tests.banking.statements import dkb, ing
from tests.books import books

DAY = date(2026, 9, 7)
bookings = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([-450, -300]), st.sampled_from(["Kaffee", "Tee"])),
    min_size=1,
    max_size=12,
)
# An export begins with a day and ends when somebody asks for it, in the middle of one or not.
exports = st.lists(
    st.tuples(st.sampled_from(["ing", "dkb"]), st.integers(0, 4), st.integers(1, 12)),
    max_size=3,
)


def written(source, entries):
    """The file with these bookings, as the bank writes it: newest first."""
    newest = [(DAY + timedelta(day), cents, text) for day, cents, text in reversed(entries)]
    if source == "ing":
        rows = [(f"{day:%d.%m.%Y}", "Café Linde", text, cents) for day, cents, text in newest]
        return ing(rows)
    return dkb(
        [
            {
                "Buchungsdatum": f"{day:%d.%m.%y}",
                "Wertstellung": f"{day:%d.%m.%y}",
                "Betrag (€)": f"{Decimal(cents) / 100:.2f}".replace(".", ","),
                "Verwendungszweck": f"{text} am Markt",
            }
            for day, cents, text in newest
        ]
    )


def stored():
    return Counter(Transaction.objects.booked().values_list("booked_on", "amount"))


@pytest.fixture
def user(db):
    return books()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=bookings, parts=exports, chance=st.randoms(use_true_random=False))
def test_files_in_any_order_end_in_the_bookings_of_the_bank(user, entries, parts, chance):
    real = sorted(entries, key=lambda entry: entry[0])
    files = [("ing", 0, len(real)), ("dkb", 0, len(real)), *parts]
    chance.shuffle(files)
    wanted = Counter((DAY + timedelta(day), Decimal(cents) / 100) for day, cents, _ in real)
    with transaction.atomic():
        account = an_account(user)
        for source, first, end in files:
            chosen = [entry for entry in real[:end] if entry[0] >= first]
            if chosen:
                data = written(source, chosen)
                take_in(account, data, user)
        assert stored() == wanted
        last = StatementImport.objects.latest("pk")
        undo_import(last, by=user)
        take_in(account, data, user)
        assert stored() == wanted
        transaction.set_rollback(True)
