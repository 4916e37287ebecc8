"""Lists, documents, customers and products as pages."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing.cancelling import cancel
from invoicing.models import Customer, Invoice, Product
from invoicing.products import create_product
from tests.books import a_posting, signed_in
from tests.invoicing.pages_of import error_at, filled, text
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_invoice
from workmate import documents

pytestmark = pytest.mark.django_db
FORM = "kunde"


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in("Inhaber")


def url(name, *keys):
    return reverse(f"invoicing:{name}", args=keys)


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_of_invoices_costs_the_same_for_one_and_three_rows(client, owner):
    an_invoice(owner)
    a_draft(owner)
    client.get(url("invoices"))
    one = queries_of(client, url("invoices"))
    for _ in range(2):
        an_invoice(owner)
        a_draft(owner)
    assert queries_of(client, url("invoices")) == one


@pytest.mark.parametrize("name", ["customers", "products"])
def test_other_lists_cost_the_same_for_one_and_three_rows(client, owner, name):
    def fill():
        an_invoice(owner)
        create_product(by=owner, name="Beratung", unit="HUR", unit_price=Decimal(1))

    fill()
    client.get(url(name))
    one = queries_of(client, url(name))
    fill()
    fill()
    assert queries_of(client, url(name)) == one


def test_a_page_of_a_customer_costs_the_same_for_one_and_three_documents(client, owner):
    customer = a_buyer(owner)
    an_invoice(owner, customer=customer)
    client.get(customer.get_absolute_url())
    one = queries_of(client, customer.get_absolute_url())
    for _ in range(2):
        an_invoice(owner, customer=customer)
    assert queries_of(client, customer.get_absolute_url()) == one


def test_the_list_is_narrowed_by_state_customer_date_and_words(client, owner):
    old = an_invoice(owner, customer=a_buyer(owner, name="Alt GmbH"))
    new = an_invoice(owner, on=localdate())
    draft = a_draft(owner)

    def found(**query):
        page = text(client.get(url("invoices"), query))
        return [doc for doc in (old, new, draft) if f"{doc} " in page]

    assert found() == [old, new, draft]
    assert found(status="draft") == [draft]
    assert found(status="overdue") == [old]
    assert found(status="open") == [new]
    assert found(status="unpaid") == [old, new]
    assert found(status="paid") == []
    assert found(customer=old.customer_id) == [old]
    assert found(date_from="heute") == [new]
    assert found(q="alt re-2026") == [old]


def test_drafts_come_first_and_the_latest_date_after_them(client, owner):
    an_invoice(owner, on=DAY)
    an_invoice(owner, on=localdate())
    a_draft(owner)
    rows = Invoice.objects.order_by("-listed_on")
    assert [row.issue_date for row in rows] == [None, localdate(), DAY]


def test_the_list_is_exported_with_words_for_states(client, owner):
    an_invoice(owner)
    answer = client.get(url("invoices"), {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Nummer;Kunde;Datum;Fällig;Status;Prüfung;Versand;Betrag;Offen"
    assert ";04.05.2026;18.05.2026;überfällig;geprüft;;119,00;119,00" in lines[1]


def test_a_document_shows_what_the_customer_sees(client, owner):
    invoice = an_invoice(owner, intro_text="Wie besprochen:")
    shown = text(client.get(invoice.get_absolute_url()))
    for words in ("Rechnung RE-2026-0001", "Wie besprochen:", "Hafenstraße 12", "119,00", "DE02"):
        assert words in shown


def test_a_document_tells_its_story(client, owner):
    invoice = an_invoice(owner)
    a_posting(invoice.open_item, Decimal("-19.00"), on=DAY, by=owner)
    shown = text(client.get(invoice.get_absolute_url()))
    for words in ("Entwurf angelegt", "Rechnung gestellt", "-19,00 €", "offen von 119,00 €"):
        assert words in shown


def test_a_cancelled_invoice_names_its_storno_and_back(client, owner):
    invoice = an_invoice(owner)
    storno = cancel(invoice, reason="Falscher Empfänger", by=owner, on=DAY)
    assert storno.number in text(client.get(invoice.get_absolute_url()))
    shown = text(client.get(storno.get_absolute_url()))
    assert "Storno der Rechnung RE-2026-0001" in shown
    assert "Falscher Empfänger" in shown


def test_cancelling_says_in_numbers_what_happens(client, owner):
    invoice = an_invoice(owner)
    a_posting(invoice.open_item, Decimal("-19.00"), on=DAY, by=owner)
    page = client.get(url("cancel", invoice.pk))
    for words in ("−119,00 €", "100,00 €", "19,00 €"):
        assert words in text(page)
    refused = client.post(url("cancel", invoice.pk), filled(page, "storno"))
    assert refused.status_code == 422
    assert error_at(refused, "id_reason")

    answer = client.post(url("cancel", invoice.pk), {"reason": "Falscher Empfänger"})

    storno = Invoice.objects.get(kind="cancellation")
    assert answer.url == storno.get_absolute_url()
    assert storno.cancels == invoice


def test_a_cancelled_invoice_is_not_offered_for_cancelling(client, owner):
    invoice = an_invoice(owner)
    cancel(invoice, reason="Doppelt", by=owner, on=DAY)
    assert client.get(url("cancel", invoice.pk)).url == invoice.get_absolute_url()


def test_the_archived_bytes_are_served_unchanged(client, owner):
    invoice = an_invoice(owner)
    first = client.get(url("invoice-pdf", invoice.pk))
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["Content-Disposition"] == f'attachment; filename="{invoice.number}.pdf"'
    assert first.content == client.get(url("invoice-pdf", invoice.pk)).content
    xml = client.get(url("invoice-xml", invoice.pk))
    assert xml.content == documents.read(invoice.xml)
    assert client.get(url("invoice-report", invoice.pk)).json()["valid"]


def test_a_draft_has_no_files(client, owner):
    draft = a_draft(owner)
    for name in ("invoice-pdf", "invoice-xml", "invoice-report"):
        assert client.get(url(name, draft.pk)).status_code in (302, 409)


def test_a_customer_is_written_and_changed(client):
    data = filled(client.get(url("customer-create")), FORM)
    answer = client.post(url("customer-create"), data | {"name": "Stadt Kiel", "kind": "public"})
    customer = Customer.objects.get()
    assert answer.url == customer.get_absolute_url()
    assert customer.einvoice_format == "xrechnung"
    data = filled(client.get(url("customer-edit", customer.pk)), FORM)
    client.post(url("customer-edit", customer.pk), data | {"city": "Kiel"})
    customer.refresh_from_db()
    assert (customer.city, customer.kind) == ("Kiel", "public")


def test_a_wrong_leitweg_id_is_refused_at_its_field(client):
    data = {
        **filled(client.get(url("customer-create")), FORM),
        "name": "Stadt Kiel",
        "kind": "public",
        "leitweg_id": "04011000-1234512345-07",
    }
    answer = client.post(url("customer-create"), data)
    assert answer.status_code == 422
    assert "Prüfziffer" in error_at(answer, "id_leitweg_id")
    assert not Customer.objects.exists()


def test_after_editing_one_goes_on_where_one_came_from_but_not_elsewhere(client, owner):
    customer = a_buyer(owner)
    data = filled(client.get(url("customer-edit", customer.pk)), FORM)
    address = url("customer-edit", customer.pk)
    assert client.post(address, data | {"weiter": "/rechnungen/"}).url == "/rechnungen/"
    answer = client.post(address, data | {"weiter": "https://anderswo.example/"})
    assert answer.url == customer.get_absolute_url()


@pytest.mark.parametrize("way", ["https://anderswo.example/", "//anderswo.example", "javascript:x"])
def test_nobody_is_led_to_a_foreign_page(client, owner, way):
    page = client.get(url("customer-edit", a_buyer(owner).pk), {"weiter": way}).content.decode()
    assert way not in page


def test_deleting_a_customer_with_documents_is_refused_with_a_way_out(client, owner):
    customer = an_invoice(owner).customer
    assert "kann nicht gelöscht werden" in text(client.get(url("customer-delete", customer.pk)))
    client.post(url("customer-delete", customer.pk))
    assert Customer.objects.exists()
    client.post(url("customer-status", customer.pk), {"status": "inactive"})
    customer.refresh_from_db()
    assert customer.status == Customer.Status.INACTIVE


def test_a_product_is_written_changed_and_deleted(client):
    data = {"name": "Beratung", "unit": "HUR", "unit_price": "1.234,5", "tax_case": "DE19"}
    client.post(url("product-create"), data)
    product = Product.objects.get()
    assert (product.number, product.unit_price) == ("P-1001", Decimal("1234.5"))
    shown = text(client.get(product.get_absolute_url()))
    assert "1.234,50 € je Stunde" in shown
    client.post(url("product-edit", product.pk), data | {"number": "P-1001", "name": "Rat"})
    product.refresh_from_db()
    assert product.name == "Rat"
    client.post(url("product-delete", product.pk))
    assert not Product.objects.exists()


def test_the_report_of_an_issued_document_is_read_as_it_was_archived(client, owner):
    invoice = an_invoice(owner)
    page = text(client.get(url("report", invoice.pk)))
    for words in ("Gültig", "Keine Beanstandung", "EN 16931", invoice.xml.sha256):
        assert words in page


def test_a_draft_is_checked_on_a_page_of_its_own(client, owner):
    draft = a_draft(owner, lines=[a_line("100", quantity=None)], customer=a_buyer(owner, city=""))
    answer = client.get(url("report", draft.pk))
    page = text(answer)
    for words in ("Nicht gültig", "Inhaltsfehler", "UStG-14-4-5", "Die Menge der Position 1"):
        assert words in page
    links = answer.content.decode()
    assert f'href="{url("draft", draft.pk)}#id_lines-0-quantity"' in links
    assert "#id_city" in links
