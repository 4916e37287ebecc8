"""Many documents are sent, or many drafts deleted, as one job; each says what came of it."""

import pytest
from django.urls import reverse

from invoicing import bulk_running
from invoicing.bulk_discarding import DISCARDING
from invoicing.bulk_sending import SENDING
from invoicing.models import DeletedDraft, Dispatch, Invoice
from tests.books import signed_in
from tests.invoicing.pages_of import text
from tests.trade import a_business, a_buyer, a_draft, an_invoice
from workmate import jobs
from workmate.models import JobRun
from workmate.roles import ADVISER, OWNER

real = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_URL = "outbox:"


def ran(run):
    jobs.execute(run.pk)
    run.refresh_from_db()
    return run


def answer_of(run):
    return signed_in(OWNER).get(reverse("api-invoice-bulk-run", args=[run.pk])).json()


@real
def test_every_document_of_a_run_is_sent_or_says_why_not():
    owner = a_business()
    good = an_invoice(owner)
    silent = an_invoice(owner, customer=a_buyer(owner, email=""))

    run = ran(bulk_running.order(SENDING, dict.fromkeys([good.pk, silent.pk]), by=owner))

    assert (run.state, run.result) == ("done", {"im Versand": 1, "abgelehnt": 1})
    assert Dispatch.objects.get().invoice == good
    found = answer_of(run)
    assert (found["succeeded_count"], found["failed_count"]) == (1, 1)
    assert (found["succeeded"], found["failed"]) == ([good.pk], [silent.pk])
    assert found["rows"][1] == {
        "invoice": silent.pk,
        "state": "refused",
        "number": silent.number,
        "code": found["rows"][1]["code"],
        "findings": ["Nennen Sie mindestens einen Empfänger."],
    }
    assert found["rows"][1]["code"].startswith("INVOICE_2")


@real
def test_a_page_that_is_posted_twice_sends_once():
    owner = a_business()
    wanted = {an_invoice(owner).pk: None}
    for _ in range(2):
        ran(bulk_running.order(SENDING, wanted, by=owner, key="a" * 24))
    assert Dispatch.objects.count() == 1


@real
def test_deleted_drafts_keep_their_id_in_the_answer_and_can_come_back():
    owner = a_business()
    drafts = [a_draft(owner) for _ in range(2)]
    ids = [draft.pk for draft in drafts]
    run = bulk_running.order(DISCARDING, dict.fromkeys(ids), by=owner)
    Invoice.objects.filter(pk=ids[1]).update(version=7)

    found = answer_of(ran(run))

    assert (found["succeeded"], found["failed"]) == ([ids[0]], [ids[1]])
    assert list(Invoice.objects.values_list("pk", flat=True)) == [ids[1]]
    assert DeletedDraft.objects.count() == 1


@pytest.mark.django_db
def test_the_list_asks_before_it_deletes_drafts():
    owner = a_business()
    draft, issued = a_draft(owner), an_invoice(owner)
    client = signed_in(OWNER)
    url = reverse("invoicing:bulk-delete")

    asked = client.post(url, {"pk": [draft.pk, issued.pk]})
    assert "1 Entwurf löschen" in text(asked)
    assert "1 ausgewählter Beleg ist kein Entwurf" in text(asked)
    assert not JobRun.objects.filter(name=DISCARDING.job).exists()

    ordered = client.post(url, {"draft": [f"{draft.pk}.{draft.version}"]})
    run = JobRun.objects.get(name=DISCARDING.job)
    assert ordered.url == reverse("invoicing:bulk-run", args=[run.pk])
    assert "Entwürfe löschen" in text(client.get(ordered.url))


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["issuance", "dispatch", "deletion"])
def test_who_may_only_read_does_nothing_in_bulk(act):
    owner = a_business()
    address = reverse(f"api-invoice-bulk-{act}")
    body = {"invoices": [a_draft(owner).pk]}
    answer = signed_in(ADVISER).post(address, body, content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.django_db
def test_a_selection_without_a_fitting_document_is_refused():
    owner = a_business()
    body = {"invoices": [a_draft(owner).pk]}
    address = reverse("api-invoice-bulk-dispatch")
    answer = signed_in(OWNER).post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "INVOICE_2141")
