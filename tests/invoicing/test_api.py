"""Customers, products and documents over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from invoicing.models import Customer, Invoice, Product
from tests.books import signed_in
from tests.trade import a_business, a_buyer, a_draft, an_invoice
from workmate import documents

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in("Inhaber")


def path(rest):
    return f"/api/v1/{rest}"


def post(client, rest, data=None, **headers):
    return client.post(path(rest), data or {}, content_type=JSON, headers=headers)


def patch(client, invoice, data, etag):
    return client.patch(
        path(f"invoices/{invoice['id']}/"), data, content_type=JSON, headers={"If-Match": etag}
    )


def fields(answer):
    return {error["field"] for error in answer.json()["errors"]}


def draft_of(customer):
    return {
        "customer": customer.pk,
        "supply_date": localdate().isoformat(),
        "lines": [
            {
                "name": "Beratung",
                "quantity": "2",
                "unit": "HUR",
                "unit_price": "100",
                "tax_case": "DE19",
            },
            {"name": "Buch", "quantity": "1", "unit_price": "10", "tax_case": "DE7"},
        ],
    }


def test_a_customer_is_made_read_changed_and_deleted(client):
    made = post(client, "customers/", {"name": "Muster GmbH", "city": "Köln"})
    assert made.status_code == 201
    found = made.json()
    assert (found["number"], found["debtor_account"], found["outstanding"]) == (
        "KD-10000",
        "10000",
        "0.00",
    )
    where = path(f"customers/{found['id']}/")
    changed = client.patch(where, {"city": "Bonn"}, content_type=JSON).json()
    assert (changed["city"], changed["name"]) == ("Bonn", "Muster GmbH")
    assert client.get(where).json() == changed
    assert client.delete(where).status_code == 204
    assert not Customer.objects.exists()


def test_a_customer_with_documents_stays(client, owner):
    customer = a_draft(owner).customer
    answer = client.delete(path(f"customers/{customer.pk}/"))
    assert (answer.status_code, answer.json()["code"]) == (409, "CRM_4002")


def test_a_wrong_value_is_named_at_its_field(client):
    answer = post(client, "customers/", {"name": "A", "vat_id": "DE1"})
    assert answer.status_code == 422
    assert fields(answer) == {"vat_id"}


def test_a_product_is_made_and_set_aside(client):
    made = post(client, "products/", {"name": "Rat", "unit": "HUR", "unit_price": "99.5"}).json()
    assert (made["number"], made["tax_case"]) == ("P-1001", "DE19")
    answer = post(client, f"products/{made['id']}/activity/", {"is_active": False})
    assert not answer.json()["is_active"]
    assert not Product.objects.get().is_active


def test_tax_cases_are_those_of_the_day(client):
    found = {case["code"]: case for case in client.get(path("tax-cases/")).json()["results"]}
    assert found["DE19"]["rate"] == "19.00"
    assert client.get(path("tax-cases/"), {"on": "1950-01-01"}).json()["results"] == []
    assert client.get(path("tax-cases/"), {"on": "morgen"}).status_code == 422


def test_a_draft_is_written_changed_and_dropped(client, owner):
    made = post(client, "invoices/", draft_of(a_buyer(owner)))
    assert made.status_code == 201
    draft = made.json()
    assert (draft["state"], draft["number"], draft["gross_total"]) == ("draft", None, "248.70")
    assert [line["net_amount"] for line in draft["lines"]] == ["200.00", "10.00"]

    changed = patch(client, draft, {"order_reference": "B-1"}, made["ETag"])
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert len(changed.json()["lines"]) == 2

    fewer = patch(client, draft, {"lines": draft["lines"][:1]}, changed["ETag"])
    assert fewer.json()["gross_total"] == "238.00"

    dropped = client.delete(path(f"invoices/{draft['id']}/"), headers={"If-Match": fewer["ETag"]})
    assert dropped.status_code == 204
    assert not Invoice.objects.exists()


def test_a_draft_is_changed_only_by_who_saw_it(client, owner):
    made = post(client, "invoices/", draft_of(a_buyer(owner)))
    draft = made.json()
    unseen = client.patch(path(f"invoices/{draft['id']}/"), {}, content_type=JSON)
    assert unseen.status_code == 428
    patch(client, draft, {"order_reference": "first"}, made["ETag"])
    late = patch(client, draft, {"order_reference": "second"}, made["ETag"])
    assert late.status_code == 412
    assert Invoice.objects.get().order_reference == "first"


def test_an_unknown_tax_case_is_named_at_its_line(client, owner):
    body = draft_of(a_buyer(owner))
    body["lines"][1]["tax_case"] = "DE16"
    answer = post(client, "invoices/", body)
    assert answer.status_code == 422
    assert fields(answer) == {"lines.1.tax_case"}


def test_the_gate_can_be_asked(client, owner):
    draft = a_draft(owner, supply_date=None)
    verdict = client.get(path(f"invoices/{draft.pk}/check/")).json()
    assert not verdict["passed"]
    assert "supply_date" in {finding["field"] for finding in verdict["findings"]}


def test_an_invoice_is_issued_read_and_cancelled(client, owner):
    draft = post(client, "invoices/", draft_of(a_buyer(owner))).json()
    issued = post(client, f"invoices/{draft['id']}/issuance/")
    assert issued.status_code == 201
    invoice = issued.json()
    assert invoice["number"] == f"RE-{localdate().year}-0001"
    assert (invoice["state"], invoice["outstanding"]) == ("open", "248.70")

    row = Invoice.objects.select_related("xml").get()
    xml = client.get(path(f"invoices/{row.pk}/xml/"))
    assert xml.content == documents.read(row.xml)
    assert client.get(path(f"invoices/{row.pk}/pdf/")).content.startswith(b"%PDF")

    storno = post(client, f"invoices/{row.pk}/cancellation/", {"reason": "Falscher Empfänger"})
    assert storno.status_code == 201
    assert storno.json()["gross_total"] == "-248.70"
    cancelled = client.get(path(f"invoices/{row.pk}/")).json()
    assert (cancelled["state"], cancelled["cancelled_by"]) == ("cancelled", storno.json()["id"])
    again = post(client, f"invoices/{row.pk}/cancellation/", {"reason": "Noch einmal"})
    assert again.status_code == 409


def test_what_the_gate_refuses_comes_back_with_every_field(client, owner):
    draft = a_draft(owner, supply_date=None)
    answer = post(client, f"invoices/{draft.pk}/issuance/")
    assert (answer.status_code, answer.json()["code"]) == (422, "INVOICE_2021")
    assert "supply_date" in fields(answer)


def test_an_issued_invoice_is_neither_changed_nor_deleted(client, owner):
    invoice = an_invoice(owner)
    where = path(f"invoices/{invoice.pk}/")
    headers = {"If-Match": client.get(where)["ETag"]}
    changed = client.patch(where, {"order_reference": "x"}, content_type=JSON, headers=headers)
    assert (changed.status_code, changed.json()["code"]) == (409, "INVOICE_2011")
    assert client.delete(where, headers=headers).status_code == 409


def test_issuing_twice_with_one_key_issues_once(client, owner):
    draft = a_draft(owner, supply_date=localdate())
    answers = [
        post(client, f"invoices/{draft.pk}/issuance/", **{"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()


def test_documents_are_found_by_state_and_customer(client, owner):
    invoice = an_invoice(owner)
    a_draft(owner)

    def found(**query):
        answer = client.get(path("invoices/"), query).json()
        return [row["id"] for row in answer["results"]]

    assert found(status="overdue") == found(customer=invoice.customer_id) == [invoice.pk]
    assert len(found()) == 2


def test_the_adviser_reads_and_writes_nothing(owner):
    adviser = signed_in("Steuerberatung")
    draft = a_draft(owner)
    assert adviser.get(path("invoices/")).status_code == 200
    assert adviser.get(path(f"invoices/{draft.pk}/check/")).status_code == 200
    assert post(adviser, "invoices/").status_code == 403
    assert post(adviser, f"invoices/{draft.pk}/issuance/").status_code == 403
    assert post(adviser, "customers/", {"name": "A"}).status_code == 403


def test_a_draft_takes_discounts_skonto_and_files(client, owner):
    data = draft_of(a_buyer(owner)) | {
        "payment_terms_days": 30,
        "cash_discounts": [{"days": 7, "percent": "2.00"}],
        "adjustments": [
            {"percent": "10", "reason": "Treue"},
            {"is_charge": True, "amount": "5.00", "reason": "Fracht", "tax_case": "DE19"},
        ],
    }
    made = post(client, "invoices/", data).json()
    assert (made["net_total"], made["vat_total"]) == ("194.00", "35.78")
    assert made["cash_discounts"] == [{"days": 7, "percent": "2.00"}]
    assert [row["tax_case"] for row in made["adjustments"]] == [None, "DE19"]

    files = f"invoices/{made['id']}/attachments/"
    sheet = SimpleUploadedFile("stunden.csv", b"Tag;Stunden\n4.5.;8\n")
    answer = client.post(path(files), {"file": sheet})
    assert answer.status_code == 201
    (attached,) = answer.json()
    assert (attached["filename"], attached["media_type"]) == ("stunden.csv", "text/csv")
    bad = SimpleUploadedFile("a.exe", b"MZ\x90")
    assert client.post(path(files), {"file": bad}).json()["code"] == "INVOICE_2051"
    assert client.delete(path(f"{files}{attached['id']}/")).status_code == 204
    assert client.get(path(f"invoices/{made['id']}/")).json()["attachments"] == []


def test_skonto_that_makes_no_sense_is_refused_at_its_field(client, owner):
    steps = [{"days": 7, "percent": "1.00"}, {"days": 14, "percent": "2.00"}]
    answer = post(client, "invoices/", draft_of(a_buyer(owner)) | {"cash_discounts": steps})
    assert answer.status_code == 422
    assert fields(answer) == {"cash_discounts"}
