"""Statements in their order: what they cover, where days or money are missing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banking.continuity import Joint, Span, chain
from banking.undoing import undo_import
from tests.banking.bank import an_account, take_in
from tests.banking.statements import ing
from tests.books import books, signed_in


def span(number, first, last, opening=None, closing=None):
    amounts = (None if each is None else Decimal(each) for each in (opening, closing))
    return Span(number, f"{number}.csv", date(2026, 9, first), date(2026, 9, last), *amounts)


def joints(*spans):
    return [(link.span.id, link.joint, link.days, link.missing) for link in chain(spans)]


def test_equal_balances_prove_that_nothing_is_missing_between():
    assert joints(span(2, 8, 14, 50, 70), span(1, 1, 5, 0, 50)) == [
        (1, Joint.FIRST, 0, 0),
        (2, Joint.PROVEN, 2, 0),
    ]


def test_different_balances_say_how_much_is_missing():
    assert joints(span(1, 1, 5, 0, 50), span(2, 6, 14, 30, 70))[1] == (2, Joint.DIFFERS, 0, -20)


def test_without_balances_only_days_are_known():
    assert joints(span(1, 1, 5), span(2, 6, 9), span(3, 12, 14)) == [
        (1, Joint.FIRST, 0, 0),
        (2, Joint.NEXT, 0, 0),
        (3, Joint.GAP, 2, 0),
    ]


def test_an_overlap_counts_its_days_and_the_furthest_statement_goes_on():
    whole, inside = span(1, 1, 20, 0, 50), span(2, 4, 6, 10, 20)
    assert joints(whole, inside, span(3, 18, 25, 40, 60), span(4, 26, 28, 60, 0)) == [
        (1, Joint.FIRST, 0, 0),
        (2, Joint.OVERLAP, 3, 0),
        (3, Joint.OVERLAP, 3, 0),
        (4, Joint.PROVEN, 0, 0),
    ]


COFFEE = ("28.09.2026", "Café Linde", "Kaffee", -450)
RENT = ("15.09.2026", "Vermieter", "Miete", -90_000)


@pytest.mark.django_db
def test_the_page_of_an_account_shows_what_is_missing_and_not_what_was_taken_back():
    user = books()
    account = an_account(user)
    take_in(account, ing([RENT], opening=100_000), user)
    later = take_in(account, ing([COFFEE], opening=9_550), user)
    pages = signed_in()
    address = reverse("banking:continuity", args=[account.pk])
    assert address in pages.get(account.get_absolute_url()).text
    text = pages.get(address).text
    assert "An einer Stelle fehlt womöglich ein Auszug." in text
    assert "Saldo schließt nicht an" in text
    undo_import(later, by=user)
    assert "Jeder Auszug schließt an den vorigen an." in pages.get(address).text


@pytest.mark.django_db
def test_the_page_asks_the_same_with_one_and_with_three_statements(django_assert_num_queries):
    user = books()
    account = an_account(user)
    pages = signed_in()
    address = reverse("banking:continuity", args=[account.pk])
    take_in(account, ing([RENT]), user)
    pages.get(address)
    with CaptureQueriesContext(connection) as one:
        pages.get(address)
    take_in(account, ing([COFFEE]), user)
    take_in(account, ing([("29.09.2026", "X", "Y", 100)]), user)
    with django_assert_num_queries(len(one)):
        pages.get(address)
