"""Bookings entered by hand, taken back, sorted, and what the list adds up."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from banking import errors
from banking.accounts import open_account
from banking.categorising import categorise
from banking.dismissing import ignore
from banking.entering import enter, reverse_entered
from banking.kinds import kind_of
from banking.models import Category, Transaction
from banking.pairing import pair
from tests.banking.bank import BOOKED_ON, a_transaction, an_account, take_in
from tests.banking.statements import sparkasse_camt
from tests.books import books, signed_in
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db

KINDS = Transaction.Kind


@pytest.fixture
def user():
    return books()


@pytest.fixture
def account(user):
    return an_account(user)


def entered(account, amount="-42.00", *, by, **fields):
    return enter(account, booked_on=BOOKED_ON, amount=Decimal(amount), by=by, **fields)


def refusal(act, *args, **kwargs):
    with pytest.raises(Problem) as caught:
        act(*args, **kwargs)
    return caught.value.kind


def said(outcomes):
    return [(one.pk, one.changed, one.problem and one.problem.kind) for one in outcomes]


def of_file(account, *rows, by):
    day = {"Buchungstag": "05.10.26", "Valutadatum": "05.10.26"}
    return take_in(account, sparkasse_camt([day | row for row in rows]), by)


def test_a_booking_entered_by_hand_waits_for_a_decision(user, account):
    row = entered(account, by=user, counterparty_name="Post", category="Porto")
    assert (row.state, row.kind, row.currency) == ("open", "expense", "EUR")
    assert (row.statement, row.entered_by, str(row.category)) == (None, user, "Porto")
    event = AuditEvent.objects.get(event="transaction.entered")
    assert event.payload == {"amount": "-42.00", "currency": "EUR", "booked_on": "2026-10-05"}


def test_a_file_that_comes_later_recognises_what_was_entered(user, account):
    entered(account, by=user)
    imported = of_file(account, {"Betrag": "-42,00"}, {"Betrag": "-42,00"}, by=user)
    assert (imported.known, imported.new) == (1, 1)


def test_what_was_entered_and_taken_back_keeps_nothing_out(user, account):
    row = entered(account, by=user)
    reverse_entered(row, "falscher Tag", by=user)
    assert of_file(account, {"Betrag": "-42,00"}, by=user).new == 1


def test_a_second_booking_of_the_same_day_and_amount_must_be_meant(user, account):
    a_transaction(account, "-42", by=user)
    assert refusal(entered, account, by=user) is errors.POSSIBLY_KNOWN
    entered(account, by=user, twin=True)
    assert Transaction.objects.filter(amount=-42).count() == 2


def test_nothing_is_entered_into_a_cash_box_or_without_an_amount(user, account):
    box = open_account("Kasse", kind=MoneyAccount.Kind.CASH, iban_text="", by=user)
    assert refusal(entered, box, by=user) is errors.CASH_HAS_ITS_BOOK
    assert refusal(entered, account, "0", by=user) is errors.NOTHING_ENTERED
    made = refusal(entered, account, by=user, kind=KINDS.INCOME)
    assert made is errors.KIND_DOES_NOT_FIT


def test_a_reversal_takes_the_booking_back_and_neither_waits(user, account):
    row = entered(account, by=user)
    back = reverse_entered(row, "  doppelt  erfasst ", by=user)
    row.refresh_from_db()
    assert (back.amount, back.booked_on, back.purpose) == (42, BOOKED_ON, "Storno: doppelt erfasst")
    assert (row.state, back.state, back.reverses) == ("reversed", "reversed", row)
    assert refusal(reverse_entered, row, "noch einmal", by=user) is errors.ALREADY_REVERSED
    assert refusal(reverse_entered, back, "noch einmal", by=user) is errors.ALREADY_REVERSED
    assert refusal(ignore, row, "Grund", by=user) is errors.ALREADY_REVERSED
    assert Transaction.objects.open().count() == 0


def test_a_booking_of_the_bank_or_a_decided_one_is_not_reversed(user, account):
    bank = a_transaction(account, "-7", by=user)
    assert refusal(reverse_entered, bank, "x", by=user) is errors.NOT_ENTERED_BY_HAND
    row = entered(account, by=user)
    assert refusal(reverse_entered, row, " ", by=user) is errors.REASON_MISSING
    ignore(row, "Privat", by=user)
    assert refusal(reverse_entered, row, "x", by=user) is errors.DECIDED_ALREADY


def test_what_was_entered_can_neither_be_changed_nor_deleted(user, account):
    row = entered(account, by=user)
    for statement in (
        "UPDATE banking_transaction SET amount = 1 WHERE id = %s",
        "DELETE FROM banking_transaction WHERE id = %s",
    ):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [row.pk])


def test_a_booking_is_read_or_entered_and_never_neither(user, account):
    row = a_transaction(account, "-7", info="Umsatz vorgemerkt", by=user)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE banking_transaction SET statement_id = NULL WHERE id = %s", [row.pk])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Entgelt", "fee"),
        ("ABSCHLUSS", "fee"),
        ("Kontoführungsgebühr", "fee"),
        ("Habenzinsen", "interest"),
        ("Abschlusszahlung", ""),
        ("Gutschrift", ""),
    ],
)
def test_the_booking_text_tells_fees_and_interest(text, kind):
    assert kind_of(text) == kind


def test_an_import_sorts_by_booking_text_and_sign(user, account):
    of_file(
        account,
        {"Betrag": "-9,90", "Buchungstext": "ENTGELT"},
        {"Betrag": "-5,00"},
        {"Betrag": "5,00"},
        by=user,
    )
    kinds = Transaction.objects.order_by("amount").values_list("kind", flat=True)
    assert list(kinds) == ["fee", "expense", "income"]


def test_an_own_transfer_is_sorted_as_one(user, account):
    other = an_account(user, iban="DE02120300000000202051", name="Zwei")
    out, into = a_transaction(account, "-50", by=user), a_transaction(other, "50", by=user)
    pair(out, into, by=user)
    assert set(Transaction.objects.values_list("kind", flat=True)) == {"transfer"}
    (left,) = categorise([out.pk], kind=KINDS.FEE, by=user)
    assert left.problem.kind is errors.IS_OWN_TRANSFER


def test_many_are_sorted_at_once_and_each_says_what_became_of_it(user, account):
    rent = a_transaction(account, "-50", "Miete", by=user)
    sale = a_transaction(account, "60", "Verkauf", by=user)
    waiting = a_transaction(account, "-7", info="Umsatz vorgemerkt", by=user)
    outcomes = categorise(
        [rent.pk, sale.pk, waiting.pk, 0], kind=KINDS.EXPENSE, category=" Büro ", by=user
    )
    assert said(outcomes) == [
        (rent.pk, True, None),
        (sale.pk, False, errors.KIND_DOES_NOT_FIT),
        (waiting.pk, False, errors.STILL_PENDING),
        (0, False, errors.TRANSACTION_GONE),
    ]
    event = AuditEvent.objects.get(event="transaction.categorised")
    assert event.payload == {"category": {"old": "", "new": "Büro"}}
    assert said(categorise([rent.pk], category="büro", by=user)) == [(rent.pk, False, None)]
    assert said(categorise([rent.pk], category="", by=user)) == [(rent.pk, True, None)]
    assert Category.objects.count() == 1


def test_sorting_asks_as_often_for_three_as_for_one(user, account, django_assert_num_queries):
    rows = [a_transaction(account, f"-{n}", f"Nr. {n}", by=user).pk for n in (1, 2, 3, 4)]
    categorise(rows[:1], category="Büro", by=user)
    with django_assert_num_queries(6):
        categorise(rows[1:], category="Büro", by=user)


def test_the_pages_enter_sort_and_reverse(user, account):
    a_transaction(account, "-42", by=user)
    pages = signed_in()
    body = {"account": account.pk, "amount": "-42,00", "booked_on": "05.10.2026"}
    answer = pages.post(reverse("banking:transaction_new"), body)
    assert (answer.status_code, "zweiter Umsatz" in answer.text) == (422, True)
    answer = pages.post(reverse("banking:transaction_new"), body | {"twin": "on"}, follow=True)
    assert "Der Umsatz ist erfasst." in answer.text
    row = Transaction.objects.get(statement=None)
    assert "Einordnen" in pages.post(reverse("banking:categorise"), {"pk": row.pk}).text
    sorting = {"pk": row.pk, "save": "1", "kind": "income", "category": "Büro"}
    assert "passt nicht" in pages.post(reverse("banking:categorise"), sorting).text
    pages.post(reverse("banking:categorise"), sorting | {"kind": ""})
    row.refresh_from_db()
    assert str(row.category) == "Büro"
    address = reverse("banking:transaction_reversal", args=[row.pk])
    answer = pages.post(address, {"reason": "vertippt"}, follow=True)
    assert "Der Umsatz ist storniert." in answer.text


def test_the_api_enters_sorts_and_reverses(user, account):
    client = signed_in()

    def post(path, body):
        return client.post(f"/api/v1/{path}/", body, content_type="application/json")

    body = {"account": account.pk, "amount": "-42.00", "booked_on": "2026-10-05", "kind": "fee"}
    made = post("transactions", body)
    assert (made.status_code, made.json()["kind"], made.json()["statement"]) == (201, "fee", None)
    assert post("transactions", body).json()["code"] == errors.POSSIBLY_KNOWN.code
    pk = made.json()["id"]
    answer = post("transaction-categorisations", {"transactions": [pk], "category": "Büro"})
    assert answer.json() == [{"transaction": pk, "changed": True, "code": "", "message": ""}]
    assert client.get(f"/api/v1/transactions/{pk}/").json()["category"] == "Büro"
    back = post(f"transactions/{pk}/reversal", {"reason": "vertippt"})
    assert (back.status_code, back.json()["reverses"]) == (201, pk)
    assert client.get("/api/v1/transactions/?state=reversed").json()["count"] == 2


def test_the_list_adds_up_what_its_filters_leave(user, account):
    a_transaction(account, "-50", "Miete", by=user)
    a_transaction(account, "60", "Verkauf", by=user)
    reverse_entered(entered(account, by=user), "vertippt", by=user)
    cards = signed_in().get(reverse("banking:transactions")).context["figures"]
    assert [card.value for card in cards[:2]] == [Decimal(60), Decimal(-50)]
    assert (cards[2].plain, cards[3].plain) == ("2", "unbekannt")
    query = f"?account={account.pk}&q=Miete&sort=-amount"
    cards = signed_in().get(reverse("banking:transactions") + query).context["figures"]
    assert [card.value for card in cards[:2]] == [Decimal(0), Decimal(-50)]
    assert cards[0].href.endswith(f"{query}&direction=in")


def test_a_list_is_narrowed_by_kind_category_and_direction(user, account):
    rent = a_transaction(account, "-50", "Miete", by=user)
    a_transaction(account, "60", "Verkauf", by=user)
    categorise([rent.pk], category="Büro", by=user)
    client, address = signed_in(), reverse("banking:transactions")
    for query in ("kind=expense", f"category={Category.objects.get().pk}", "direction=out"):
        assert client.get(f"{address}?{query}").context["count"] == 1


def test_the_gaps_of_an_account_are_told_by_the_api(user, account):
    imported = of_file(account, {"Betrag": "-42,00"}, by=user)
    answer = signed_in().get(f"/api/v1/bank-accounts/{account.pk}/gaps/")
    assert answer.json() == [
        {
            "statement": imported.pk,
            "first_on": "2026-10-05",
            "last_on": "2026-10-05",
            "joint": "first",
            "days": 0,
            "missing": "0.00",
        }
    ]


@pytest.mark.parametrize("role", ["Steuerberatung", "Mitarbeit"])
def test_who_may_only_read_neither_enters_nor_sorts(user, account, role):
    client = signed_in(role)
    row = a_transaction(account, "-42", by=user)
    body = {"account": account.pk, "amount": "-1", "booked_on": str(date(2026, 10, 5))}
    assert client.post(reverse("banking:transaction_new"), body).status_code == 403
    assert client.post(reverse("banking:categorise"), {"pk": row.pk}).status_code == 403
    assert client.post("/api/v1/transactions/", body).status_code == 403
