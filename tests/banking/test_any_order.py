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
from tests.banking.statements import camt, dkb, entry, ing, mt940
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


# (day, parts) of a batch; its sum is that of no single booking, its parts may be.
batches = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.sampled_from([-450, -300]), min_size=2, max_size=4)),
    min_size=1,
    max_size=3,
)
SOURCES = ("053 whole", "053 split", "054 split", "mt940", "ing")
several = st.lists(st.sampled_from(SOURCES), max_size=4)


def euro(cents):
    return f"{Decimal(cents) / 100:.2f}"


def with_batches(source, singles, collected):
    """The bank's file; whether a batch comes as one sum depends on the source."""
    if source in ("mt940", "ing"):
        rows = [(day, cents, text) for day, cents, text in singles]
        rows += [(day, sum(parts), "SAMMELBUCHUNG") for day, parts in collected]
        rows.sort(key=lambda row: row[0], reverse=True)
        days = [(DAY + timedelta(day), cents, text) for day, cents, text in rows]
        if source == "ing":
            return ing([(f"{day:%d.%m.%Y}", "Linde", text, cents) for day, cents, text in days])
        lines = [
            f":61:{day:%y%m%d}{day:%m%d}D{euro(-cents).replace('.', ',')}NMSCNONREF\r\n"
            f":86:177?00LASTSCHRIFT?20{text}\r\n"
            for day, cents, text in days
        ]
        return mt940("".join(lines))
    entries = []
    for at, (day, parts) in enumerate(collected):
        named = [(euro(-cents), f"Teil {n}") for n, cents in enumerate(parts)]
        split = {"parts": named} if source.endswith("split") else {}
        written = entry(euro(sum(parts)), **split)
        if not split:
            head, rest = written.split("<NtryDtls>")
            count = f"<Btch><NbOfTxs>{len(parts)}</NbOfTxs></Btch>"
            written = f"{head}<NtryDtls>{count}{rest[rest.index('</NtryDtls>') :]}"
        entries.append((day, written.replace("BANK-1", f"B-{at}-{day}")))
    if source != "054 split":
        for at, (day, cents, text) in enumerate(singles):
            written = entry(euro(cents), info=f"<Ustrd>{text}</Ustrd>")
            entries.append((day, written.replace("BANK-1", f"S-{at}")))
    dated = [text.replace("2026-10-05", f"{DAY + timedelta(day)}") for day, text in entries]
    return camt("".join(dated), kind=source[:3])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(singles=bookings, collected=batches, more=several, chance=st.randoms(use_true_random=False))
def test_batches_whole_and_split_in_any_order_end_in_their_parts(
    user, singles, collected, more, chance
):
    sources = [*SOURCES, *more]
    chance.shuffle(sources)
    wanted = Counter((DAY + timedelta(day), Decimal(cents) / 100) for day, cents, _ in singles)
    wanted += Counter(
        (DAY + timedelta(day), Decimal(cents) / 100) for day, parts in collected for cents in parts
    )
    with transaction.atomic():
        account = an_account(user)
        for source in sources:
            take_in(account, with_batches(source, singles, collected), user)
        assert standing() == wanted
        last = StatementImport.objects.latest("pk")
        undo_import(last, by=user)
        take_in(account, with_batches(sources[-1], singles, collected), user)
        assert standing() == wanted
        transaction.set_rollback(True)


def standing():
    rows = Transaction.objects.booked().exclude(state=Transaction.State.REPLACED)
    return Counter(rows.values_list("booked_on", "amount"))
