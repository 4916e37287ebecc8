import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from payments import errors
from payments.models import Payment
from tests.books import a_claim, signed_in
from tests.payments.paying import owed, pay
from workmate.models import AuditEvent, OpenItem

pytestmark = pytest.mark.django_db
TODAY = localdate()
BEFORE = TODAY - datetime.timedelta(days=30)


@pytest.fixture
def client(by):
    return signed_in()


def post(client, path, data, **headers):
    return client.post(f"/api/v1/{path}", data, content_type="application/json", **headers)


def body(bank, amount, *parts, **more):
    return {
        "received_on": TODAY.isoformat(),
        "amount": amount,
        "method": "transfer",
        "money_account": bank.pk,
        "allocations": [{"open_item": item.pk, "amount": part} for item, part in parts],
        **more,
    }


def test_a_payment_is_recorded_and_read(client, by, bank, customer):
    invoice = a_claim("119.00", by=by, partner=customer, on=BEFORE)
    answer = post(client, "payments/", body(bank, "130.00", (invoice, "119.00"), reference="abc"))
    assert answer.status_code == 201
    found = answer.json()
    assert (found["amount"], found["partner"], found["reversal"]) == ("130.00", customer.pk, None)
    assert found["allocations"] == [{"open_item": invoice.pk, "amount": "119.00"}]
    credit = client.get(f"/api/v1/open-items/{found['credit']}/").json()
    assert (credit["outstanding"], credit["partner_name"]) == ("-11.00", "Muster GmbH")
    assert client.get(f"/api/v1/payments/{found['id']}/").json() == found
    assert client.get("/api/v1/payments/").json()["count"] == 1


def test_the_same_idempotency_key_pays_once(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    data = body(bank, "50.00", (invoice, "50.00"))
    answers = [
        post(client, "payments/", data, HTTP_IDEMPOTENCY_KEY="pay-once").json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert owed(invoice) == ["50.00"]
    assert AuditEvent.objects.filter(event="payment.recorded").count() == 1


def test_a_refusal_is_a_problem_with_a_code(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    answer = post(client, "payments/", body(bank, "200.00", (invoice, "100.01")))
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == errors.ALLOCATED_TOO_MUCH.code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("received_on", (TODAY + datetime.timedelta(days=1)).isoformat()),
        ("received_on", "22.11.2026"),
        ("received_on", "0001-01-01"),
        ("amount", "1.005"),
        ("amount", "viel"),
        ("method", "muscheln"),
        ("money_account", 0),
        ("currency", "euro"),
        ("allocations", [{"open_item": 0, "amount": "1.00"}]),
    ],
)
def test_what_cannot_be_read_is_named(client, bank, customer, field, value):
    data = body(bank, "1.00", partner=customer.pk) | {field: value}
    answer = post(client, "payments/", data)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Payment.objects.exists()


def test_a_payment_is_reversed(client, by, bank, customer):
    invoice = a_claim("119.00", by=by, partner=customer, on=BEFORE)
    payment = pay(bank, "119.00", (invoice, "119.00"), by=by, on=BEFORE)
    data = {"on": TODAY.isoformat(), "reason": "Rücklastschrift"}
    answer = post(client, f"payments/{payment.pk}/reversal/", data)
    assert answer.status_code == 201
    assert answer.json()["reversal"]["reason"] == "Rücklastschrift"
    assert owed(invoice) == ["119.00"]
    again = post(client, f"payments/{payment.pk}/reversal/", data)
    assert again.json()["code"] == errors.ALREADY_REVERSED.code


def test_a_credit_is_settled_and_taken_back(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    credit = pay(bank, "30.00", by=by, partner=customer, on=BEFORE).credit
    data = {"open_item": invoice.pk, "amount": "30.00", "on": TODAY.isoformat()}
    answer = post(client, f"open-items/{credit.pk}/settlement/", data)
    assert answer.status_code == 201
    assert owed(invoice, credit) == ["70.00", "0.00"]
    settlement = answer.json()["id"]
    answer = post(client, f"settlements/{settlement}/reversal/", {"on": TODAY.isoformat()})
    assert answer.json()["taken_back_on"] == TODAY.isoformat()
    assert owed(invoice, credit) == ["100.00", "-30.00"]


def test_the_list_of_open_items_leaves_out_what_is_settled(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    settled = a_claim("50.00", by=by, partner=customer, on=BEFORE)
    pay(bank, "50.00", (settled, "50.00"), by=by)
    listed = client.get("/api/v1/open-items/").json()["results"]
    assert [item["id"] for item in listed] == [invoice.pk]
    assert client.get(f"/api/v1/open-items/{settled.pk}/").status_code == 200
    assert client.get("/api/v1/open-items/?state=credit").json()["count"] == 0


def test_open_items_are_listed_as_they_were_on_any_day(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    pay(bank, "100.00", (invoice, "100.00"), by=by, on=TODAY)
    day = TODAY - datetime.timedelta(days=1)
    [found] = client.get(f"/api/v1/open-items/?on={day}").json()["results"]
    assert (found["outstanding"], found["owed"]) == ("0.00", "100.00")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_payment_is_never_changed_or_deleted(client, by, bank, customer, method):
    payment = pay(bank, "1.00", by=by, partner=customer)
    answer = getattr(client, method)(
        f"/api/v1/payments/{payment.pk}/", {}, content_type="application/json"
    )
    assert answer.status_code in (403, 405)


@pytest.mark.parametrize(("role", "status"), [("Steuerberatung", 200), ("Mitarbeit", 403)])
def test_who_may_only_read_does_not_act(by, bank, customer, role, status):
    payment = pay(bank, "30.00", by=by, partner=customer)
    client = signed_in(role)
    for path in ("payments/", "open-items/", f"payments/{payment.pk}/"):
        assert client.get(f"/api/v1/{path}").status_code == status
    for path in (
        "payments/",
        f"payments/{payment.pk}/reversal/",
        f"open-items/{payment.credit_id}/settlement/",
    ):
        assert post(client, path, {}).status_code == 403


def test_the_list_takes_as_many_queries_for_three_payments_as_for_one(
    client, by, bank, customer, django_assert_max_num_queries
):
    for _ in range(3):
        pay(bank, "1.00", by=by, partner=customer)
    client.get("/api/v1/payments/")
    with django_assert_max_num_queries(7):
        client.get("/api/v1/payments/")


def test_a_use_of_a_credit_is_read(client, by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer, on=BEFORE)
    credit = pay(bank, "30.00", by=by, partner=customer, on=BEFORE).credit
    data = {"open_item": invoice.pk, "amount": "30.00", "on": TODAY.isoformat()}
    used = post(client, f"open-items/{credit.pk}/settlement/", data).json()
    assert client.get(f"/api/v1/settlements/{used['id']}/").json() == used
    assert client.get(f"/api/v1/settlements/?credit={credit.pk}").json()["results"] == [used]


def takeover(client, text, **data):
    file = SimpleUploadedFile("offen.csv", text.encode())
    return client.post("/api/v1/open-items/takeover/", {"file": file, "on": str(BEFORE), **data})


def test_old_items_are_checked_then_taken_over(client, by, customer):
    text = f"Kundennummer;Rechnungsnummer;Datum;Betrag\n{customer.number};R-17;01.02.2025;119,00\n"
    checked = takeover(client, text, dry_run="true")
    assert (checked.status_code, checked.json()["total"]) == (200, "119.00")
    assert not OpenItem.objects.exists()
    taken = takeover(client, text)
    assert (taken.status_code, taken.json()["rows"][0]["document_number"]) == (201, "R-17")
    assert owed(OpenItem.objects.get()) == ["119.00"]
    assert takeover(client, text).json()["rows"][0]["state"] == "known"


def test_a_file_with_errors_is_refused_line_by_line(client, by, customer):
    text = "Kundennummer;Rechnungsnummer;Datum;Betrag\n4711;R-17;01.02.2025;119,00\n"
    answer = takeover(client, text)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "line_2"
    assert not OpenItem.objects.exists()
