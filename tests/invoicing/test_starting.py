"""A series begins where the old system ended, and only before its first document."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing import errors
from invoicing.models import NumberRange
from invoicing.starting import start_after
from tests.books import signed_in
from tests.problems import raises_problem
from tests.trade import a_business, an_invoice
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "invoicing:number_ranges"


def test_the_first_number_follows_the_last_of_the_old_system():
    owner = a_business()
    start_after("RE-2026", 417, by=owner)
    assert an_invoice(owner).number == "RE-2026-0418"
    assert AuditEvent.objects.get(event="numberrange.started").payload["last"] == 417


def test_a_running_series_cannot_jump():
    owner = a_business()
    an_invoice(owner)
    with raises_problem(errors.SERIES_IN_USE):
        start_after("RE-2026", 100, by=owner)


def test_the_start_is_set_on_the_page():
    a_business()
    client, series = signed_in("Inhaber"), f"RE-{localdate().year}"
    client.post(reverse(PAGE), {"series": series, f"{series}-last": "41"})
    assert NumberRange.objects.get().last == 41
    assert f"{series}-0042" in client.get(reverse(PAGE)).content.decode()


def test_what_is_not_a_number_is_refused_on_the_page():
    a_business()
    client, series = signed_in("Inhaber"), f"RE-{localdate().year}"
    answer = client.post(reverse(PAGE), {"series": series, f"{series}-last": "viele"})
    assert answer.status_code == 422
    assert client.post(reverse(PAGE), {"series": "XX-2026"}).status_code == 404


def test_the_adviser_does_not_set_numbers():
    assert signed_in("Steuerberatung").get(reverse(PAGE)).status_code == 403
