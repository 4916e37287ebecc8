"""The pages of banking: the whole way by plain forms, who may do what, and how much they ask."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banking.dismissing import ignore
from banking.models import BankAccount, Match, StatementImport, Transaction
from banking.running import match_all
from payments.models import Payment
from tests.banking.bank import IBAN, a_transaction, an_account, take_in
from tests.banking.statements import dkb, ing
from tests.books import a_claim, a_customer, a_user, books
from workmate import roles
from workmate.models import User

pytestmark = pytest.mark.django_db
ACCOUNT = {"kind": "bank", "currency": "EUR"}


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


@pytest.fixture
def pages(client, user):
    client.force_login(user)
    return client


def upload(pages, data, **fields):
    file = SimpleUploadedFile("umsaetze.csv", data, "text/csv")
    return pages.post(reverse("banking:import"), {"file": file, **fields}, follow=True)


def test_an_account_is_opened_with_bank_and_bic_from_the_iban(pages):
    an_account(User.objects.first(), iban="DE02120300000000202051", name="Erstes")
    pages.post(
        reverse("banking:account_new"),
        ACCOUNT | {"name": "Konto", "iban": "de89 3704 0044 0532 0130 00"},
    )
    account = BankAccount.objects.get(money_account__iban=IBAN)
    assert account.money_account.bic == "COBADEFFXXX"
    assert account.money_account.bank_name == "Commerzbank"
    answer = pages.get(account.get_absolute_url())
    assert "Commerzbank" in answer.text


def test_a_wrong_iban_is_refused_beside_its_field(pages, account):
    answer = pages.post(
        reverse("banking:account_new"), ACCOUNT | {"name": "Konto", "iban": "DE8937040044053201300"}
    )
    assert answer.status_code == 422
    assert "22 Zeichen" in answer.text
    answer = pages.post(reverse("banking:account_new"), ACCOUNT | {"name": "Konto", "iban": IBAN})
    assert "gibt es schon" in answer.text


def test_an_account_is_changed_but_its_iban_stays(pages, account):
    pages.post(
        reverse("banking:account_edit", args=[account.pk]),
        {"name": "Neu", "iban": "DE02120300000000202051", "is_active": "on"},
    )
    account.money_account.refresh_from_db()
    assert account.money_account.name == "Neu"
    assert account.money_account.iban == IBAN


def test_a_file_is_imported_and_its_result_shown(pages, account):
    answer = upload(pages, ing([("29.09.2026", "Kundig", "Danke", 11_900)]))
    imported = StatementImport.objects.get()
    assert answer.redirect_chain == [(imported.get_absolute_url(), 302)]
    assert "Saldo stimmt" in answer.text
    assert "ING Umsatzanzeige" in answer.text
    assert pages.get(reverse("document", args=[imported.document_id])).status_code == 200


def test_a_file_that_is_refused_says_why_and_keeps_the_form(pages, account):
    answer = upload(pages, b"Datum,Betrag\n")
    assert answer.status_code == 422
    assert "Dieses Format ist nicht bekannt" in answer.text
    assert "Sparkasse CSV-CAMT" in answer.text


def test_a_file_that_names_no_account_needs_a_choice(pages, account):
    data = dkb([{"Betrag (€)": "5"}]).replace(IBAN.encode(), b"")
    assert "Bitte wählen Sie das Konto" in upload(pages, data).text
    assert "Saldo" in upload(pages, data, account=account.money_account_id).text


def test_the_whole_way_by_plain_forms(pages, account, user):
    partner = a_customer("Kundig GmbH")
    item = a_claim("119.00", by=user, number="RE-2026-0001", partner=partner)
    row = a_transaction(account, "100.00", "RE-2026-0001", name="Kundig GmbH", by=user)
    answer = pages.get(reverse("banking:reconcile"))
    assert "Rechnungsnummer genau" in answer.text
    assert "19,00 € bleiben offen" in answer.text
    fields = dict(re.findall(r'name="(item_\d+|partner)" value="([^"]+)"', answer.text))
    answer = pages.post(reverse("banking:match", args=[row.pk]), fields, follow=True)
    item.refresh_from_db()
    assert item.outstanding == 19
    assert "Zugeordnet zu RE-2026-0001." in answer.text
    assert "Alle Umsätze sind entschieden" in answer.text
    made = Match.objects.get()
    assert made.score == 93
    assert "Teilbetrag" in made.reasons
    assert reverse("banking:match_undo", args=[made.pk]) in answer.text
    pages.post(reverse("banking:match_undo", args=[made.pk]))
    item.refresh_from_db()
    assert item.outstanding == 119
    assert Payment.objects.get().is_reversed


def test_items_can_be_found_and_allocated_by_hand(pages, account, user):
    items = [a_claim("70.00", by=user, number=f"RE-2026-000{n}") for n in (1, 2)]
    row = a_transaction(account, "100.00", "ohne Nummer", by=user)
    answer = pages.get(reverse("banking:reconcile"), {"posten": "RE-2026", "umsatz": row.pk})
    for item in items:
        assert f'name="item_{item.pk}"' in answer.text
    pages.post(
        reverse("banking:match", args=[row.pk]),
        {f"item_{items[0].pk}": "70", f"item_{items[1].pk}": "30,00"},
    )
    assert Payment.objects.get().allocations.count() == 2
    assert Match.objects.get().reasons == ["Von Hand zugeordnet"]


@pytest.mark.parametrize(
    ("amount", "said"),
    [("", "keinen offenen Posten gewählt"), ("abc", "nicht lesbar"), ("500", "hat aber nur")],
)
def test_an_allocation_that_cannot_be_says_why(pages, account, user, amount, said):
    item = a_claim("700.00", by=user)
    row = a_transaction(account, "100.00", by=user)
    answer = pages.post(
        reverse("banking:match", args=[row.pk]), {f"item_{item.pk}": amount}, follow=True
    )
    assert said in answer.text
    assert not Payment.objects.exists()


def test_a_transaction_is_set_aside_and_brought_back(pages, account, user):
    row = a_transaction(account, "-5.00", "Entgelt", by=user)
    answer = pages.post(
        reverse("banking:dismissal", args=[row.pk]), {"reason": "Bankgebühr"}, follow=True
    )
    assert "ausgeschieden" in answer.text
    assert "Bankgebühr" in pages.get(row.get_absolute_url()).text
    pages.post(reverse("banking:dismissal_undo", args=[row.pk]))
    assert Transaction.objects.open().count() == 1


def test_the_screen_goes_on_at_the_next_transaction(pages, account, user):
    older = a_transaction(account, "-5.00", "eins", by=user, day="01.10.26")
    newer = a_transaction(account, "-5.00", "zwei", by=user, day="02.10.26")
    answer = pages.post(reverse("banking:dismissal", args=[newer.pk]), {"reason": "Privat"})
    assert answer.url == f"{reverse('banking:reconcile')}?umsatz={older.pk}"


def test_htmx_gets_the_proposals_alone(pages, account, user):
    a_transaction(account, "5.00", "eins", by=user)
    answer = pages.get(reverse("banking:reconcile"), headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div class="matching-proposals"')
    answer = pages.get(reverse("banking:transactions"), headers={"HX-Request": "true"})
    assert "<html" not in answer.text


def test_the_result_page_follows_the_matcher(pages, account, user):
    a_claim("119.00", by=user, number="RE-2026-0001")
    imported = take_in(account, ing([("29.09.2026", "Kundig", "RE-2026-0001", 11_900)]), user)
    assert "werden zugeordnet" in pages.get(imported.get_absolute_url()).text
    match_all(account, by=user)
    imported.account.refresh_from_db()
    from workmate.models import JobRun

    JobRun.objects.update(state=JobRun.State.DONE)
    answer = pages.get(imported.get_absolute_url(), headers={"HX-Request": "true"})
    assert "1 davon zugeordnet" in answer.text


PAGES = ["accounts", "account_new", "transactions", "reconcile", "import", "statements"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_need_a_login(client, name):
    assert client.get(reverse(f"banking:{name}")).status_code == 302


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (roles.ACCOUNTING, set(PAGES)),
        (roles.OWNER, set(PAGES)),
        (roles.ADVISER, {"accounts", "transactions", "statements"}),
        (roles.STAFF, set()),
    ],
)
def test_roles_see_what_they_may(client, name, role, allowed, account):
    person = a_user()
    person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    expected = 200 if name in allowed else 403
    assert client.get(reverse(f"banking:{name}")).status_code == expected


def test_the_adviser_changes_nothing(client, account, user):
    row = a_transaction(account, "5.00", by=user)
    person = a_user()
    person.groups.add(Group.objects.get(name=roles.ADVISER))
    client.force_login(person)
    for name in ("match", "dismissal", "dismissal_undo"):
        assert client.post(reverse(f"banking:{name}", args=[row.pk])).status_code == 403
    assert client.post(reverse("banking:import")).status_code == 403


def queries(pages, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as captured:
        assert pages.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["accounts", "transactions", "statements", "reconcile"])
def test_a_list_asks_as_often_with_three_rows_as_with_one(
    pages, account, user, name, django_assert_max_num_queries
):
    a_transaction(account, "5.00", "eins", by=user)
    address = reverse(f"banking:{name}")
    pages.get(address)
    with_one = queries(pages, address, django_assert_max_num_queries)
    row = a_transaction(account, "6.00", "zwei", by=user)
    a_transaction(account, "7.00", "drei", by=user)
    ignore(row, "Test", by=user)
    assert queries(pages, address, django_assert_max_num_queries) == with_one
