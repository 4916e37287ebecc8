"""The pages and the API of sending: who may, what they show, how often they ask the database."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from invoicing import sending
from invoicing.bulk_sending import SENDING
from invoicing.models import Dispatch, Invoice, MailText
from tests import trade
from tests.factories import user_in
from workmate import jobs
from workmate.models import JobRun, MailAccount, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_URL = "outbox:"


@pytest.fixture
def owner() -> Any:
    return trade.a_business()


@pytest.fixture
def accountant(owner: Any) -> Client:
    return logged_in("Buchhaltung")


def logged_in(role: str) -> Client:
    client = Client()
    client.force_login(user_in(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"invoicing:{name}", args=args)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def filled(invoice: Invoice, **fields: str) -> dict[str, str]:
    proposed = sending.proposal(invoice)
    return {
        "to": ", ".join(proposed.to),
        "subject": proposed.subject,
        "text": proposed.text,
        "language": proposed.language,
        "key": "0123456789abcdef01234567",
    } | fields


def dispatched(invoice: Invoice, by: Any, **fields: Any) -> Dispatch:
    dispatch = sending.send(
        invoice, sending.Mail(**{**vars(sending.proposal(invoice)), **fields}), by=by
    )
    jobs.execute(dispatch.run_id)
    dispatch.refresh_from_db()
    return dispatch


def test_the_form_is_filled_from_customer_and_text(accountant, owner):
    invoice = trade.an_invoice(owner)
    answer = accountant.get(url("send", invoice.pk))
    assert answer.context["form"].initial["to"] == "einkauf@kundin.example"
    shown = text(answer)
    assert f"Rechnung {invoice.number} von Werkstatt Nord GmbH" in shown
    assert f"{invoice.number}.pdf" in shown
    assert f"{invoice.number}.xml" not in shown


def test_an_english_text_is_one_click_away(accountant, owner):
    invoice = trade.an_invoice(owner)
    shown = text(accountant.get(url("send", invoice.pk), {"sprache": "en"}))
    assert "Kind regards" in shown


def test_sending_leads_to_the_dispatch(accountant, owner):
    invoice = trade.an_invoice(owner)
    answer = accountant.post(url("send", invoice.pk), filled(invoice))
    dispatch = Dispatch.objects.get()
    assert answer["Location"] == dispatch.get_absolute_url()
    again = accountant.post(url("send", invoice.pk), filled(invoice))
    assert again["Location"] == dispatch.get_absolute_url()
    assert 'hx-trigger="every 2s"' in text(accountant.get(dispatch.get_absolute_url()))
    jobs.execute(dispatch.run_id)
    shown = text(accountant.get(dispatch.get_absolute_url()))
    assert "every 2s" not in shown
    assert "Message-ID" in shown
    assert "Im Postausgang der Demo aufgefangen." in shown


def test_what_is_refused_stands_at_its_field_and_the_input_stays(accountant, owner):
    invoice = trade.an_invoice(owner)
    data = filled(invoice, to="kein-klammeraffe", text="Hallo {name}")
    answer = accountant.post(url("send", invoice.pk), data)
    assert answer.status_code == 422
    assert "kein-klammeraffe" in str(answer.context["form"].errors["to"]) or (
        "text" in answer.context["form"].errors
    )
    assert answer.context["form"]["text"].value() == "Hallo {name}"


def test_the_preview_fills_and_escapes(accountant, owner):
    invoice = trade.an_invoice(owner)
    data = filled(invoice, subject="<script>alert(1)</script>", text="{betrag} {falsch}")
    shown = text(accountant.post(url("send-preview", invoice.pk), data))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script" not in shown
    assert "119,00\u00a0€" in shown.replace(" €", "\u00a0€")
    assert "Unbekannt: {falsch}." in shown
    assert not Dispatch.objects.exists()


def test_without_a_server_the_page_says_where_to_set_it_up(owner, settings):
    settings.EMAIL_URL = ""
    invoice = trade.an_invoice(owner)
    shown = text(logged_in("Inhaber").get(url("send", invoice.pk)))
    assert reverse("mail") in shown
    assert "Jetzt versenden" not in shown
    shown = text(logged_in("Buchhaltung").get(url("send", invoice.pk)))
    assert "Bitten Sie einen Inhaber" in shown


def test_an_adviser_reads_dispatches_and_sends_nothing(owner):
    invoice = trade.an_invoice(owner)
    dispatch = dispatched(invoice, owner)
    adviser = logged_in("Steuerberatung")
    assert adviser.get(dispatch.get_absolute_url()).status_code == 200
    assert adviser.get(url("dispatches")).status_code == 200
    assert adviser.get(url("send", invoice.pk)).status_code == 403
    assert adviser.post(url("send", invoice.pk), filled(invoice)).status_code == 403
    assert adviser.post(url("dispatch-call-off", dispatch.pk)).status_code == 403
    assert adviser.post(url("send-many"), {"pk": invoice.pk}).status_code == 403


def test_sending_is_the_next_step_until_it_is_done(accountant, owner):
    invoice = trade.an_invoice(owner)
    send = f'href="{url("send", invoice.pk)}"'
    shown = text(accountant.get(invoice.get_absolute_url()))
    assert f'class="button primary " {send}' in shown or "primary" in shown.split(send)[0][-60:]
    dispatched(invoice, owner)
    shown = text(accountant.get(invoice.get_absolute_url()))
    assert "Erneut versenden" in shown
    assert "Versendet: einkauf@kundin.example" in shown


def test_sending_again_begins_with_those_who_did_not_get_it(accountant, owner):
    invoice = trade.an_invoice(owner)
    dispatch = sending.send(
        invoice,
        sending.Mail(**{**vars(sending.proposal(invoice)), "text": "Eigener Text"}),
        by=owner,
    )
    answer = accountant.get(url("send", invoice.pk), {"versand": dispatch.pk})
    assert answer.context["form"].initial["text"] == "Eigener Text"
    assert answer.context["form"].initial["to"] == "einkauf@kundin.example"


def test_a_waiting_dispatch_is_called_off_from_its_page(accountant, owner):
    invoice = trade.an_invoice(owner)
    accountant.post(url("send", invoice.pk), filled(invoice))
    accountant.post(url("dispatch-call-off", Dispatch.objects.get().pk))
    assert Dispatch.objects.get().state == "cancelled"
    assert not OutboxMessage.objects.exists()


def test_the_list_of_invoices_knows_what_was_sent(accountant, owner):
    sent, unsent = trade.an_invoice(owner), trade.an_invoice(owner)
    dispatched(sent, owner)
    trade.a_draft(owner)

    def found(value: str) -> list[Any]:
        rows = accountant.get(url("invoices"), {"dispatch": value}).context["rows"]
        return [row for _, row in rows]

    assert found("sent") == [sent]
    assert found("unsent") == [unsent]
    assert found("refused") == []


@pytest.mark.parametrize("name", ["invoices", "dispatches"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    accountant, owner, name, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    dispatched(trade.an_invoice(owner), owner, cc=["zwei@kundin.example"])
    accountant.get(url(name))
    with CaptureQueriesContext(connection) as one:
        accountant.get(url(name))
    for _ in range(2):
        dispatched(trade.an_invoice(owner), owner, cc=["zwei@kundin.example"])
    with CaptureQueriesContext(connection) as three:
        accountant.get(url(name))
    assert len(three) == len(one)


def test_many_are_sent_after_a_page_that_says_what_happens(accountant, owner):
    ready = [trade.an_invoice(owner) for _ in range(2)]
    silent = trade.an_invoice(owner, customer=trade.a_buyer(owner, email=""))
    draft = trade.a_draft(owner)
    ticked = [one.pk for one in (*ready, silent, draft)]
    answer = accountant.post(url("send-many"), {"pk": ticked})
    assert "2 Belege per E-Mail versenden" in text(answer)
    assert not Dispatch.objects.exists()
    data = {"pk": [one.pk for one in ready], "key": answer.context["key"], "confirmed": "1"}
    answers = [accountant.post(url("send-many"), data) for _ in range(2)]
    assert "im Versand" in text(accountant.get(answers[0].url))
    for run in JobRun.objects.filter(name=SENDING.job):
        jobs.execute(run.pk)
    assert sorted(Dispatch.objects.values_list("invoice", flat=True)) == [one.pk for one in ready]


def test_texts_are_kept_for_each_language(accountant, owner):
    data = {"en-subject": "Your {beleg}", "en-text": "Dear {kunde}"}
    accountant.post(url("mail-text", "en"), data)
    kept = MailText.objects.get()
    assert (kept.language, kept.subject, kept.text) == ("en", "Your {beleg}", "Dear {kunde}")
    answer = accountant.post(url("mail-text", "en"), data | {"en-text": "{falsch}"})
    assert answer.status_code == 422
    assert accountant.post(url("mail-text", "fr"), data).status_code == 404
    shown = text(accountant.post(url("mail-text-preview", "en"), data | {"en-text": "<b>{nummer}"}))
    assert "&lt;b&gt;RE-2026-0042" in shown


def api(client: Client, invoice: Invoice, **body: Any) -> Any:
    return client.post(
        f"/api/v1/invoices/{invoice.pk}/dispatches/", body, content_type="application/json"
    )


def test_the_api_sends_with_the_customers_data(accountant, owner):
    invoice = trade.an_invoice(owner)
    answer = api(accountant, invoice)
    assert answer.status_code == 201
    said = answer.json()
    assert (said["state"], said["invoice"], said["language"]) == ("queued", invoice.pk, "de")
    assert said["recipients"] == [
        {
            "address": "einkauf@kundin.example",
            "role": "to",
            "state": "open",
            "code": 0,
            "answer": "",
            "answered_at": None,
        }
    ]
    listed = accountant.get(f"/api/v1/invoices/{invoice.pk}/dispatches/").json()
    assert listed == [said]
    assert accountant.get(f"/api/v1/dispatches/{said['id']}/").json() == said
    taken_back = accountant.post(f"/api/v1/dispatches/{said['id']}/cancellation/")
    assert taken_back.json()["state"] == "cancelled"


def test_the_api_takes_its_own_mail_and_refuses_a_bad_one(accountant, owner):
    invoice = trade.an_invoice(owner)
    answer = api(accountant, invoice, to=["a@müller.example"], subject="Zu {nummer}", text="Hallo")
    assert answer.json()["subject"] == f"Zu {invoice.number}"
    assert answer.json()["recipients"][0]["address"] == "a@xn--mller-kva.example"
    refused = api(accountant, invoice, to=["a@b.example\nBcc: x@y.example"])
    assert (refused.status_code, refused.json()["code"]) == (422, "INVOICE_2081")
    draft = api(accountant, trade.a_draft(owner))
    assert (draft.status_code, draft.json()["code"]) == (409, "INVOICE_2015")


def test_the_same_key_sends_once(accountant, owner):
    invoice = trade.an_invoice(owner)
    address = f"/api/v1/invoices/{invoice.pk}/dispatches/"
    headers = {"Idempotency-Key": "eins"}
    for _ in range(2):
        accountant.post(address, {}, content_type="application/json", headers=headers)
    assert Dispatch.objects.count() == 1


def test_an_adviser_sends_nothing_by_the_api(owner):
    invoice = trade.an_invoice(owner)
    adviser = logged_in("Steuerberatung")
    assert api(adviser, invoice).status_code == 403
    assert adviser.get(f"/api/v1/invoices/{invoice.pk}/dispatches/").status_code == 200


def test_the_mail_account_is_not_needed_to_read(accountant, owner):
    MailAccount.objects.create(pk=1, host="mail.example", sender="wir@nord.example")
    dispatch = sending.send(
        trade.an_invoice(owner), sending.proposal(trade.an_invoice(owner)), by=owner
    )
    MailAccount.objects.all().delete()
    assert accountant.get(dispatch.get_absolute_url()).status_code == 200
