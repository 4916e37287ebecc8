"""Skonto that a customer kept is booked by the matcher where the invoice granted it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from banking.models import Match
from banking.reconciling import undo
from banking.running import match_all
from payments.models import Deduction
from tests.banking.bank import a_transaction, an_account
from tests.trade import a_business, a_buyer, an_invoice
from workmate.ledger.models import OpenItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def account(owner):
    return an_account(owner)


@pytest.fixture
def invoice(owner):
    """119.00 with 2 % Skonto within 14 days."""
    terms = [{"days": 14, "percent": "2.00"}]
    return an_invoice(owner, customer=a_buyer(owner), cash_discounts=terms)


def test_skonto_within_its_terms_is_booked_with_the_payment_and_goes_back_with_it(
    owner, account, invoice
):
    day = invoice.issue_date + timedelta(days=3)
    row = a_transaction(account, "116.62", invoice.number, by=owner, day=f"{day:%d.%m.%y}")
    assert match_all(account, by=owner)["matched"] == 1
    item = OpenItem.objects.get(pk=invoice.open_item_id)
    assert item.outstanding == 0
    deduction = Deduction.objects.get()
    assert (deduction.kind, deduction.amount) == ("skonto", Decimal("2.38"))
    undo(Match.objects.live().get(transaction=row), by=owner)
    item.refresh_from_db()
    assert item.outstanding == Decimal("119.00")


def test_skonto_after_its_terms_waits_for_a_person(owner, account, invoice):
    day = invoice.issue_date + timedelta(days=18)
    a_transaction(account, "116.62", invoice.number, by=owner, day=f"{day:%d.%m.%y}")
    assert match_all(account, by=owner)["matched"] == 0


def test_the_split_offers_what_the_terms_allow_and_books_it(owner, account, invoice, client):
    day = invoice.issue_date + timedelta(days=3)
    row = a_transaction(account, "116.62", "ohne Nummer", by=owner, day=f"{day:%d.%m.%y}")
    client.force_login(owner)
    item = f"{invoice.open_item_id}"
    page = client.get(f"/bank/zuordnen/?umsatz={row.pk}&posten={invoice.number}")
    (line,) = page.context["split"].lines
    assert (line.skonto, line.due) == (Decimal("2.38"), Decimal("116.62"))
    body = {f"item_{item}": "116,62", f"skonto_{item}": "2,38"}
    client.post(f"/bank/umsaetze/{row.pk}/zuordnen/", body)
    assert OpenItem.objects.get(pk=item).outstanding == 0
    assert Deduction.objects.get().amount == Decimal("2.38")
