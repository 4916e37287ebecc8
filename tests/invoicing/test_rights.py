"""Who may do what with documents: owner, bookkeeper, adviser, colleague, stranger."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.books import signed_in
from tests.trade import a_business, a_draft, an_invoice

pytestmark = pytest.mark.django_db

READING = [
    ("invoices", None),
    ("draft", "draft"),
    ("invoice", "issued"),
    ("invoice-pdf", "issued"),
    ("invoice-xml", "issued"),
    ("invoice-report", "issued"),
    ("customers", None),
    ("customer", "customer"),
    ("products", None),
]
WRITING = [
    ("draft-create", None),
    ("draft-delete", "draft"),
    ("issue", "draft"),
    ("cancel", "issued"),
    ("customer-create", None),
    ("customer-edit", "customer"),
    ("customer-delete", "customer"),
    ("product-create", None),
]
POSTING = [
    ("draft", "draft"),
    ("draft-totals", "draft"),
    ("duplicate", "draft"),
    ("issue", "draft"),
    ("cancel", "issued"),
    ("customer-status", "customer"),
    ("customer-block", "customer"),
]


def pages(names):
    owner = a_business()
    draft = a_draft(owner)
    keys = {
        "draft": draft.pk,
        "issued": an_invoice(owner, customer=draft.customer).pk,
        "customer": draft.customer.pk,
    }
    return [reverse(f"invoicing:{name}", args=[keys[key]] if key else []) for name, key in names]


@pytest.mark.parametrize("role", ["Inhaber", "Buchhaltung"])
def test_owner_and_bookkeeper_open_every_page(role):
    client = signed_in(role)
    answers = {url: client.get(url).status_code for url in pages(READING + WRITING)}
    assert set(answers.values()) == {200}, answers


def test_the_adviser_reads_and_writes_nothing():
    client = signed_in("Steuerberatung")
    urls = pages(READING + WRITING + POSTING)
    read, rest = urls[: len(READING)], urls[len(READING) :]
    write, post = rest[: len(WRITING)], rest[len(WRITING) :]
    assert {client.get(url).status_code for url in read} == {200}
    assert {client.get(url).status_code for url in write} == {403}
    assert {client.post(url).status_code for url in post} == {403}


def test_a_colleague_without_a_right_sees_nothing():
    client = signed_in("Mitarbeit")
    assert {client.get(url).status_code for url in pages(READING + WRITING)} == {403}


def test_a_stranger_is_sent_to_the_login():
    client = Client()
    answers = [client.get(url) for url in pages(READING + WRITING)]
    assert {answer.status_code for answer in answers} == {302}
    assert all(answer.url.startswith("/anmelden/") for answer in answers)


def test_the_adviser_reads_a_draft_without_a_way_to_change_it():
    client = signed_in("Steuerberatung")
    page = client.get(pages([("draft", "draft")])[0]).content.decode()
    assert '<fieldset class="paper" disabled>' in page
    assert "Rechnung stellen" not in page
