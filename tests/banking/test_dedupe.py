"""Files in any order and overlap end in the same set of bookings; twins are kept."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.dedupe import Known, fingerprint, outdated, sort_out
from banking.statement import Head, ParsedStatement, Row

DAY = date(2026, 10, 5)


def row(text="Kaffee", cents=-450, day=DAY, **fields) -> Row:
    return Row(1, day, Decimal(cents) / 100, "EUR", purpose=text, **fields)


class Account:
    """What an account knows, as the importer keeps it."""

    def __init__(self):
        self.known: list[Known] = []

    def take(self, rows, format_key="ing"):
        sorted_out = sort_out(rows, self.known, format_key=format_key)
        for new in sorted_out.new:
            self.known.append(
                Known(
                    len(self.known),
                    new.fingerprint,
                    new.occurrence,
                    new.row.booked_on,
                    new.row.amount,
                    format_key,
                    new.row.bank_reference,
                )
            )
        return sorted_out


def test_the_same_file_again_is_known():
    account = Account()
    assert len(account.take([row(), row("Tee")]).new) == 2
    again = account.take([row(), row("Tee")])
    assert (again.new, again.known) == ([], 2)


def test_two_identical_bookings_stay_two():
    account = Account()
    assert [new.occurrence for new in account.take([row(), row()]).new] == [1, 2]
    assert account.take([row(), row()]).new == []
    assert [new.occurrence for new in account.take([row(), row(), row()]).new] == [3]


def test_a_file_cut_in_the_middle_of_a_day_loses_nothing():
    account = Account()
    account.take([row()])
    assert [new.occurrence for new in account.take([row(), row()]).new] == [2]


def test_blanks_case_and_broken_umlauts_do_not_make_a_booking_new():
    assert fingerprint(row("Müller  Bau")) == fingerprint(row("M\ufffdller Bau"))
    assert fingerprint(row("MIETE MAI")) == fingerprint(row("Miete Mai"))


def test_day_amount_and_currency_do():
    assert (
        len(
            {
                fingerprint(row()),
                fingerprint(row(cents=-451)),
                fingerprint(row(day=DAY + timedelta(1))),
            }
        )
        == 3
    )


def test_the_same_booking_in_another_format_is_recognised_by_day_and_amount():
    account = Account()
    account.take([row("KAUFUMSATZ 123")], "sparkasse-camt")
    sorted_out = account.take([row("SVWZ Kaufumsatz")], "sparkasse-mt940")
    assert (sorted_out.new, sorted_out.recognised) == ([], 1)


def test_different_bank_references_are_different_bookings():
    account = Account()
    account.take([row(bank_reference="A")])
    assert len(account.take([row(bank_reference="B")]).new) == 1
    assert account.take([row(bank_reference="A")]).new == []


@pytest.mark.parametrize(
    "files", [[[0, 15]], [[0], [0, 15]], [[15], [0, 15]], [[15], [0]], [[0], [15], [15, 0]]]
)
def test_a_reference_that_the_bank_gives_again_later_names_two_bookings(files):
    account = Account()
    for days in [*files, *files]:
        account.take([row(day=DAY + timedelta(one), bank_reference="NTRF1") for one in days])
    assert sorted(item.booked_on - DAY for item in account.known) == [timedelta(0), timedelta(15)]


def test_a_booking_that_the_bank_moves_by_some_days_stays_one():
    account = Account()
    account.take([row(bank_reference="NTRF1")])
    moved = account.take([row("KAFFEE 2", day=DAY + timedelta(3), bank_reference="NTRF1")])
    assert (moved.new, moved.known) == ([], 1)


bookings = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([-450, -300]), st.sampled_from(["Kaffee", "Tee"])),
    max_size=25,
)
cuts = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=5)


@given(bookings, cuts, st.randoms(use_true_random=False))
def test_overlapping_exports_in_any_order_end_in_the_same_bookings(entries, parts, chance):
    real = [row(text, cents, DAY + timedelta(day)) for day, cents, text in sorted(entries)]
    exports = [real, *(real[min(part) : max(part)] for part in parts)]
    chance.shuffle(exports)
    account = Account()
    for export in exports:
        account.take(export)
    assert Counter(known.fingerprint for known in account.known) == Counter(map(fingerprint, real))


def statement(*rows, head=None) -> ParsedStatement:
    return ParsedStatement("dkb", "DKB", "utf-8", head or Head(), tuple(rows))


def pending(booking: Row) -> Known:
    return Known(7, fingerprint(booking), 1, booking.booked_on, booking.amount, "dkb")


def test_a_pending_booking_stays_while_the_bank_shows_it():
    waiting = row(pending=True)
    assert outdated([pending(waiting)], statement(waiting)) == []


def test_a_pending_booking_goes_when_it_is_booked_under_another_day_and_text():
    booked = row("Kaffee am Markt", day=DAY + timedelta(2))
    assert outdated([pending(row())], statement(booked)) == [7]


def test_a_pending_booking_goes_when_the_period_shows_it_no_more():
    head = Head(period=(DAY - timedelta(5), DAY + timedelta(5)))
    assert outdated(
        [pending(row())], statement(row("Tee", -100, DAY + timedelta(1)), head=head)
    ) == [7]


def test_a_pending_booking_goes_after_two_weeks():
    assert outdated([pending(row())], statement(row("Tee", -100, DAY + timedelta(15)))) == [7]
    assert outdated([pending(row())], statement(row("Tee", -100, DAY + timedelta(13)))) == []


# Exports begin with a day and end when somebody asks for them; each source words texts its own way.
exports = st.lists(
    st.tuples(st.sampled_from(["ing", "mt940", "camt"]), st.integers(0, 6), st.integers(0, 25)),
    max_size=5,
)


@given(bookings, exports, st.randoms(use_true_random=False))
def test_exports_of_several_sources_in_any_order_end_in_the_same_days_and_amounts(
    entries, parts, chance
):
    real = sorted(entries, key=lambda entry: entry[0])
    files = [("ing", 0, len(real)), *parts]
    chance.shuffle(files)
    account = Account()
    for source, first, end in files:
        rows = [
            row(f"{source} {text}", cents, DAY + timedelta(day))
            for day, cents, text in real[:end]
            if day >= first
        ]
        days = {one.booked_on for one in rows}
        known = [one for one in account.known if one.booked_on in days]
        for new in sort_out(rows, known, format_key=source).new:
            fresh = (new.fingerprint, new.occurrence, new.row.booked_on, new.row.amount, source)
            account.known.append(Known(len(account.known), *fresh))
    found = Counter((known.booked_on, known.amount) for known in account.known)
    wanted = Counter((DAY + timedelta(day), Decimal(cents) / 100) for day, cents, _ in real)
    assert found == wanted
