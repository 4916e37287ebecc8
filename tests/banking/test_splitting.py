"""The matching screen keeps its place, and spreads one transaction over several items."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from banking.models import Match, Transaction
from banking.views import placing
from tests.banking.bank import PAYER, a_transaction, an_account
from tests.books import a_claim, books
from workmate import roles

pytestmark = pytest.mark.django_db
SCREEN = "/bank/zuordnen/"


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


@pytest.fixture
def screen(user, client):
    client.force_login(user)
    return client


def place(answer):
    """Where an answer leads: the address and what it says."""
    parts = urlsplit(answer.url)
    return parts.path, {name: value for name, (value,) in parse_qs(parts.query).items()}


def shown(screen, query):
    """The transactions on the left, and the chosen one."""
    context = screen.get(f"{SCREEN}?{query}").context
    return [row.purpose for row in context["rows"]], context["row"] and context["row"].purpose


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=huber", ["C", "A"]),
        ("q=huber+C", ["C"]),
        ("richtung=aus", ["B"]),
        ("richtung=ein", ["C", "A"]),
        ("betrag=20,00", ["B"]),
        ("von=06.10.2026", ["C", "B"]),
        ("von=06.10.2026&bis=06.10.2026", ["B"]),
        ("konto=999", ["C", "B", "A"]),
    ],
)
def test_the_screen_is_narrowed(account, user, screen, query, left):
    a_transaction(account, "10.00", "A", by=user, name="Huber GmbH")
    a_transaction(account, "-20.00", "B", by=user, name="Telekom", day="06.10.26")
    a_transaction(account, "30.00", "C", by=user, name="Huber GmbH", day="07.10.26")
    assert shown(screen, query) == (left, left[0])


def test_another_account_is_left_out(account, user, screen):
    other = an_account(user, iban=PAYER, name="Tagesgeld")
    a_transaction(account, "10.00", "A", by=user)
    a_transaction(other, "20.00", "B", by=user)
    assert shown(screen, f"konto={other.pk}") == (["B"], "B")


@pytest.mark.parametrize("act", ["dismissal", "match"])
def test_an_act_goes_on_at_the_next_older_one_of_the_same_place(account, user, screen, act):
    item = a_claim("30.00", by=user)
    oldest = a_transaction(account, "10.00", "A", by=user, name="Huber GmbH")
    a_transaction(account, "20.00", "B", by=user, name="Telekom", day="06.10.26")
    row = a_transaction(account, "30.00", "C", by=user, name="Huber GmbH", day="07.10.26")
    body = {"reason": "Privat", f"item_{item.pk}": "30,00", "ort": "q=huber&richtung=ein"}
    answer = screen.post(reverse(f"banking:{act}", args=[row.pk]), body)
    here = {"q": "huber", "richtung": "ein"}
    assert place(answer) == (SCREEN, here | {"umsatz": str(oldest.pk)})
    row.refresh_from_db()
    assert row.state != "open"
    undo = reverse("banking:dismissal_undo", args=[row.pk])
    if act == "match":
        undo = reverse("banking:match_undo", args=[Match.objects.get().pk])
    answer = screen.post(undo, {"ort": "q=huber&richtung=ein"})
    assert place(answer) == (SCREEN, here | {"umsatz": str(row.pk)})


def test_after_the_oldest_it_goes_back_to_the_one_before(account, user, screen):
    oldest = a_transaction(account, "10.00", "A", by=user)
    newer = a_transaction(account, "20.00", "B", by=user, day="06.10.26")
    a_transaction(account, "30.00", "C", by=user, day="07.10.26")
    answer = screen.post(reverse("banking:dismissal", args=[oldest.pk]), {"reason": "Privat"})
    assert place(answer) == (SCREEN, {"umsatz": str(newer.pk)})


def test_a_transaction_that_somebody_decided_meanwhile_leads_to_the_next(account, user, screen):
    a_transaction(account, "10.00", "A", by=user)
    row = a_transaction(account, "20.00", "B", by=user, day="06.10.26")
    screen.post(reverse("banking:dismissal", args=[row.pk]), {"reason": "Privat"})
    assert shown(screen, f"umsatz={row.pk}") == (["A"], "A")


def test_the_page_with_the_chosen_transaction_is_shown(account, user, screen, monkeypatch):
    monkeypatch.setattr(placing, "SHOWN", 2)
    for at in range(1, 6):
        a_transaction(account, "10.00", f"U{at}", by=user, day=f"0{at}.10.26")
    oldest = Transaction.objects.earliest("booked_on")
    assert shown(screen, f"umsatz={oldest.pk}") == (["U1"], "U1")
    assert shown(screen, "seite=2") == (["U3", "U2"], "U3")
    assert shown(screen, "seite=99") == (["U1"], "U1")
    assert "3 bis 4 von 5" in screen.get(f"{SCREEN}?seite=2").text


def test_a_split_is_searched_for_without_losing_what_is_typed(account, user, screen):
    first = a_claim("100.00", by=user, number="RE-2026-0001")
    second = a_claim("50.00", by=user, number="RE-2026-0002")
    row = a_transaction(account, "140.00", "zwei", by=user)
    address = reverse("banking:match", args=[row.pk])
    body = {f"item_{first.pk}": "100,00", "posten": "0002", "suchen": "1", "ort": "richtung=ein"}
    answer = screen.post(address, body)
    assert place(answer) == (
        SCREEN,
        {
            "richtung": "ein",
            "umsatz": str(row.pk),
            f"item_{first.pk}": "100,00",
            "posten": "0002",
        },
    )
    split = screen.get(answer.url).context["split"]
    assert [(line.item, line.typed) for line in split.lines] == [(first, "100,00"), (second, "")]
    assert split.rest == Decimal("40.00")
    screen.post(address, {f"item_{first.pk}": "100,00", f"item_{second.pk}": "40,00"})
    second.refresh_from_db()
    assert second.outstanding == Decimal("10.00")


def test_a_refused_split_comes_back_as_it_was_typed(account, user, screen):
    item = a_claim("100.00", by=user)
    row = a_transaction(account, "90.00", "zu viel", by=user)
    body = {f"item_{item.pk}": "95,00", "ort": ""}
    answer = screen.post(reverse("banking:match", args=[row.pk]), body)
    page = screen.get(answer.url)
    assert page.context["split"].rest == Decimal("-5.00")
    assert 'value="95,00"' in page.text
    assert not Match.objects.exists()


def test_the_rest_of_a_split_becomes_the_credit_of_whom_one_chose(account, user, screen):
    item = a_claim("100.00", by=user)
    row = a_transaction(account, "130.00", "zu viel", by=user)
    address = reverse("banking:match", args=[row.pk])
    body = {f"item_{item.pk}": "100,00", "aufteilen": "1"}
    page = screen.get(screen.post(address, body).url).text
    assert "Es bleiben 30,00 EUR übrig." in page
    assert f"Rest als Guthaben von {item.partner.name}" in page
    assert not Match.objects.exists()
    screen.post(address, body | {"partner": item.partner_id})
    assert Match.objects.get().payment.credit.outstanding == Decimal("-30.00")


def test_an_amount_without_its_sign_pays_what_we_owe(account, user, screen):
    debt = a_claim("-80.00", by=user)
    row = a_transaction(account, "-80.00", "Erstattung", by=user)
    screen.post(reverse("banking:match", args=[row.pk]), {f"item_{debt.pk}": "80,00"})
    debt.refresh_from_db()
    assert debt.outstanding == 0


def test_the_keys_belong_to_the_split_while_it_is_open(account, user, screen):
    item = a_claim("119.00", by=user, number="RE-2026-0001")
    row = a_transaction(account, "119.00", "RE-2026-0001", by=user)
    closed = screen.get(f"{SCREEN}?umsatz={row.pk}").text
    opened = screen.get(f"{SCREEN}?umsatz={row.pk}&item_{item.pk}=119,00").text
    assert closed.count('data-key="a"') == opened.count('data-key="a"') == 1
    assert "data-book" in opened
    assert "data-book" not in closed
