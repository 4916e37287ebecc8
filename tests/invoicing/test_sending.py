"""Sending against a real mail server: what it accepts is never sent twice."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from invoicing import archiving, errors, mail_texts, sending
from invoicing.models import Dispatch, Invoice, Recipient
from simulators.smtp import SmtpServer
from tests import trade
from tests.killed import killed
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import documents, jobs
from workmate import errors as ground
from workmate.models import AuditEvent, JobRun, MailAccount, OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)

GONE, LATER = "weg@kundin.example", "voll@kundin.example"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        MailAccount.objects.create(
            pk=1, host="127.0.0.1", port=running.port, security="none", sender="wir@nord.example"
        )
        running.says[GONE] = "550 5.1.1 Unbekannt"
        running.says[LATER] = "451 4.2.2 Postfach voll"
        yield running


@pytest.fixture
def owner(transactional_db: None) -> Any:
    return trade.a_business()


@pytest.fixture
def invoice(owner: Any) -> Invoice:
    return trade.an_invoice(owner)


def a_mail(invoice: Invoice, **fields: Any) -> sending.Mail:
    return sending.Mail(**{**vars(sending.proposal(invoice)), **fields})


def queued(invoice: Invoice, by: Any, *, key: str = "", **fields: Any) -> Dispatch:
    return sending.send(invoice, a_mail(invoice, **fields), by=by, key=key)


def attempted(dispatch: Dispatch) -> Dispatch:
    """The dispatch after its job's next attempt, whose time has come."""
    JobRun.objects.filter(pk=dispatch.run_id).update(not_before=timezone.now() - timedelta(hours=1))
    jobs.execute(dispatch.run_id)
    return Dispatch.objects.prefetch_related("recipients").get(pk=dispatch.pk)


def answers(dispatch: Dispatch) -> dict[str, tuple[str, int]]:
    return {one.address: (one.state, one.code) for one in dispatch.recipients.all()}


def test_the_customer_gets_the_archived_pdf(server, owner, invoice):
    dispatch = queued(invoice, owner)
    assert (dispatch.state, dispatch.run.state) == ("queued", "queued")
    dispatch = attempted(dispatch)
    assert (dispatch.state, dispatch.error, dispatch.captured) == ("sent", "", False)
    assert dispatch.sent_at
    assert answers(dispatch) == {"einkauf@kundin.example": ("accepted", 250)}
    (received,) = server.received
    message = message_from_bytes(received.raw, policy=policy.default)
    assert message["Message-ID"] == dispatch.message_id
    assert message["From"].addresses[0].addr_spec == "wir@nord.example"
    assert message["Subject"] == f"Rechnung {invoice.number} von Werkstatt Nord GmbH"
    (pdf,) = message.iter_attachments()
    assert (pdf.get_content_type(), pdf.get_filename()) == (
        "application/pdf",
        f"{invoice.number}.pdf",
    )
    invoice.refresh_from_db()
    assert pdf.get_payload(decode=True) == documents.read(invoice.pdf)


def test_an_xrechnung_goes_with_its_readable_copy(server, owner):
    invoice = trade.an_invoice(owner, customer=trade.an_authority(owner))
    attempted(queued(invoice, owner))
    message = message_from_bytes(server.received[0].raw, policy=policy.default)
    invoice.refresh_from_db()
    assert [
        (part.get_content_type(), part.get_filename(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    ] == [
        ("application/xml", f"{invoice.number}.xml", documents.read(invoice.xml)),
        ("application/pdf", f"{invoice.number}.pdf", documents.read(invoice.pdf)),
    ]


def test_a_missing_pdf_is_printed_first(server, owner):
    from invoicing.issuing import issue

    invoice = issue(trade.a_draft(owner), by=owner, on=trade.DAY, print_now=False)
    assert invoice.pdf is None
    assert [file.document for file in sending.enclosures(invoice)] == [None]
    assert attempted(queued(invoice, owner)).state == "sent"
    assert b"application/pdf" in server.received[0].raw


def test_what_left_is_archived_byte_by_byte(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner))
    assert documents.read(dispatch.mail) == server.received[0].raw


def test_copies_and_blind_copies(server, owner, invoice):
    MailAccount.objects.update(copy_to_self=True, reply_to="eva@nord.example")
    dispatch = queued(
        invoice, owner, cc=["chef@müller.example"], bcc=["buch@nord.example", "CHEF@müller.example"]
    )
    attempted(dispatch)
    (received,) = server.received
    assert received.recipients == [
        "einkauf@kundin.example",
        "chef@xn--mller-kva.example",
        "buch@nord.example",
        "CHEF@xn--mller-kva.example",
        "wir@nord.example",
    ]
    message = message_from_bytes(received.raw, policy=policy.default)
    assert message["Cc"] == "chef@xn--mller-kva.example"
    assert message["Reply-To"] == "eva@nord.example"
    assert b"buch@nord.example" not in received.raw
    assert dispatch.to == "einkauf@kundin.example, chef@müller.example"


def test_a_job_that_runs_again_sends_nothing_again(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner))
    JobRun.objects.filter(pk=dispatch.run_id).update(state="queued")
    assert attempted(dispatch).state == "sent"
    assert len(server.received) == 1


def test_a_worker_that_dies_after_the_servers_answer_leaves_it_unclear_and_sends_no_second_mail(
    server, owner, invoice
):
    dispatch = queued(invoice, owner)
    killed(lambda: jobs.execute(dispatch.run_id), at="invoicing.sending._record", after=False)
    assert len(server.received) == 1

    dispatch = attempted(dispatch)

    assert (dispatch.state, dispatch.sent_at) == ("unclear", None)
    assert dispatch.error == sending.UNCLEAR
    assert attempted(dispatch).state == "unclear"
    assert len(server.received) == 1
    assert AuditEvent.objects.filter(event="dispatch.unclear").count() == 1
    again = attempted(queued(invoice, owner))
    assert (again.state, len(server.received)) == ("sent", 2)


@pytest.mark.parametrize("at", ["invoicing.sending._message", "invoicing.sending._record"])
def test_a_worker_that_dies_before_or_after_the_handing_over_changes_nothing(
    server, owner, invoice, at
):
    dispatch = queued(invoice, owner)
    killed(lambda: jobs.execute(dispatch.run_id), at=at)
    assert attempted(dispatch).state == "sent"
    assert len(server.received) == 1


def test_two_workers_send_once(server, owner, invoice):
    dispatch = queued(invoice, owner)
    twin = jobs.enqueue(sending.JOB, by=owner, params={"dispatch": dispatch.pk})
    at_once(lambda number: jobs.execute([dispatch.run_id, twin.pk][number % 2]), 6)
    assert len(server.received) == 1


def test_a_form_that_is_sent_twice_acts_once(server, owner, invoice):
    key = "0123456789abcdef01234567"
    made = at_once(lambda _: queued(invoice, owner, key=key).pk, 4)
    assert len(set(made)) == 1
    assert Dispatch.objects.get().message_id == f"<{key}@nord.example>"
    assert JobRun.objects.filter(name=sending.JOB).count() == 1


def test_a_refused_address_is_told_and_sent_to_another_one(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner, to=[GONE]))
    assert (dispatch.state, dispatch.sent_at) == ("refused", None)
    assert dispatch.error == f"{GONE}: 550 5.1.1 Unbekannt"
    assert JobRun.objects.get(pk=dispatch.run_id).state == "done"
    again = attempted(queued(invoice, owner))
    assert again.state == "sent"
    assert again.message_id != dispatch.message_id
    assert [event.event for event in AuditEvent.objects.filter(event__startswith="dispatch")] == [
        "dispatch.sent",
        "dispatch.queued",
        "dispatch.refused",
        "dispatch.queued",
    ]


def test_some_recipients_may_be_refused(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner, cc=[GONE]))
    assert dispatch.state == "partial"
    assert answers(dispatch) == {
        "einkauf@kundin.example": ("accepted", 250),
        GONE: ("refused", 550),
    }


def test_who_could_not_take_it_is_asked_again_and_nobody_else(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner, cc=[LATER]))
    assert (dispatch.state, dispatch.run.state) == ("queued", "queued")
    assert dispatch.error == f"{LATER}: 451 4.2.2 Postfach voll"
    assert dispatch.run.not_before > timezone.now()
    del server.says[LATER]
    dispatch = attempted(dispatch)
    assert (dispatch.state, dispatch.error) == ("sent", "")
    first, second = server.received
    assert (first.recipients, second.recipients) == (["einkauf@kundin.example"], [LATER])
    assert first.raw == second.raw


def test_after_the_last_attempt_a_person_is_told(server, owner, invoice):
    dispatch = queued(invoice, owner, to=[LATER])
    for _ in range(jobs.REGISTRY[sending.JOB].retries + 1):
        dispatch = attempted(dispatch)
    assert (dispatch.state, dispatch.run.state) == ("refused", "failed")
    assert dispatch.error == f"{LATER}: 451 4.2.2 Postfach voll"
    del server.says[LATER]
    jobs.restart(dispatch.run, by=owner)
    assert attempted(dispatch).state == "sent"


def test_a_server_that_is_away_is_tried_again(server, owner, invoice):
    MailAccount.objects.update(port=1)
    dispatch = attempted(queued(invoice, owner))
    assert (dispatch.state, dispatch.run.state) == ("queued", "queued")
    assert "127.0.0.1:1" in dispatch.error
    MailAccount.objects.update(port=server.port)
    assert attempted(dispatch).state == "sent"


def test_a_line_that_breaks_after_the_last_byte_sends_the_same_message_again(
    server, owner, invoice
):
    server.drops = 1
    dispatch = attempted(queued(invoice, owner))
    assert dispatch.state == "queued"
    assert "abgebrochen" in dispatch.error
    assert attempted(dispatch).state == "sent"
    first, second = server.received
    assert first.raw == second.raw
    assert dispatch.message_id.encode() in second.raw


def test_a_wrong_password_is_told_at_once(owner, invoice, monkeypatch):
    with SmtpServer(security="starttls", login=("konto", "richtig")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        MailAccount.objects.create(
            pk=1,
            host="localhost",
            port=server.port,
            user="konto",
            password="streng geheim",
            sender="wir@nord.example",
        )
        dispatch = attempted(queued(invoice, owner))
        assert (dispatch.state, dispatch.run.state) == ("refused", "failed")
        assert "535" in dispatch.error
        told = [dispatch.error, *JobRun.objects.values_list("params", "error", "result")]
        told += AuditEvent.objects.values_list("payload")
        assert "streng geheim" not in str(told)
        MailAccount.objects.filter(pk=1).update(password="richtig")
        jobs.restart(dispatch.run, by=owner)
        assert attempted(dispatch).state == "sent"


def test_a_bug_is_told_to_the_dispatch_too(server, owner, invoice):
    dispatch = queued(invoice, owner)
    documents.path_of(invoice.xml.sha256).unlink()
    invoice = trade.an_invoice(owner, customer=trade.an_authority(owner))
    dispatch = queued(invoice, owner)
    documents.path_of(invoice.xml.sha256).unlink()
    dispatch = attempted(dispatch)
    assert (dispatch.state, dispatch.run.error_code) == ("refused", "DOCUMENT_6001")


def test_a_waiting_dispatch_can_be_called_off(server, owner, invoice):
    dispatch = queued(invoice, owner)
    sending.call_off(dispatch, by=owner)
    dispatch = attempted(dispatch)
    assert (dispatch.state, dispatch.run.state) == ("cancelled", "cancelled")
    assert server.received == []
    with raises_problem(errors.DISPATCH_UNDERWAY):
        sending.call_off(dispatch, by=owner)


def test_what_was_sent_cannot_be_called_off(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner))
    with raises_problem(errors.DISPATCH_UNDERWAY):
        sending.call_off(dispatch, by=owner)


def test_calling_off_the_rest_keeps_what_was_accepted(server, owner, invoice):
    dispatch = attempted(queued(invoice, owner, cc=[LATER]))
    sending.call_off(dispatch, by=owner)
    assert Dispatch.objects.get().state == "partial"


def test_a_draft_is_not_sent(server, owner):
    with raises_problem(errors.NOT_ISSUED):
        sending.send(trade.a_draft(owner), a_mail(trade.an_invoice(owner)), by=owner)


def test_without_a_mail_server_nothing_is_queued(owner, invoice, settings):
    settings.EMAIL_URL = ""
    with raises_problem(ground.MAIL_NOT_SET_UP):
        queued(invoice, owner)
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", []),
        ("to", ["kein-klammeraffe"]),
        ("to", ["a@b.example\r\nBcc: alle@welt.example"]),
        ("cc", ["a b@c.example"]),
        ("bcc", ["müller@c.example"]),
        ("to", [f"a{number}@b.example" for number in range(21)]),
        ("subject", "Rechnung\nBcc: alle@welt.example"),
        ("subject", "  "),
        ("text", ""),
        ("text", "x" * 10_001),
    ],
)
def test_what_no_mail_may_say_is_refused_at_its_field(server, owner, invoice, field, value):
    with raises_problem(errors.MAIL_UNFIT) as raised:
        queued(invoice, owner, **{field: value})
    assert list(raised.value.fields) == [field]
    assert not Dispatch.objects.exists()


def test_an_unknown_placeholder_is_refused(server, owner, invoice):
    with raises_problem(errors.PLACEHOLDER_UNKNOWN) as raised:
        queued(invoice, owner, text="Sehr geehrte {name}, {nummer} {}")
    assert raised.value.fields == {"text": ["Unbekannt: {name}, {}."]}


def test_placeholders_are_filled_in_the_language_of_the_customer(server, owner):
    customer = trade.a_buyer(owner, name="{nummer} & Sons", language="en")
    invoice = trade.an_invoice(owner, customer=customer)
    dispatch = queued(
        invoice, owner, text="{beleg} {nummer}, {datum}: {betrag} by {faellig}, {kunde}"
    )
    assert dispatch.language == "en"
    assert dispatch.text.replace("\u00a0", " ") == (
        f"Invoice {invoice.number}, 4 May 2026: 119.00 EUR by 18 May 2026, {{nummer}} & Sons"
    )


def test_a_cancellation_asks_for_nothing(owner, invoice):
    from invoicing.cancelling import cancel

    storno = cancel(invoice, reason="Falscher Empfänger", by=owner, on=trade.DAY)
    text = sending.proposal(storno).text
    assert storno.number in text
    assert "fällig" not in text


def page_in(text):
    """The lines of a mail that are addresses of public pages."""
    return [line for line in text.splitlines() if "/zahlen/" in line]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_mail_links_the_public_page_of_what_is_to_be_paid(owner, invoice, language):
    proposed = sending.proposal(invoice, language=language)
    assert page_in(proposed.text) == [archiving.pay_url(invoice)]


def test_what_we_collect_ourselves_asks_nobody_to_transfer(owner):
    card = {"payment_means": "48", "card_number": "1234", "card_holder": "Eva Muster"}
    text = sending.proposal(trade.an_invoice(owner, **card)).text
    assert page_in(text) == []
    assert "Sie brauchen nichts zu überweisen" in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("quote", "unser Angebot AN-"), ("confirmation", "unsere Auftragsbestätigung")],
)
def test_an_offer_has_its_own_text_and_no_public_page(server, owner, kind, words):
    until = {"valid_until": trade.DAY} if kind == "quote" else {}
    offer = trade.an_invoice(owner, kind=kind, supply_date=None, **until)
    name = offer.get_kind_display()
    text = sending.proposal(offer).text
    assert words in text
    assert (page_in(text), "fällig" in text) == ([], False)
    with raises_problem(errors.PLACEHOLDER_UNKNOWN) as raised:
        queued(offer, owner, text="Siehe {link}")
    assert raised.value.fields == {
        "text": [f"{{link}} ist hier nicht möglich: „{name}“ hat keine öffentliche Seite."]
    }
    assert "{link}" not in raised.value.advice


def test_kept_texts_are_proposed(owner, invoice):
    mail_texts.save_text("de", subject="Ihre {beleg}", text="Hallo {kunde}", by=owner)
    proposed = sending.proposal(invoice)
    assert (proposed.subject, proposed.text) == ("Ihre Rechnung", f"Hallo {invoice.customer.name}")
    with raises_problem(errors.PLACEHOLDER_UNKNOWN):
        mail_texts.save_text("de", subject="{falsch}", text="x", by=owner)


def test_the_demo_keeps_what_it_would_have_sent(owner, invoice, settings):
    settings.EMAIL_URL = "outbox:"
    dispatch = attempted(queued(invoice, owner))
    assert (dispatch.state, dispatch.captured) == ("sent", True)
    kept = OutboxMessage.objects.get()
    assert bytes(kept.raw) == documents.read(dispatch.mail)


def test_a_real_worker_sends(server, owner, invoice, worker):
    dispatch = queued(invoice, owner)
    worker.finish()
    dispatch.refresh_from_db()
    assert (dispatch.state, len(server.received)) == ("sent", 1)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoicing_dispatch SET subject = 'x'",
        "UPDATE invoicing_dispatch SET mail_id = NULL",
        "DELETE FROM invoicing_recipient",
        "UPDATE invoicing_recipient SET address = 'x@y.example'",
        "UPDATE invoicing_recipient SET state = 'open'",
        "TRUNCATE invoicing_recipient",
    ],
)
def test_the_database_keeps_what_was_sent(server, owner, invoice, change):
    attempted(queued(invoice, owner))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Recipient.objects.get().state == "accepted"
