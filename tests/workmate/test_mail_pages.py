"""Settings › E-Mail keeps its password to itself; the outbox shows what would have left."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from simulators.smtp import SmtpServer
from tests.factories import user_in
from tests.trade import a_business
from workmate import letters, mail, mail_account
from workmate.models import AuditEvent, MailAccount, OutboxMessage

pytestmark = pytest.mark.django_db

SECRET = "streng geheimes Wort"
DATA = {
    "host": "localhost",
    "port": "587",
    "security": "starttls",
    "user": "konto",
    "password": SECRET,
    "sender": "rechnung@nord.example",
    "reply_to": "",
}


@pytest.fixture
def client() -> Client:
    a_business()
    client = Client()
    client.force_login(user_in("Inhaber", email="inhaber@nord.example"))
    return client


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    with SmtpServer(security="starttls", login=("konto", SECRET)) as running:
        settings.MAIL_PORTS = [running.port]
        monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))
        yield running


def saved(client: Client, **fields: Any) -> Any:
    return client.post(reverse("mail"), DATA | fields, follow=True)


def test_the_password_is_encrypted_and_never_shown_again(client):
    assert saved(client).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM workmate_mailaccount")
        assert cursor.fetchone()[0].startswith("wm1:")
    assert MailAccount.objects.get().password == SECRET
    shown = client.get(reverse("mail")).content.decode()
    assert SECRET not in shown
    (event,) = AuditEvent.objects.filter(event="mail_account.changed")
    assert SECRET not in str(event.payload)
    assert event.payload["password"] == "neu"
    admin = client.get("/admin/workmate/mailaccount/1/change/").content.decode()
    assert SECRET not in admin


def test_an_empty_password_keeps_the_stored_one(client):
    saved(client)
    saved(client, password="", sender="neu@nord.example")
    account = MailAccount.objects.get()
    assert (account.password, account.sender) == (SECRET, "neu@nord.example")


def test_another_server_does_not_get_the_stored_password(client):
    saved(client)
    answer = saved(client, password="", host="mail.evil.example")
    assert answer.status_code == 422
    assert MailAccount.objects.get().host == "localhost"
    assert saved(client, password="anderes Wort", host="mail.evil.example").status_code == 200


def test_without_a_user_no_password_is_kept(client):
    saved(client)
    saved(client, user="", password="")
    assert MailAccount.objects.get().password == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("port", "6379"),
        ("port", "0"),
        ("host", "mail.example/x"),
        ("host", "a b"),
        ("sender", "kein-klammeraffe"),
        ("password", "Paßwort mit ß"),
        ("password", ""),
        ("user", ""),
    ],
)
def test_what_no_server_can_be_is_refused(client, field, value):
    answer = saved(client, **{field: value})
    if (field, value) == ("user", ""):
        assert MailAccount.objects.get().password == ""
    else:
        assert answer.status_code == 422
        assert not MailAccount.objects.exists()


def test_no_password_goes_in_clear(client):
    assert saved(client, host="mail.example", security="none").status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        MailAccount.objects.create(
            pk=1, host="mail.example", security="none", user="a", password="b", sender="a@b.example"
        )


def test_the_connection_is_tried_and_the_reason_told(client, server):
    saved(client, port=server.port)
    shown = client.post(reverse("mail_check"), follow=True).content.decode()
    assert "nimmt die Anmeldung an" in shown
    saved(client, port=server.port, password="falsches Wort")
    shown = client.post(reverse("mail_check"), follow=True).content.decode()
    assert "535" in shown
    assert "falsches Wort" not in shown


def test_a_test_message_goes_to_whoever_asks(client, server):
    saved(client, port=server.port, reply_to="eva@nord.example")
    client.post(reverse("mail_test"))
    (received,) = server.received
    assert received.recipients == ["inhaber@nord.example"]
    read = letters.read(received.raw)
    assert dict(read.headers)["Reply-To"] == "eva@nord.example"
    assert "E-Mails versenden kann" in read.text


def test_without_a_server_the_test_says_so(client, settings):
    settings.EMAIL_URL = ""
    shown = client.post(reverse("mail_test"), follow=True).content.decode()
    assert "kein Postausgangsserver eingerichtet" in shown


def test_the_server_can_be_removed(client):
    saved(client)
    client.post(reverse("mail"), {"remove": "1"})
    assert not MailAccount.objects.exists()
    assert AuditEvent.objects.filter(event="mail_account.removed").exists()


def test_only_owners_see_the_server(client):
    other = Client()
    other.force_login(user_in("Buchhaltung"))
    assert other.get(reverse("mail")).status_code == 403
    assert other.post(reverse("mail_check")).status_code == 403


def test_the_outbox_shows_headers_text_and_files(client, settings):
    settings.EMAIL_URL = "outbox:"
    raw = letters.write(
        letters.Letter(
            message_id=mail_account.message_id("wir@nord.example"),
            sender="wir@nord.example",
            sender_name="Werkstatt",
            to=["sie@kundin.example"],
            cc=[],
            reply_to="",
            subject="<b>Rechnung</b>",
            text="<script>alert(1)</script>",
            at=AuditEvent.objects.first().at,
            attachments=[
                letters.Attachment(filename="a.xml", media_type="application/xml", data=b"<a/>")
            ],
        )
    )
    mail.door().deliver(raw, sender="wir@nord.example", recipients=["sie@kundin.example"])
    kept = OutboxMessage.objects.get()
    assert "sie@kundin.example" in client.get(reverse("outbox")).content.decode()
    shown = client.get(kept.get_absolute_url()).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    file = client.get(reverse("outbox_attachment", args=[kept.pk, 1]))
    assert (file.content, file["Content-Type"]) == (b"<a/>", "application/xml")
    assert file["Content-Disposition"] == 'attachment; filename="a.xml"'
    whole = client.get(reverse("outbox_attachment", args=[kept.pk, 0]))
    assert whole.content == raw
    assert client.get(reverse("outbox_attachment", args=[kept.pk, 2])).status_code == 404
