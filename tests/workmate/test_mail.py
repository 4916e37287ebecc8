"""The mail door against a real SMTP server that says no where it is told to."""

import logging
import socket
from collections.abc import Iterator

import pytest

from simulators.smtp import SmtpServer
from tests.problems import raises_problem
from tests.trade import a_business
from workmate import errors, mail
from workmate.mail import Answer
from workmate.models import MailAccount, OutboxMessage
from workmate.outside import PermanentFailure, TemporaryFailure

RAW = b"Subject: Probe\r\nMessage-ID: <1@a.example>\r\n\r\nGuten Tag\r\n.\r\n..Ende\r\n"
FROM = "rechnung@werkstatt.example"
GOOD, GONE, LATER = "da@kundin.example", "weg@kundin.example", "voll@kundin.example"
SECRET = "sehr geheimes Wort"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        running.says[GONE] = "550 5.1.1 Unbekannt"
        running.says[LATER] = "451 4.2.2 Postfach voll"
        yield running


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    with SmtpServer(security="starttls", login=("konto", SECRET)) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.authority))
        yield running


def door_to(server: SmtpServer, **fields: object) -> mail.Smtp:
    known: dict[str, object] = {"security": server.security, "host": "localhost"}
    if server.login:
        known |= {"user": server.login[0], "password": server.login[1]}
    return mail.Smtp(MailAccount(port=server.port, sender=FROM, **(known | fields)), timeout=5)


def test_a_message_arrives_byte_by_byte(server):
    answers = door_to(server).deliver(RAW, sender=FROM, recipients=[GOOD])
    assert answers == {GOOD: Answer(250, "2.0.0 Ok: angenommen")}
    (received,) = server.received
    assert (received.sender, received.recipients, received.raw) == (FROM, [GOOD], RAW)


def test_every_recipient_has_an_answer_of_its_own(server):
    answers = door_to(server).deliver(RAW, sender=FROM, recipients=[GONE, GOOD, LATER])
    assert answers == {
        GONE: Answer(550, "5.1.1 Unbekannt"),
        GOOD: Answer(250, "2.0.0 Ok: angenommen"),
        LATER: Answer(451, "4.2.2 Postfach voll"),
    }
    assert [(a.accepted, a.refused) for a in answers.values()] == [
        (False, True),
        (True, False),
        (False, False),
    ]
    assert server.received[0].recipients == [GOOD]


def test_a_message_for_nobody_is_not_handed_over(server):
    door_to(server).deliver(RAW, sender=FROM, recipients=[GONE])
    assert server.received == []


def test_a_message_may_be_refused_after_its_last_byte(server):
    server.after_data = "554 5.7.1 Als Werbung erkannt"
    answers = door_to(server).deliver(RAW, sender=FROM, recipients=[GOOD, GONE])
    assert answers[GOOD] == Answer(554, "5.7.1 Als Werbung erkannt")
    assert answers[GONE] == Answer(550, "5.1.1 Unbekannt")


def test_a_line_that_breaks_after_the_last_byte_leaves_it_open(server):
    server.drops = 1
    answers = door_to(server).deliver(RAW, sender=FROM, recipients=[GOOD, GONE])
    assert answers[GOOD] == Answer(0, "Die Verbindung ist während der Übertragung abgebrochen.")
    assert answers[GONE].refused
    assert len(server.received) == 1


def test_starttls_and_login(safe):
    door_to(safe).check()
    door_to(safe).deliver(RAW, sender=FROM, recipients=[GOOD])
    assert len(safe.received) == 1


def test_tls_from_the_first_byte(monkeypatch):
    with SmtpServer(security="tls", login=("konto", SECRET)) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        door_to(server).deliver(RAW, sender=FROM, recipients=[GOOD])
        assert len(server.received) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(safe, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(PermanentFailure, match="Zertifikat ist nicht gültig"):
        door_to(safe).deliver(RAW, sender=FROM, recipients=[GOOD])


def test_a_certificate_of_another_name_is_refused(monkeypatch):
    with SmtpServer(security="starttls", name="mail.other.example") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        with pytest.raises(PermanentFailure, match="Zertifikat ist nicht gültig"):
            door_to(server).check()


def test_a_server_without_starttls_gets_nothing(server):
    with pytest.raises(PermanentFailure, match="bietet die gewählte Verschlüsselung"):
        door_to(server, security="starttls").deliver(RAW, sender=FROM, recipients=[GOOD])
    assert server.received == []


def test_a_wrong_password_is_told_and_never_shown(safe, caplog):
    wrong = "ganz falsches Wort"
    with caplog.at_level(logging.DEBUG), pytest.raises(PermanentFailure) as raised:
        door_to(safe, password=wrong).check()
    assert "535" in raised.value.message
    assert raised.value.__cause__ is None
    assert wrong not in caplog.text + str(raised.value)


def test_no_password_and_no_address_is_logged(safe, caplog):
    with caplog.at_level(logging.DEBUG, logger="workmate"):
        door_to(safe).deliver(RAW, sender=FROM, recipients=[GOOD])
    (record,) = [one for one in caplog.records if one.name == "workmate.mail"]
    told = str(vars(record))
    assert (record.recipients, record.accepted) == (1, 1)
    assert [secret for secret in (SECRET, GOOD, FROM) if secret in told] == []


def test_a_password_that_a_server_repeats_is_hidden():
    account = MailAccount(host="localhost", port=1, password=SECRET, user="konto")
    assert mail.Smtp(account)._answer(535, f"{SECRET}\x1b[31m falsch".encode()).text == (
        "••• [31m falsch"
    )


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        account = MailAccount(host="127.0.0.1", port=free.getsockname()[1], security="none")
    with pytest.raises(TemporaryFailure, match="Verbindung abgelehnt"):
        mail.Smtp(account).check()


def test_a_name_that_does_not_exist_is_tried_again():
    account = MailAccount(host="mail.nirgendwo.invalid", port=25, security="none")
    with pytest.raises(TemporaryFailure, match="Name nicht gefunden"):
        mail.Smtp(account).check()


def test_encryption_on_a_port_without_it_is_told(server):
    with pytest.raises(PermanentFailure, match="passen nicht zusammen"):
        door_to(server, security="tls").check()


@pytest.mark.django_db
def test_without_a_server_nothing_is_sent(settings):
    a_business()
    settings.EMAIL_URL = ""
    with raises_problem(errors.MAIL_NOT_SET_UP):
        mail.door()


@pytest.mark.django_db
def test_the_environment_names_the_server_until_the_settings_do(settings):
    a_business()
    settings.EMAIL_URL = "smtp+starttls://konto%40firma:p%C3%A4ss@mail.example:2525"
    account = mail.door().account
    assert (account.host, account.port, account.security) == ("mail.example", 2525, "starttls")
    assert (account.user, account.password) == ("konto@firma", "päss")
    assert account.sender == "rechnung@werkstatt-nord.example"
    assert mail.is_by_environment()
    MailAccount.objects.create(pk=1, host="mail.own.example", sender=FROM)
    assert mail.door().account.host == "mail.own.example"
    assert not mail.is_by_environment()


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [("smtps://a.example", "tls", 465), ("smtp://a.example", "none", 25)],
)
@pytest.mark.django_db
def test_an_address_without_port_has_the_usual_one(settings, url, security, port):
    a_business()
    settings.EMAIL_URL = url
    account = mail.door().account
    assert (account.security, account.port, account.user) == (security, port, "")


@pytest.mark.django_db
def test_the_outbox_keeps_everything_and_lets_nothing_out(settings):
    a_business()
    settings.EMAIL_URL = "outbox:"
    door = mail.door()
    assert mail.is_captured()
    answers = door.deliver(RAW, sender=FROM, recipients=[GOOD, GONE])
    assert [answer.accepted for answer in answers.values()] == [True, True]
    kept = OutboxMessage.objects.get()
    assert (kept.subject, kept.to, bytes(kept.raw)) == ("Probe", f"{GOOD}, {GONE}", RAW)
