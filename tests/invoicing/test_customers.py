"""Keeping customers: numbers, accounts, forms of numbers, and what cannot go."""

import pytest

from invoicing import customers, errors
from invoicing.models import Customer
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import a_business, a_buyer, a_draft, an_authority
from workmate.models import AuditEvent, Partner

pytestmark = pytest.mark.django_db


def test_a_new_customer_gets_number_and_debtor_account():
    owner = a_business()
    first, second = a_buyer(owner), a_buyer(owner)
    assert (first.number, first.partner.number) == ("KD-10000", "10000")
    assert (second.number, second.partner.number) == ("KD-10001", "10001")
    assert first.partner.kind == Partner.Kind.CUSTOMER


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_eight_accounts():
    owner = a_business()
    at_once(lambda number: customers.create_customer(by=owner, name=f"Neu {number} GmbH"))
    numbers = Customer.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"KD-{10000 + step}" for step in range(8)]


def test_an_authority_gets_xrechnung_and_a_business_zugferd():
    owner = a_business()
    assert an_authority(owner).einvoice_format == Customer.Format.XRECHNUNG
    assert a_buyer(owner).einvoice_format == Customer.Format.ZUGFERD


def test_a_chosen_format_stays():
    owner = a_business()
    customer = a_buyer(owner, einvoice_format=Customer.Format.XRECHNUNG)
    assert customer.einvoice_format == Customer.Format.XRECHNUNG


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("vat_id", "DE123456780"),
        ("vat_id", "123456789"),
        ("tax_number", "12/345"),
        ("tax_number", "zwölf"),
        ("country", "XX"),
        ("email", "keine Adresse"),
        ("leitweg_id", "04011000-1234512345-07"),
        ("electronic_address", "keine Adresse"),
        ("electronic_address_scheme", "9999"),
        ("payment_terms_days", 400),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(field, value):
    owner = a_business()
    with raises_problem(errors.CUSTOMER_INVALID) as raised:
        a_buyer(owner, **{field: value})
    assert list(raised.value.fields) == [field]
    assert not Customer.objects.exists()
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    "vat_id", ["DE136695976", "de 136 695 976", "FR40303265045", "ATU13585627", "CHE-116.281.710"]
)
def test_a_vat_id_is_kept_without_blanks(vat_id):
    customer = a_buyer(a_business(), vat_id=vat_id)
    assert customer.vat_id == vat_id.replace(" ", "").replace("-", "").replace(".", "").upper()


def test_a_business_may_name_any_reference_of_its_own():
    assert a_buyer(a_business(), leitweg_id="Kostenstelle 4711").leitweg_id == "Kostenstelle 4711"


def test_a_change_is_audited_with_before_and_after():
    owner = a_business()
    customer = a_buyer(owner, city="Bonn")
    customers.edit_customer(customer, city="Köln", by=owner)
    event = AuditEvent.objects.get(event="customer.changed")
    assert event.payload == {"city": ["Bonn", "Köln"]}


def test_saving_without_a_change_leaves_no_event():
    owner = a_business()
    customers.edit_customer(a_buyer(owner, city="Bonn"), city="Bonn", by=owner)
    assert not AuditEvent.objects.filter(event="customer.changed").exists()


def test_the_account_follows_the_name():
    owner = a_business()
    customer = customers.edit_customer(a_buyer(owner), name="Neuer Name AG", by=owner)
    assert Partner.objects.get(pk=customer.partner_id).name == "Neuer Name AG"


def test_a_customer_with_a_draft_cannot_be_deleted():
    owner = a_business()
    draft = a_draft(owner)
    with raises_problem(errors.CUSTOMER_HAS_DOCUMENTS) as raised:
        customers.delete_customer(draft.customer, by=owner)
    assert raised.value.params["count"] == 1


def test_a_customer_without_documents_goes_with_its_account():
    owner = a_business()
    customers.delete_customer(a_buyer(owner), by=owner)
    assert not Partner.objects.exists()
    assert AuditEvent.objects.filter(event="customer.deleted").count() == 1


def test_an_inactive_customer_is_not_offered():
    owner = a_business()
    customer = a_buyer(owner)
    customers.set_status(customer, Customer.Status.INACTIVE, by=owner)
    assert not Customer.objects.active().exists()
    customers.set_status(customer, Customer.Status.ACTIVE, by=owner)
    assert Customer.objects.active().get() == customer


def test_every_word_of_a_search_must_fit():
    owner = a_business()
    ahrens = a_buyer(owner, name="Brauerei Ahrens", city="Lüneburg")
    a_buyer(owner, name="Brauerei Berg", city="Köln")
    assert list(Customer.objects.matching("brauerei lüneburg")) == [ahrens]


def test_a_customer_speaks_german_unless_told_otherwise():
    owner = a_business()
    assert a_buyer(owner).language == Customer.Language.GERMAN
    customer = customers.edit_customer(a_buyer(owner), by=owner, language="en")
    assert customer.get_language_display() == "Englisch"
    with raises_problem(errors.CUSTOMER_INVALID):
        customers.edit_customer(customer, by=owner, language="fr")
