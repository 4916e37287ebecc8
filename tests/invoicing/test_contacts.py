"""The people at customers, what happened with them, and documents that name them."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from invoicing import activities, contacts, errors
from invoicing.composing import compose
from invoicing.contents import blank
from invoicing.gathering import Sources
from invoicing.issuing import issue
from invoicing.models import Activity, Contact
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, a_draft, an_authority
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db


def a_contact(customer, by, **fields):
    return contacts.add_contact(
        customer,
        by=by,
        **{"first_name": "Ida", "last_name": "Kern", "email": "kern@kundin.example"} | fields,
    )


def test_the_first_contact_is_the_primary_one():
    owner = a_business()
    customer = a_buyer(owner)
    first, second = a_contact(customer, owner), a_contact(customer, owner, last_name="Abel")
    assert (first.is_primary, second.is_primary) == (True, False)


def test_another_one_becomes_primary_instead():
    owner = a_business()
    customer = a_buyer(owner)
    a_contact(customer, owner)
    second = contacts.make_primary(a_contact(customer, owner, last_name="Abel"), by=owner)
    assert customer.contacts.get(is_primary=True) == second
    assert AuditEvent.objects.filter(event="contact.made_primary").count() == 1


def test_after_the_primary_one_goes_the_next_takes_its_place():
    owner = a_business()
    customer = a_buyer(owner)
    first, second = a_contact(customer, owner), a_contact(customer, owner, last_name="Abel")
    contacts.remove_contact(first, by=owner)
    assert customer.contacts.get() == second
    assert customer.contacts.get().is_primary


@pytest.mark.django_db(transaction=True)
def test_of_eight_contacts_at_once_one_is_primary():
    owner = a_business()
    customer = a_buyer(owner)
    at_once(lambda number: a_contact(customer, owner, last_name=f"Kern {number}"))
    assert customer.contacts.count() == 8
    assert customer.contacts.filter(is_primary=True).count() == 1


def test_the_database_keeps_to_one_primary_contact():
    owner = a_business()
    customer = a_buyer(owner)
    a_contact(customer, owner)
    a_contact(customer, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.update(is_primary=True)


@pytest.mark.parametrize(("field", "value"), [("last_name", ""), ("email", "keine")])
def test_a_value_that_cannot_be_is_refused_at_its_field(field, value):
    owner = a_business()
    with raises_problem(errors.CONTACT_INVALID) as raised:
        a_contact(a_buyer(owner), owner, **{field: value})
    assert list(raised.value.fields) == [field]


def test_a_new_draft_names_the_primary_contact():
    owner = a_business()
    customer = a_buyer(owner)
    a_contact(customer, owner, mobile="0170 1")
    header = blank(customer).header
    assert [header[f"contact_{name}"] for name in ("name", "phone", "email")] == [
        "Ida Kern",
        "0170 1",
        "kern@kundin.example",
    ]


def test_the_contact_of_the_document_is_that_of_the_einvoice():
    owner = a_business()
    customer = an_authority(owner, contact_name="Zentrale")
    named = {"contact_name": "Ida Kern", "contact_phone": "040 1", "contact_email": "k@k.example"}
    draft = a_draft(owner, customer=customer, **named)
    buyer = compose(Sources.of(draft), number="1", issue_date=DAY).buyer
    assert (buyer.contact.name, buyer.contact.phone, buyer.contact.email) == (
        "Ida Kern",
        "040 1",
        "k@k.example",
    )
    issued = issue(draft, by=owner, on=DAY)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        type(issued).objects.filter(pk=issued.pk).update(contact_name="Anders")


def test_without_a_contact_the_one_of_the_customer_is_named():
    owner = a_business()
    draft = a_draft(owner, customer=a_buyer(owner, contact_name="Zentrale"))
    buyer = compose(Sources.of(draft), number="1", issue_date=DAY).buyer
    assert buyer.contact.name == "Zentrale"


def test_an_activity_is_written_down_with_its_author():
    owner = a_business()
    customer = a_buyer(owner)
    now = timezone.now()
    made = activities.log_activity(
        customer, by=owner, at=now, kind="call", description="  Rückruf vereinbart "
    )
    assert (made.description, made.occurred_at, made.created_by) == (
        "Rückruf vereinbart",
        now,
        owner,
    )
    assert AuditEvent.objects.get(event="activity.logged").payload == {
        "customer": customer.number,
        "kind": "call",
    }


def test_nothing_happened_in_the_future_or_with_somebody_elses_contact():
    owner = a_business()
    now = timezone.now()
    stranger = a_contact(a_buyer(owner), owner)
    with raises_problem(errors.ACTIVITY_INVALID) as raised:
        activities.log_activity(
            a_buyer(owner),
            by=owner,
            at=now,
            description="",
            occurred_at=now + datetime.timedelta(hours=1),
            contact=stranger,
        )
    assert sorted(raised.value.fields) == ["contact", "description", "occurred_at"]
    assert not Activity.objects.exists()


def test_an_activity_stays_when_its_contact_goes():
    owner = a_business()
    customer = a_buyer(owner)
    contact = a_contact(customer, owner)
    activities.log_activity(
        customer, by=owner, at=timezone.now(), description="Besuch", contact=contact
    )
    contacts.remove_contact(contact, by=owner)
    assert Activity.objects.get().contact is None
