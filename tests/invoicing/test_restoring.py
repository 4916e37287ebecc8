"""A deleted draft comes back as it was, for thirty days."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from invoicing import attaching, contents, errors, restoring
from invoicing.attaching import Upload
from invoicing.models import DeletedDraft, Invoice
from tests.books import signed_in
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import a_business, a_buyer, a_draft, a_line, an_invoice, tax_case
from workmate.errors import Problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_business()


def a_rich_draft(owner):
    draft = a_draft(
        owner,
        lines=[
            {"kind": "title", "name": "Oben"},
            a_line("99.99", "DE7", discount_percent=Decimal("2.50")),
        ],
        adjustments=[
            {
                "is_charge": True,
                "reason": "Fracht",
                "percent": None,
                "amount": Decimal("6.90"),
                "tax_case": tax_case(),
            }
        ],
        cash_discounts=[{"days": 7, "percent": "2.00"}],
        order_reference="B-17",
    )
    attaching.attach(draft, [Upload(filename="a.csv", data=b"Tag;1\n")], by=owner)
    return draft


def test_a_deleted_draft_comes_back_as_it_was(owner):
    draft = a_rich_draft(owner)
    said, files = contents.content_of(draft), [one.file for one in draft.attachments.all()]

    deleted = restoring.discard(draft, by=owner)
    assert not Invoice.objects.exists()
    back = restoring.restore(deleted, by=owner)

    assert contents.content_of(back) == said
    assert [one.file for one in back.attachments.all()] == files
    assert back.gross_total == deleted.gross_total
    assert not DeletedDraft.objects.exists()


def test_what_was_deleted_meanwhile_is_missing(owner):
    customer = a_buyer(owner)
    deleted = restoring.discard(a_draft(owner, customer=customer), by=owner)
    customer.delete()
    back = restoring.restore(DeletedDraft.objects.get(pk=deleted.pk), by=owner)
    assert back.customer is None


def test_an_issued_invoice_is_not_discarded(owner):
    with raises_problem(errors.NOT_A_DRAFT):
        restoring.discard(an_invoice(owner), by=owner)
    assert not DeletedDraft.objects.exists()


def test_after_thirty_days_it_is_forgotten(owner):
    restoring.discard(a_draft(owner), by=owner)
    now = timezone.now()
    assert restoring.forget(at=now + datetime.timedelta(days=29)) == 0
    assert restoring.forget(at=now + datetime.timedelta(days=31)) == 1
    assert not DeletedDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_comes_back_once(owner):
    deleted = restoring.discard(a_draft(owner), by=owner)

    def restore(number):
        try:
            return restoring.restore(deleted, by=owner).pk
        except Problem as problem:
            return problem.code

    found = at_once(restore, times=4)
    assert sorted(map(str, found))[1:] == [errors.DRAFT_GONE.code] * 3
    assert Invoice.objects.count() == 1


def test_a_person_deletes_and_takes_it_back(owner):
    client, draft = signed_in("Buchhaltung"), a_draft(owner)
    client.post(reverse("invoicing:draft-delete", args=[draft.pk]))
    page = client.get(reverse("invoicing:deleted-drafts"))
    assert draft.customer.name in page.content.decode()
    answer = client.post(reverse("invoicing:restore", args=[DeletedDraft.objects.get().pk]))
    assert answer.url == Invoice.objects.get().get_absolute_url()


def test_the_list_asks_equally_often_for_one_and_for_three(owner):
    client = signed_in("Buchhaltung")
    restoring.discard(a_draft(owner), by=owner)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("invoicing:deleted-drafts"))
        return len(queries)

    asked()
    one = asked()
    for _ in range(2):
        restoring.discard(a_draft(owner), by=owner)
    assert asked() == one


def test_the_api_restores(owner):
    client, draft = signed_in("Inhaber"), a_draft(owner)
    etag = client.get(f"/api/v1/invoices/{draft.pk}/")["ETag"]
    gone = client.delete(f"/api/v1/invoices/{draft.pk}/", headers={"If-Match": etag})
    assert gone.status_code == 204
    (row,) = client.get("/api/v1/deleted-drafts/").json()["results"]
    answer = client.post(f"/api/v1/deleted-drafts/{row['id']}/restoration/")
    assert (answer.status_code, answer.json()["gross_total"]) == (201, "119.00")
