"""Mandates: what is kept, what drafts say of it, and when it ends."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from invoicing.contents import means_of
from invoicing.gathering import Sources
from invoicing.models import Customer
from invoicing.particulars import check
from payments.sepa import errors
from payments.sepa.mandates import revoke
from payments.sepa.models import Mandate, last_valid_use
from tests.payments.sepa.debits import IBANS, a_collector, a_debit, a_mandate
from tests.problems import raises_problem
from tests.trade import DAY, a_buyer, a_draft
from workmate import documents
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return a_collector()


def test_a_mandate_makes_direct_debit_the_way_to_pay_and_stands_on_invoices(by):
    mandate = a_mandate(by, reference="M-2026-17")
    assert means_of(mandate.customer) == "59"
    xml = documents.read(a_debit(by, mandate=mandate).xml).decode()
    assert "<ram:DirectDebitMandateID>M-2026-17<" in xml
    assert f"<ram:IBANID>{IBANS[0]}<" in xml
    assert "<ram:CreditorReferenceID>DE98ZZZ09999999999<" in xml


def test_granting_and_revoking_stand_in_the_trail(by):
    mandate = a_mandate(by)
    revoke(mandate, on=DAY, by=by)
    events = AuditEvent.objects.filter(object_type="payments.mandate", object_id=str(mandate.pk))
    assert sorted(events.values_list("event", flat=True)) == ["mandate.granted", "mandate.revoked"]


def test_the_account_holder_is_the_customer_unless_it_is_another(by):
    customer = a_buyer(by, name="Müller & Söhne GmbH")
    assert a_mandate(by, customer=customer).holder == "Mueller + Soehne GmbH"
    other = a_mandate(by, customer=customer, holder="Eva Müller", reference="M-2")
    assert other.holder == "Eva Mueller"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reference": "Müller 1"}, "reference"),
        ({"reference": ""}, "reference"),
        ({"iban": "DE00370400440532013000"}, "iban"),
        ({"iban": "CH9300762011623852957"}, "iban"),
        ({"signed_on": DAY + datetime.timedelta(days=1)}, "signed_on"),
        ({"scheme": "COR1"}, "scheme"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_at_once(by, fields, field):
    with raises_problem(errors.MANDATE_INVALID) as raised:
        a_mandate(by, **fields)
    assert list(raised.value.fields) == [field]


def test_a_consumer_has_no_b2b_mandate(by):
    customer = a_buyer(by, kind=Customer.Kind.CONSUMER)
    with raises_problem(errors.MANDATE_INVALID) as raised:
        a_mandate(by, customer=customer, scheme="B2B")
    assert list(raised.value.fields) == ["scheme"]


def test_a_reference_is_there_once_until_it_is_revoked(by):
    mandate = a_mandate(by, reference="M-1")
    with raises_problem(errors.MANDATE_INVALID):
        a_mandate(by, reference="M-1")
    revoke(mandate, on=DAY, by=by)
    assert a_mandate(by, reference="M-1").pk != mandate.pk


def test_after_revoking_new_invoices_name_the_other_mandate_or_none(by):
    first = a_mandate(by, reference="M-1")
    customer = first.customer
    second = a_mandate(by, customer=customer, reference="M-2", iban=IBANS[1])
    assert customer.mandates.count() == 2
    revoke(second, on=DAY, by=by)
    customer.refresh_from_db()
    assert (customer.mandate_reference, customer.pays_by_debit) == ("M-1", True)
    revoke(first, on=DAY, by=by)
    customer.refresh_from_db()
    assert (customer.mandate_reference, customer.pays_by_debit) == ("", False)
    with raises_problem(errors.MANDATE_REVOKED):
        revoke(first, on=DAY, by=by)


@pytest.mark.parametrize(
    ("signed", "on", "usable"),
    [
        ("2023-05-04", "2026-05-04", True),
        ("2023-05-03", "2026-05-04", False),
        ("2021-03-01", "2024-02-29", True),
        ("2021-02-28", "2024-02-29", False),
    ],
)
def test_a_mandate_that_was_unused_for_36_months_has_ended(by, signed, on, usable):
    on = datetime.date.fromisoformat(on)
    mandate = a_mandate(by, signed_on=datetime.date.fromisoformat(signed))
    assert Mandate.objects.usable(on).exists() is usable
    assert mandate.state(on) == ("gültig" if usable else "abgelaufen")
    assert (mandate.ends_on() >= on) is usable


def test_each_use_gives_it_three_more_years(by):
    mandate = a_mandate(by, signed_on=datetime.date(2020, 1, 1))
    assert not Mandate.objects.usable(DAY).exists()
    Mandate.objects.update(last_used_on=last_valid_use(DAY))
    assert Mandate.objects.usable(DAY).get() == mandate


def test_a_single_mandate_is_used_once(by):
    mandate = a_mandate(by, kind="one_off")
    assert Mandate.objects.usable(DAY).exists()
    assert not mandate.customer.pays_by_debit
    Mandate.objects.update(last_used_on=DAY)
    assert not Mandate.objects.usable(DAY).exists()


@pytest.mark.parametrize("column", ["iban = 'x'", "reference = 'x'", "signed_on = '2020-01-01'"])
def test_what_was_signed_stays(by, column):
    a_mandate(by)
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(f"UPDATE payments_mandate SET {column}")


def test_a_revoked_mandate_never_comes_back(by):
    revoke(a_mandate(by), on=DAY, by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        Mandate.objects.update(revoked_on=None)


def test_the_database_keeps_references_apart(by):
    a_mandate(by, reference="M-1")
    other = a_mandate(by, reference="M-2")
    other.pk = None
    other.reference = "M-1"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


@pytest.mark.parametrize(
    ("fields", "change", "state", "refusal"),
    [
        ({}, {}, "gültig", ""),
        (
            {"signed_on": datetime.date(2026, 5, 30), "on": datetime.date(2026, 5, 30)},
            {},
            "noch nicht gültig",
            "gilt erst ab dem 30.05.2026",
        ),
        (
            {"kind": "one_off"},
            {"last_used_on": DAY},
            "verbraucht",
            "war einmalig und ist verbraucht",
        ),
        (
            {"signed_on": datetime.date(2022, 5, 3)},
            {},
            "abgelaufen",
            "ist am 03.05.2025 abgelaufen, 36 Monate ungenutzt",
        ),
        ({}, {"revoked_on": DAY}, "widerrufen", "ist seit dem 04.05.2026 widerrufen"),
    ],
)
def test_a_mandate_says_why_nothing_can_be_collected(by, fields, change, state, refusal):
    mandate = a_mandate(by, **fields)
    Mandate.objects.filter(pk=mandate.pk).update(**change)
    mandate.refresh_from_db()
    assert (mandate.state(DAY), mandate.refusal(DAY)) == (state, refusal)
    assert Mandate.objects.usable(DAY).exists() == (not refusal)


def test_a_draft_that_would_name_an_ended_mandate_says_so(by):
    mandate = a_mandate(by, reference="M-ALT", signed_on=datetime.date(2022, 5, 3))
    draft = a_draft(by, customer=mandate.customer, payment_means="59")
    told = [one.text for one in check(Sources.of(draft), issue_date=DAY)]
    assert told == ["Das SEPA-Mandat M-ALT ist am 03.05.2025 abgelaufen, 36 Monate ungenutzt."]
