"""What a customer sees with the link of a document, and what nobody sees without one."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invoicing import remittance
from invoicing.cancelling import cancel
from invoicing.einvoice.model import EInvoice
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from payments import public
from payments.models import FirstView
from payments.public_words import TEXTS
from payments.recording import reverse_payment
from payments.views.public import MISSES
from tests.books import signed_in
from tests.invoicing.pages_of import text
from tests.payments.paying import pay
from tests.threads import at_once
from tests.trade import DAY, IBAN, a_business, a_buyer, a_draft, a_line, an_invoice
from workmate import documents
from workmate.ledger.models import MoneyAccount
from workmate.money import format_amount

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)"
DUE = DAY + datetime.timedelta(days=14)


@pytest.fixture(autouse=True)
def _no_counts():
    cache.clear()


@pytest.fixture
def owner(db):
    return a_business()


@pytest.fixture
def bank(owner):
    return MoneyAccount.objects.get(iban=IBAN)


def stranger(**headers):
    return Client(headers={"User-Agent": PHONE, "Accept-Language": "de-DE,de;q=0.9"} | headers)


def address(invoice, name="page"):
    return reverse(f"pay:{name}", args=[invoice.token])


def shown(invoice, *, language="de", on=DAY):
    """The page's contents as they are on that day."""
    return public.page(public.find(invoice.token, on=on), language=language, on=on)


def payload(invoice):
    """What the GiroCode of the page carries."""
    seen = public.find(invoice.token, on=DAY)

    einvoice: EInvoice = Snapshot.from_json(seen.snapshot).einvoice
    return remittance.girocode(einvoice, public._owed(seen))


# Who gets to see what


def test_a_customer_sees_what_is_owed_and_how_to_pay_it(owner):
    invoice = an_invoice(owner)
    page = text(stranger().get(address(invoice)))
    for part in (
        f"Rechnung {invoice.number}",
        "119,00 €",
        "Werkstatt Nord GmbH",
        "BYLADEM1001",
        "Beratung",
    ):
        assert part in page
    assert "DE02 1203 0000 0000 2020 51" in page.replace("\u00a0", " ")


def test_unknown_draft_and_malformed_tokens_get_the_same_answer(owner):
    draft = a_draft(owner)
    answers = [
        stranger().get(f"/zahlen/{token}/")
        for token in ("A" * 27, draft.token, "x", "ä%20ö", "'; --", "z" * 3000)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("token", ["A" * 27, "x", "z" * 3000])
def test_every_miss_costs_one_question_to_the_database(owner, token):
    with CaptureQueriesContext(connection) as captured:
        stranger().get(f"/zahlen/{token}/")
    assert len(captured) == 1


def test_files_of_a_draft_and_of_nothing_are_not_found(owner):
    draft = a_draft(owner)
    for name in ("pdf", "xml"):
        assert stranger().get(address(draft, name)).status_code == 404
        assert stranger().get(f"/zahlen/unbekannt/{name}/").status_code == 404


def test_the_files_are_the_archived_bytes(owner):
    invoice = an_invoice(owner)
    xml = stranger().get(address(invoice, "xml"))
    assert xml.content == documents.read(invoice.xml)
    pdf = stranger().get(address(invoice, "pdf"))
    invoice.refresh_from_db()
    assert pdf.content == documents.read(invoice.pdf)
    assert pdf["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'


@pytest.mark.parametrize("name", ["page", "pdf", "xml"])
def test_nothing_is_kept_found_by_search_engines_or_told_to_others(owner, name):
    answer = stranger().get(address(an_invoice(owner), name))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert dict(answer.cookies) == {}


def test_a_miss_sets_no_cookie_either(owner):
    answer = stranger().get("/zahlen/unbekannt/")
    assert dict(answer.cookies) == {}
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_nothing_can_be_sent_to_the_page(owner):
    invoice = an_invoice(owner)
    assert stranger().post(address(invoice)).status_code == 405
    assert FirstView.objects.count() == 0


def test_whoever_guesses_is_stopped_and_others_are_not(owner):
    invoice = an_invoice(owner)
    guesser = Client(REMOTE_ADDR="203.0.113.7")
    for number in range(MISSES.times):
        assert guesser.get(f"/zahlen/{number}/").status_code == 404
    refused = guesser.get(address(invoice))
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert invoice.number not in refused.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.8").get(address(invoice)).status_code == 200


# Language


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "de-DE,de;q=0.9,en;q=0.8", "de"),
        ("", "en-GB,en;q=0.9,de;q=0.5", "en"),
        ("", "fr-FR,fr;q=0.9", "en"),
        ("", "fr-FR,fr;q=0.9,de;q=0.5", "de"),
        ("", "", "de"),
        ("", "\x7f;;;q=nonsense", "de"),
        ("?sprache=en", "de-DE", "en"),
        ("?sprache=de", "en", "de"),
        ("?sprache=xx", "de", "de"),
    ],
)
def test_the_language_is_asked_for_then_preferred(owner, query, accepted, language):
    client = stranger(**{"Accept-Language": accepted})
    page = client.get(address(an_invoice(owner)) + query).content.decode()
    assert f'<html lang="{language}">' in page
    assert ("Amount due" in page, "Noch zu zahlen" in page) == (language == "en", language == "de")


def test_without_a_wish_it_is_the_language_of_the_document(owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, language="en"))
    page = stranger(**{"Accept-Language": ""}).get(address(invoice)).content.decode()
    assert '<html lang="en">' in page


def test_every_text_has_both_languages_and_the_same_values():
    for german, english in TEXTS.values():
        assert german
        assert set(re.findall(r"{\w+}", german)) == set(re.findall(r"{\w+}", english))


# What is owed


def test_after_a_part_payment_the_rest_is_asked_for(owner, bank):
    invoice = an_invoice(owner)
    pay(bank, "19", (invoice.open_item, "19"), by=owner)
    page = shown(invoice)
    assert (page["state"], page["owed"]) == ("teilweise bezahlt", "100,00\u00a0€")
    assert [value for _, value in page["figures"]] == [
        "119,00\u00a0€",
        "-19,00\u00a0€",
        "100,00\u00a0€",
    ]
    assert "EUR100.00" in payload(invoice)


def test_a_paid_invoice_asks_for_nothing_until_the_payment_is_reversed(owner, bank):
    invoice = an_invoice(owner)
    payment = pay(bank, "119", (invoice.open_item, "119"), by=owner)
    page = shown(invoice)
    assert (page["state"], page["owed"], page["account"], page["code"]) == ("bezahlt", "", [], "")
    assert IBAN[-4:] not in stranger().get(address(invoice)).content.decode()
    reverse_payment(payment, on=DAY, by=owner, reason="Rückgabe")
    assert shown(invoice)["owed"] == "119,00\u00a0€"


def test_a_cancelled_invoice_says_so_and_leads_to_its_cancellation(owner):
    invoice = an_invoice(owner)
    storno = cancel(invoice, by=owner, on=DAY, reason="Irrtum")
    answer = stranger().get(address(invoice))
    assert "storniert. Es ist nichts zu zahlen." in text(answer)
    assert address(storno) in answer.content.decode()
    page = shown(storno)
    assert (page["owed"], page["account"]) == ("", [])


def test_a_cancelled_paid_invoice_shows_what_the_customer_gets_back(owner, bank):
    invoice = an_invoice(owner)
    pay(bank, "119", (invoice.open_item, "119"), by=owner)
    storno = cancel(invoice, by=owner, on=DAY, reason="Irrtum")
    assert shown(storno)["figures"][-1] == ("Zu Ihren Gunsten", "119,00\u00a0€")


def test_skonto_is_offered_until_its_last_day(owner):
    invoice = an_invoice(owner, cash_discounts=[{"days": 7, "percent": "2.00"}])
    last = DAY + datetime.timedelta(days=7)
    offered = [sentence.replace("\u00a0", " ") for sentence in shown(invoice, on=last)["sentences"]]
    assert offered == [
        "Zahlbar bis 18.05.2026",
        "Bei Zahlung bis 11.05.2026 ziehen Sie 2 % Skonto ab und zahlen 116,62 €.",
    ]
    after = last + datetime.timedelta(days=1)
    assert shown(invoice, on=after)["sentences"] == ["Zahlbar bis 18.05.2026"]


def test_after_the_due_date_the_page_says_since_when(owner):
    page = shown(an_invoice(owner), on=DUE + datetime.timedelta(days=1))
    assert (page["state"], page["sentences"]) == ("fällig", ["Fällig seit 18.05.2026"])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.integers(min_value=1, max_value=15000), min_size=1, max_size=5), st.booleans())
def test_the_amounts_are_those_of_the_open_item(owner, bank, cents, taken_back):
    invoice = an_invoice(owner)
    last = None
    for one in cents:
        invoice.open_item.refresh_from_db()
        part = min(Decimal(one) / 100, invoice.open_item.outstanding)
        if part:
            last = pay(bank, part, (invoice.open_item, part), by=owner)
    if taken_back and last:
        reverse_payment(last, on=DAY, by=owner, reason="Rückgabe")
    invoice.open_item.refresh_from_db()
    outstanding = invoice.open_item.outstanding
    page = shown(invoice)
    expected = f"{format_amount(outstanding)}\u00a0€" if outstanding else ""
    assert page["owed"] == expected
    assert (f"EUR{outstanding}\n" in f"{payload(invoice)}\n") == bool(outstanding)


# How much it costs


def test_many_lines_cost_no_more_questions_than_one(owner):
    def queries(lines):
        invoice = an_invoice(owner, lines=[a_line() for _ in range(lines)])
        with CaptureQueriesContext(connection) as captured:
            assert stranger().get(address(invoice)).status_code == 200
        return len(captured)

    assert queries(1) == queries(12)


# Who has seen it


def test_the_first_look_of_a_stranger_is_noted_once(owner):
    invoice = an_invoice(owner)
    stranger().get(address(invoice))
    first = FirstView.objects.get()
    stranger().get(address(invoice))
    assert FirstView.objects.get().seen_at == first.seen_at
    page = signed_in("Inhaber").get(invoice.get_absolute_url())
    assert "Vom Kunden angesehen" in text(page)


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_programs_have_seen_nothing(owner, headers):
    assert stranger(**headers).get(address(an_invoice(owner))).status_code == 200
    assert FirstView.objects.count() == 0


def test_neither_we_nor_a_glance_at_the_headers_count(owner):
    invoice = an_invoice(owner)
    own = signed_in("Buchhaltung")
    own.get(address(invoice), headers={"User-Agent": PHONE})
    stranger().head(address(invoice))
    stranger().get(address(invoice, "xml"))
    assert FirstView.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_many_looks_at_once_are_one_first_look():
    owner = a_business()
    invoice = an_invoice(owner)
    seen = public.find(invoice.token, on=DAY)
    at_once(lambda _: public.note_view(seen, at=timezone.now()))
    assert FirstView.objects.count() == 1


# The way to it


def test_the_page_of_an_invoice_leads_to_the_view_of_the_customer(owner):
    invoice = an_invoice(owner)
    page = signed_in("Buchhaltung").get(invoice.get_absolute_url()).content.decode()
    assert f'href="http://localhost:8000{address(invoice)}"' in page
    assert f'data-copy="http://localhost:8000{address(invoice)}"' in page


def test_a_token_cannot_be_guessed():
    tokens = {Invoice().token for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {27}
