"""Prospects, and customers to whom nothing new is written."""

import pytest
from django.db import IntegrityError, transaction

from invoicing import bulk_issuing, customers, errors
from invoicing.cancelling import cancel
from invoicing.contents import content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import save_draft
from invoicing.issuing import issue
from invoicing.models import BulkRow, Customer, Invoice
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_buyer, a_draft, an_invoice
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
REASON = "Zahlungsunfähig"


def block(customer, by):
    return customers.set_status(customer, Customer.Status.BLOCKED, by=by, reason=REASON)


def test_blocking_needs_a_reason_that_the_trail_keeps():
    owner = a_business()
    customer = a_buyer(owner)
    with raises_problem(errors.CUSTOMER_INVALID) as raised:
        customers.set_status(customer, Customer.Status.BLOCKED, by=owner, reason=" ")
    assert list(raised.value.fields) == ["reason"]
    assert block(customer, owner).block_reason == REASON
    event = AuditEvent.objects.get(event="customer.blocked")
    assert event.payload == {"before": "active", "after": "blocked", "reason": REASON}


def test_nothing_new_is_drafted_for_a_blocked_customer():
    owner = a_business()
    customer = block(a_buyer(owner, name="Pleite GmbH"), owner)
    with raises_problem(errors.DRAFT_INVALID) as raised:
        a_draft(owner, customer=customer)
    assert raised.value.fields == {
        "customer": ["Pleite GmbH ist gesperrt: Zahlungsunfähig. Heben Sie zuerst die Sperre auf."]
    }


def test_a_draft_written_before_can_be_changed_but_not_issued():
    owner = a_business()
    draft = a_draft(owner)
    block(draft.customer, owner)
    draft = Invoice.objects.get(pk=draft.pk)
    draft = save_draft(draft, content_of(draft), version=draft.version, by=owner)
    with raises_problem(errors.GATE_REFUSED) as raised:
        issue(draft, by=owner, on=DAY)
    assert "ist gesperrt: Zahlungsunfähig." in raised.value.fields["customer"][0]
    customers.set_status(draft.customer, Customer.Status.ACTIVE, by=owner)
    assert issue(draft, by=owner, on=DAY).number


def test_in_bulk_the_draft_of_a_blocked_customer_is_refused_by_itself():
    owner = a_business()
    bad, good = a_draft(owner), a_draft(owner)
    block(bad.customer, owner)
    preview = bulk_issuing.preview([bad.pk, good.pk], on=DAY)
    assert [row.pk for row in preview.going] == [good.pk]
    assert not BulkRow.objects.exists()


def test_what_is_owed_back_is_written_all_the_same():
    owner = a_business()
    first, second = an_invoice(owner), an_invoice(owner)
    for invoice in (first, second):
        block(invoice.customer, owner)
    assert cancel(Invoice.objects.get(pk=first.pk), by=owner, on=DAY, reason="Irrtum").number
    correction = draft_correction(Invoice.objects.get(pk=second.pk), by=owner)
    assert issue(correction, by=owner, on=DAY).number


def test_lifting_the_block_forgets_the_reason():
    owner = a_business()
    customer = block(a_buyer(owner), owner)
    customer = customers.set_status(customer, Customer.Status.ACTIVE, by=owner)
    assert (customer.status, customer.block_reason) == (Customer.Status.ACTIVE, "")


def test_the_database_keeps_no_reason_without_a_block():
    customer = a_buyer(a_business())
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(block_reason="weil")


def test_a_prospect_becomes_a_customer_with_its_first_invoice():
    owner = a_business()
    prospect = a_buyer(owner, is_lead=True)
    assert prospect.status == Customer.Status.LEAD
    an_invoice(owner, customer=prospect)
    prospect.refresh_from_db()
    assert prospect.status == Customer.Status.ACTIVE


def test_a_quote_leaves_a_prospect_one():
    owner = a_business()
    prospect = a_buyer(owner, is_lead=True)
    draft = a_draft(owner, customer=prospect, kind="quote", valid_until=DAY)
    issue(draft, by=owner, on=DAY)
    prospect.refresh_from_db()
    assert prospect.status == Customer.Status.LEAD
