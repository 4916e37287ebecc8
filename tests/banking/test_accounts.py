"""Kinds of accounts, their ledger accounts and their opening balances."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from banking import errors
from banking.accounts import change_account, open_account
from banking.importing import import_statement
from banking.models import BankAccount
from banking.opening import post_opening, take_back_opening
from payments import errors as payment_errors
from payments.cash_keeping import held
from tests.banking.bank import IBAN, an_account
from tests.banking.statements import ing, sparkasse_camt
from tests.books import books, signed_in
from workmate.errors import Problem
from workmate.ledger import errors as ledger_errors
from workmate.ledger.exchange_rates import Rate, enter
from workmate.ledger.models import Entry, MoneyAccount
from workmate.ledger.opening import post_balances, read_balances
from workmate.ledger.periods import lock_period
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
KINDS = MoneyAccount.Kind


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def balances(account):
    """What the ledger says of the account and of 9000 (EUR)."""
    entries = Entry.objects.filter(source__startswith="banking.opening")
    lines = entries.values_list("lines__account__number", "lines__amount").order_by("pk")
    number = account.money_account.account.number
    return {
        name: sum(amount for found, amount in lines if found == name) for name in (number, "9000")
    }


def refusal(act, *args, **kwargs):
    with pytest.raises(Problem) as caught:
        act(*args, **kwargs)
    return caught.value.kind


def test_a_credit_card_and_a_cash_box_need_no_iban_and_get_their_ledger_account(user):
    card = open_account("Visa", kind=KINDS.CARD, iban_text="", by=user)
    cash = open_account("Kasse", kind=KINDS.CASH, iban_text=" ", by=user)
    numbers = [one.money_account.account.number for one in (card, cash)]
    assert numbers == ["1730", "1000"]
    assert [one.money_account.iban for one in (card, cash)] == ["", ""]


@pytest.mark.parametrize("kind", [KINDS.BANK, KINDS.SAVINGS])
def test_an_account_of_a_bank_needs_an_iban(user, kind):
    assert refusal(open_account, "Giro", kind=kind, iban_text="", by=user) is errors.INVALID_IBAN


def test_an_iban_belongs_to_one_account_of_whatever_kind(user, account):
    made = refusal(open_account, "Zwei", kind=KINDS.CARD, iban_text=IBAN, by=user)
    assert made is errors.ACCOUNT_EXISTS


def test_only_an_account_with_iban_stands_on_invoices(user):
    fields = {"kind": KINDS.CARD, "iban_text": "", "by": user}
    assert refusal(open_account, "Visa", on_invoices=True, **fields) is errors.IBAN_MISSING
    card = open_account("Visa", **fields)
    assert refusal(change_account, card, on_invoices=True, by=user) is errors.IBAN_MISSING


def test_a_new_account_on_invoices_takes_the_place_of_the_one_before(user, account):
    change_account(account, on_invoices=True, by=user)
    open_account("Zwei", iban_text="DE02120300000000202051", on_invoices=True, by=user)
    assert [one.name for one in MoneyAccount.objects.filter(on_invoices=True)] == ["Zwei"]


def test_cash_is_kept_in_euro(user):
    fields = {"kind": KINDS.CASH, "iban_text": "", "currency": "USD"}
    assert refusal(open_account, "Kasse", by=user, **fields) is errors.CASH_IN_EURO


def test_a_note_is_changed_and_told_in_the_audit_trail(user, account):
    change_account(account, note="Nur für Miete", by=user)
    event = AuditEvent.objects.get(event="bank_account.changed")
    assert event.payload == {"note": {"old": "", "new": "Nur für Miete"}}
    assert BankAccount.objects.get().note == "Nur für Miete"


def test_a_statement_of_a_card_may_name_what_it_likes_but_no_other_account(user, account):
    card = open_account("Visa", kind=KINDS.CARD, iban_text="", by=user)
    row = {"Betrag": "-12,00", "Buchungstag": "05.10.26", "Valutadatum": "05.10.26"}
    other = sparkasse_camt([row | {"Auftragskonto": "DE02120300000000202051"}])
    assert import_statement(card, other, filename="visa.csv", by=user).new == 1
    own = sparkasse_camt([row | {"Auftragskonto": IBAN}])
    made = refusal(import_statement, card, own, filename="giro.csv", by=user)
    assert made is errors.WRONG_ACCOUNT


def test_an_opening_balance_is_posted_against_9000(user, account):
    account = post_opening(account, Decimal("1250.40"), on=DAY, by=user)
    assert balances(account) == {"1200": Decimal("1250.40"), "9000": Decimal("-1250.40")}
    assert (account.opening_balance, account.opening_on) == (Decimal("1250.40"), DAY)
    event = AuditEvent.objects.get(event="bank_account.opening_posted")
    assert event.payload == {"amount": "1250.40", "currency": "EUR", "on": "2026-01-01"}


def test_what_a_card_owes_is_an_opening_balance_below_zero(user):
    card = open_account("Visa", kind=KINDS.CARD, iban_text="", by=user)
    post_opening(card, Decimal(-80), on=DAY, by=user)
    assert balances(card) == {"1730": Decimal("-80.00"), "9000": Decimal("80.00")}


def test_an_opening_balance_stands_once_and_another_after_taking_it_back(user, account):
    post_opening(account, Decimal(10), on=DAY, by=user)
    made = refusal(post_opening, account, Decimal(20), on=DAY, by=user)
    assert made is errors.OPENING_EXISTS
    take_back_opening(account, by=user)
    assert refusal(take_back_opening, account, by=user) is errors.NO_OPENING
    post_opening(account, Decimal(20), on=DAY, by=user)
    assert balances(account) == {"1200": Decimal(20), "9000": Decimal(-20)}


def test_an_opening_balance_of_nothing_is_none(user, account):
    made = refusal(post_opening, account, Decimal(0), on=DAY, by=user)
    assert made is errors.NOTHING_TO_OPEN


def test_in_a_locked_month_the_opening_balance_stays_as_it_is(user, account):
    post_opening(account, Decimal(10), on=DAY, by=user)
    lock_period(DAY, by=user, on=date(2026, 11, 26))
    assert refusal(take_back_opening, account, by=user) is ledger_errors.PERIOD_LOCKED
    assert BankAccount.objects.get().opening_balance == 10


def test_what_the_opening_balance_sheet_took_over_is_not_posted_again(user, account):
    post_balances(read_balances(b"Konto;Saldo\n1200;500,00\n"), booked_on=DAY, by=user)
    made = refusal(post_opening, account, Decimal(500), on=DAY, by=user)
    assert made is ledger_errors.BALANCE_TAKEN_OVER


def test_the_opening_balance_sheet_leaves_out_what_an_account_has_already(user, account):
    post_opening(account, Decimal(500), on=DAY, by=user)
    (row,) = read_balances(b"Konto;Saldo\n1200;500,00\n")
    assert row.error == "Sein Anfangsbestand ist schon gebucht."


def test_an_opening_balance_in_dollars_is_posted_at_the_rate_of_its_month(user):
    fields = {"iban_text": "DE02120300000000202051", "currency": "USD", "by": user}
    account = open_account("Dollar", **fields)
    made = refusal(post_opening, account, Decimal(100), on=DAY, by=user)
    assert made is errors.OPENING_RATE_MISSING
    rate = Rate(currency="USD", month=DAY, rate=Decimal("1.25"))
    enter([rate], source="BMF", by=user)
    post_opening(account, Decimal(100), on=DAY, by=user)
    lines = account.money_account.account.lines.values_list("amount", "currency_amount", "currency")
    assert list(lines) == [(Decimal("80.00"), Decimal("100.00"), "USD")]


def test_cash_opens_with_what_is_in_the_box_and_never_with_less_than_nothing(user):
    box = open_account("Kasse", kind=KINDS.CASH, iban_text="", by=user)
    made = refusal(post_opening, box, Decimal(-1), on=DAY, by=user)
    assert made is payment_errors.CASH_OVERDRAWN
    post_opening(box, Decimal("150.20"), on=DAY, by=user)
    assert held(box.money_account, DAY) == Decimal("150.20")


def test_the_database_wants_an_entry_for_an_opening_balance(account):
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE banking_bankaccount SET opening_balance = 1")


def test_a_card_is_opened_by_the_form_and_its_balance_posted_and_taken_back(user):
    pages = signed_in()
    answer = pages.get(reverse("banking:account_new"))
    assert "Kreditkartenkonto · Sachkonto 1730" in answer.text
    fields = {"name": "Visa", "kind": "card", "currency": "EUR", "note": "Karte von Eva"}
    pages.post(reverse("banking:account_new"), fields)
    card = BankAccount.objects.get()
    answer = pages.post(
        reverse("banking:account_opening", args=[card.pk]),
        {"amount": "-80,00", "on": "01.01.2026"},
        follow=True,
    )
    assert "-80,00" in answer.text.replace("\u2212", "-")
    assert "Karte von Eva" in answer.text
    pages.post(reverse("banking:account_opening_undo", args=[card.pk]))
    card.refresh_from_db()
    assert card.opening_on is None


def test_a_current_account_without_iban_is_refused_beside_the_field(user):
    answer = signed_in().post(
        reverse("banking:account_new"), {"name": "Giro", "kind": "bank", "currency": "EUR"}
    )
    assert answer.status_code == 422
    assert "Dieses Konto braucht eine IBAN." in answer.text


def test_the_api_opens_a_card_and_posts_its_balance(user):
    client = signed_in()
    path = "/api/v1/bank-accounts/"
    made = client.post(
        path, {"name": "Visa", "kind": "card", "note": "Eva"}, content_type="application/json"
    ).json()
    assert (made["kind"], made["ledger_account"], made["note"]) == ("card", "1730", "Eva")
    path = f"{path}{made['id']}/opening-balance/"
    body = {"amount": "-80.00", "on": "2026-01-01"}
    answer = client.post(path, body, content_type="application/json")
    assert (answer.status_code, answer.json()["opening_balance"]) == (201, "-80.00")
    assert client.delete(path).status_code == 204
    assert BankAccount.objects.get().opening_on is None


def test_the_adviser_posts_no_opening_balance(user, account):
    client = signed_in("Steuerberatung")
    address = reverse("banking:account_opening", args=[account.pk])
    assert client.post(address, {"amount": "1", "on": "01.01.2026"}).status_code == 403
    assert BankAccount.objects.get().opening_on is None


def test_a_giro_file_still_finds_its_account_beside_a_card(user, account):
    open_account("Visa", kind=KINDS.CARD, iban_text="", by=user)
    data = ing([("29.09.2026", "Kundig", "Danke", 11_900)])
    imported = import_statement(account, data, filename="ing.csv", by=user)
    assert imported.account_id == account.pk
