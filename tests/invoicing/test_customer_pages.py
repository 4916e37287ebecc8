"""The pages and the API around customers and products."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from invoicing import activities, contacts, customers, products
from invoicing.models import Activity, Contact, Customer, Product, ProductPrice
from tests.books import signed_in
from tests.trade import DAY, a_business, a_buyer, a_draft, an_invoice

pytestmark = pytest.mark.django_db
JSON = "application/json"
PAGES = ("customers", "contacts", "activities", "products")


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in("Inhaber")


def url(name, *args):
    return reverse(f"invoicing:{name}", args=args)


def path(rest):
    return f"/api/v1/{rest}"


def a_row(owner):
    customer = a_buyer(owner)
    contact = contacts.add_contact(customer, last_name="Kern", by=owner)
    activities.log_activity(customer, description="Rückruf", contact=contact, at=now(), by=owner)
    product = products.create_product(name="Rat", unit_price=Decimal(9), category="Rat", by=owner)
    products.list_price(product, Decimal(10), valid_from=DAY, by=owner)


@pytest.mark.parametrize(
    "address",
    [*(url(page) for page in PAGES), *(path(f"{page}/") for page in PAGES)],
)
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client, owner, address, django_assert_num_queries
):
    a_row(owner)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    a_row(owner)
    a_row(owner)
    with django_assert_num_queries(len(one)):
        client.get(address)


@pytest.mark.parametrize("page", PAGES)
def test_a_list_is_given_out_as_a_table(client, owner, page):
    a_row(owner)
    answer = client.get(url(page), {"export": "csv"})
    assert b"".join(answer.streaming_content).count(b"\r\n") == 2


def test_a_customer_page_shows_people_activities_and_figures(client, owner):
    invoice = an_invoice(owner)
    customer = invoice.customer
    contacts.add_contact(customer, first_name="Ida", last_name="Kern", by=owner)
    activities.log_activity(customer, description="Wünscht Sammelrechnung", at=now(), by=owner)
    page = client.get(customer.get_absolute_url()).content.decode()
    for words in ("Ida Kern", "Haupt", "Wünscht Sammelrechnung", "100,00", "Zahlt im Schnitt nach"):
        assert words in page


def test_a_contact_is_written_changed_made_primary_and_removed(client, owner):
    customer = a_buyer(owner)
    client.post(url("customer-contact", customer.pk), {"last_name": "Kern"})
    client.post(url("customer-contact", customer.pk), {"last_name": "Abel"})
    abel = Contact.objects.get(last_name="Abel")
    client.post(url("contact-edit", abel.pk), {"last_name": "Abel", "phone": "040 1"})
    client.post(url("contact-primary", abel.pk))
    abel.refresh_from_db()
    assert (abel.phone, abel.is_primary) == ("040 1", True)
    client.post(url("contact-remove", abel.pk))
    assert Contact.objects.get().last_name == "Kern"
    assert client.post(url("customer-contact", customer.pk), {}).status_code == 422


def test_an_activity_is_logged_and_removed_on_the_page(client, owner):
    customer = a_buyer(owner)
    data = {"kind": "call", "description": "Angerufen", "occurred_on": "01.02.2026"}
    client.post(url("customer-activity", customer.pk), data)
    made = Activity.objects.get()
    assert made.occurred_at.date() == datetime.date(2026, 2, 1)
    later = data | {"occurred_on": "+3"}
    answer = client.post(url("customer-activity", customer.pk), later)
    assert (answer.status_code, "Zukunft" in answer.content.decode()) == (422, True)
    client.post(url("activity-remove", made.pk))
    assert not Activity.objects.exists()


def test_a_customer_is_blocked_with_a_reason_and_freed(client, owner):
    customer = a_buyer(owner)
    assert client.post(url("customer-block", customer.pk), {"reason": ""}).status_code == 422
    client.post(url("customer-block", customer.pk), {"reason": "Insolvenz"})
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "ist gesperrt: Insolvenz." in page
    assert "Rechnung schreiben" not in page
    client.post(url("customer-status", customer.pk), {"status": "active"})
    customer.refresh_from_db()
    assert customer.status == Customer.Status.ACTIVE


def test_somebody_new_may_begin_as_a_prospect(client):
    form = {"name": "Neu GmbH", "kind": "business", "country": "DE", "language": "de"}
    form |= {"electronic_address_scheme": "EM", "website": "neu.example", "lead": "1"}
    client.post(url("customer-create"), form)
    made = Customer.objects.get()
    assert (made.status, made.website) == (Customer.Status.LEAD, "https://neu.example")
    page = client.get(url("customers"), {"status": "lead"}).content.decode()
    assert "Neu GmbH" in page


def test_the_draft_offers_the_people_of_its_customer(client, owner):
    customer = a_buyer(owner)
    contacts.add_contact(customer, last_name="Kern", by=owner)
    contacts.add_contact(a_buyer(owner), last_name="Fremd", by=owner)
    asked = {"contact_name": "", "customer": f"{customer.name} · {customer.number}"}
    page = client.get(url("contact-suggest"), asked).content.decode()
    assert ("Kern" in page, "Fremd" in page) == (True, False)


def test_the_price_list_is_kept_on_the_page(client, owner):
    product = products.create_product(name="Rat", unit_price=Decimal(100), by=owner)
    data = {"valid_from": "01.01.2026", "unit_price": "110"}
    client.post(url("product-price", product.pk), data)
    assert "110,00 € je" in client.get(product.get_absolute_url()).content.decode()
    client.post(url("price-drop", ProductPrice.objects.get().pk))
    assert "100,00 € je" in client.get(product.get_absolute_url()).content.decode()
    wrong = data | {"unit_price": "viel"}
    assert client.post(url("product-price", product.pk), wrong).status_code == 422


def test_picking_a_product_takes_the_price_of_today(client, owner):
    product = products.create_product(name="Rat", unit_price=Decimal(100), by=owner)
    today = localdate()
    products.list_price(product, Decimal(130), valid_from=today, by=owner)
    tomorrow = today + datetime.timedelta(days=1)
    products.list_price(product, Decimal(150), valid_from=tomorrow, by=owner)
    assert "130,00" in client.get(url("product-suggest"), {"q": "Rat"}).content.decode()


def test_status_contacts_and_activities_over_the_api(client, owner):
    customer = a_buyer(owner)
    where = f"customers/{customer.pk}/status/"
    answer = client.post(path(where), {"status": "blocked"}, content_type=JSON)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")
    data = {"status": "blocked", "reason": "Insolvenz"}
    assert client.post(path(where), data, content_type=JSON).json()["status"] == "blocked"
    primary = path(f"customers/{customer.pk}/primary-contact/")
    assert client.get(primary).status_code == 404
    people = [
        client.post(
            path("contacts/"), {"customer": customer.pk, "last_name": name}, content_type=JSON
        ).json()
        for name in ("Kern", "Abel")
    ]
    assert client.get(primary).json()["last_name"] == "Kern"
    client.post(path(f"contacts/{people[1]['id']}/primacy/"), content_type=JSON)
    assert client.get(primary).json()["last_name"] == "Abel"
    data = {"customer": customer.pk, "kind": "call", "description": "Rückruf"}
    made = client.post(path("activities/"), data, content_type=JSON)
    assert made.status_code == 201
    found = client.get(path("activities/"), {"customer": customer.pk}).json()["results"]
    assert [row["id"] for row in found] == [made.json()["id"]]


def test_a_product_is_found_by_its_sku_with_its_price(client, owner):
    product = products.create_product(number="A/1", name="Rat", unit_price=Decimal(100), by=owner)
    data = {"valid_from": "2026-01-01", "unit_price": "110.00"}
    row = client.post(path(f"products/{product.pk}/prices/"), data, content_type=JSON)
    assert row.status_code == 201
    found = client.get(path("products/by-sku/A/1/")).json()
    assert (found["unit_price"], found["price"]) == ("100.00000000", "110.00000000")
    assert client.delete(path(f"product-prices/{row.json()['id']}/")).status_code == 204
    assert client.get(path("products/by-sku/A/1/")).json()["price"] == "100.00000000"
    assert client.get(path("products/by-sku/nichts/")).status_code == 404
    assert Product.objects.count() == 1


def test_the_statistics_of_customers(client, owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, name="Gut AG"))
    a_draft(owner)
    one = client.get(path(f"customers/{invoice.customer_id}/statistics/")).json()
    assert (one["count"], one["net"], one["overdue_count"]) == (1, "100.00", 1)
    everybody = client.get(path("customers/statistics/")).json()
    assert everybody["by_status"] == {"lead": 0, "active": 2, "inactive": 0, "blocked": 0}
    assert [row["name"] for row in everybody["best"]] == ["Gut AG"]
    assert everybody["with_overdue"] == 1


def test_a_prospect_set_aside_is_not_suggested(client, owner):
    customer = a_buyer(owner, name="Vergangen KG")
    customers.set_status(customer, Customer.Status.INACTIVE, by=owner)
    assert "Vergangen" not in client.get(url("customer-suggest"), {"q": "Ver"}).content.decode()


def test_an_adviser_reads_the_page_and_changes_nothing(owner):
    a_row(owner)
    page = signed_in("Steuerberatung").get(Customer.objects.get().get_absolute_url())
    assert page.status_code == 200
    words = page.content.decode()
    assert ("Kern" in words, "Eintragen" in words, "Entfernen" in words) == (True, False, False)
