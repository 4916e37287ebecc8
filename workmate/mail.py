"""The one door for e-mail: a real SMTP server, or the outbox of the demo.

Failures have two kinds, as at every door (`workmate.outside`): TemporaryFailure is tried again,
PermanentFailure is told to a person. What a server says to each recipient is an `Answer`.
No password and no address is logged; a server's words are cut and cleaned before they are shown.
Source of the rules: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 4954 (AUTH).
"""

import logging
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import idna
from django.conf import settings

from workmate import company, errors, letters
from workmate.models import MailAccount, OutboxMessage
from workmate.outside import PermanentFailure, TemporaryFailure

logger = logging.getLogger(__name__)

SECURITY = {
    "smtp": MailAccount.Security.NONE,
    "smtp+starttls": MailAccount.Security.STARTTLS,
    "smtps": MailAccount.Security.TLS,
}
PORTS = {"none": 25, "starttls": 587, "tls": 465}
QUIET = 20.0  # seconds for every answer but the last
# RFC 5321 4.5.3.2.6 asks for ten minutes: whoever hangs up early makes duplicates.
PATIENCE = 600.0


@dataclass(frozen=True)
class Answer:
    """What the server said about one recipient; code 0 when it said nothing any more."""

    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def refused(self) -> bool:
        """For good: asking again gives the same answer."""
        return self.code >= 500


class Door(Protocol):
    """A way out for mail, with the account whose sender it uses."""

    account: MailAccount
    captures: bool

    def deliver(
        self, raw: bytes, *, sender: str, recipients: Sequence[str]
    ) -> dict[str, Answer]: ...


class Smtp:
    """A mail server. One per use."""

    captures = False

    def __init__(self, account: MailAccount, *, timeout: float = QUIET) -> None:
        self.account = account
        self.timeout = timeout
        self.party = f"Der Mailserver {account}"

    def check(self) -> None:
        """Connect, encrypt, log in; TemporaryFailure or PermanentFailure with the reason."""
        with self._session() as smtp:
            smtp.noop()

    def deliver(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> dict[str, Answer]:
        """Hand over the message; what the server said to each recipient.

        Raises TemporaryFailure or PermanentFailure when it did not come to recipients. After the
        last byte nothing is raised any more: a lost answer is an `Answer` with code 0.
        """
        started = time.monotonic()
        answers: dict[str, Answer] = {}
        try:
            with self._session() as smtp:
                size = [f"size={len(raw)}"] if smtp.has_extn("size") else []
                code, text = smtp.mail(sender, size)
                if code != 250:
                    raise smtplib.SMTPSenderRefused(code, text, sender)
                for one in recipients:
                    answers[one] = self._answer(*smtp.rcpt(one))
                taken = [one for one, answer in answers.items() if answer.accepted]
                if taken:
                    answers |= dict.fromkeys(taken, self._hand_over(smtp, raw))
        finally:
            self._log(answers, started)
        return answers

    def _hand_over(self, smtp: smtplib.SMTP, raw: bytes) -> Answer:
        try:
            if smtp.sock:
                smtp.sock.settimeout(PATIENCE)
            return self._answer(*smtp.data(raw))
        except smtplib.SMTPDataError as error:
            return self._answer(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPServerDisconnected, OSError):
            return Answer(0, "Die Verbindung ist während der Übertragung abgebrochen.")

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        with self._translated():
            smtp = self._connected()
            try:
                yield smtp
            finally:
                # What was accepted is accepted: the farewell takes no time and breaks nothing.
                with suppress(smtplib.SMTPException, OSError):
                    if smtp.sock:
                        smtp.sock.settimeout(2)
                    smtp.quit()
                smtp.close()

    def _connected(self) -> smtplib.SMTP:
        account = self.account
        own_name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        host = idna.encode(account.host, uts46=True).decode() if not account.host.isascii() else ""
        where = (host or account.host, account.port)
        safe = ssl.create_default_context()
        if account.security == MailAccount.Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, local_hostname=own_name, timeout=self.timeout, context=safe
            )
        else:
            smtp = smtplib.SMTP(*where, local_hostname=own_name, timeout=self.timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if account.security == MailAccount.Security.STARTTLS:
                smtp.starttls(context=safe)
                smtp.ehlo()
            if account.user:
                smtp.login(account.user, account.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Tell failures apart; `from None`, so that no traceback carries what was sent."""
        try:
            yield
        except smtplib.SMTPNotSupportedError:
            reason = "Er bietet die gewählte Verschlüsselung oder Anmeldung nicht an."
            raise PermanentFailure(self.party, reason) from None
        except smtplib.SMTPResponseException as error:
            answer = self._answer(error.smtp_code, error.smtp_error)
            if answer.refused:
                raise PermanentFailure(self.party, f"{answer.code} {answer.text}") from None
            raise TemporaryFailure(f"{self.party} ({answer.code} {answer.text})") from None
        except ssl.SSLCertVerificationError as error:
            reason = f"Sein Zertifikat ist nicht gültig ({error.verify_message})."
            raise PermanentFailure(self.party, reason) from None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, smtplib.SMTPServerDisconnected):
            raise TemporaryFailure(f"{self.party} (Verbindung abgebrochen)") from None
        except ssl.SSLError:
            reason = "Port und Verschlüsselung passen nicht zusammen."
            raise PermanentFailure(self.party, reason) from None
        except UnicodeError:
            reason = "Servername oder Zugangsdaten enthalten Zeichen, die nicht möglich sind."
            raise PermanentFailure(self.party, reason) from None
        except smtplib.SMTPException:
            raise PermanentFailure(self.party, "Er spricht anders als erwartet.") from None
        except OSError as error:
            raise TemporaryFailure(f"{self.party} ({_why(error)})") from None

    def _answer(self, code: int, text: bytes | str) -> Answer:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        if self.account.password:
            said = said.replace(self.account.password, "•••")
        return Answer(code, letters.one_line(said)[:300])

    def _log(self, answers: dict[str, Answer], started: float) -> None:
        logger.info(
            "outside",
            extra={
                "party": "Mailserver",
                "host": str(self.account),
                "recipients": len(answers),
                "accepted": sum(answer.accepted for answer in answers.values()),
                "ms": round((time.monotonic() - started) * 1000),
            },
        )


class Outbox:
    """Keeps every message in the database: what the demo would have sent."""

    captures = True

    def __init__(self, account: MailAccount) -> None:
        self.account = account

    def deliver(self, raw: bytes, *, sender: str, recipients: Sequence[str]) -> dict[str, Answer]:
        """Keep the message; everybody accepts it."""
        headers = dict(letters.read(raw).headers)
        OutboxMessage.objects.create(
            message_id=headers.get("Message-ID", "")[:250],
            sender=sender,
            recipients=list(recipients),
            subject=headers.get("Subject", "")[:250],
            raw=raw,
        )
        return dict.fromkeys(recipients, Answer(250, "Im Postausgang der Demo aufgefangen."))


def door() -> Door:
    """The way out: the account of the settings, else EMAIL_URL; MAIL_NOT_SET_UP without either."""
    if own := MailAccount.objects.first():
        return Smtp(own)
    url = urlsplit(settings.EMAIL_URL)
    if url.scheme == "outbox":
        return Outbox(MailAccount(sender=company.get().email))
    if url.scheme in SECURITY:
        return Smtp(_from(url))
    raise errors.MAIL_NOT_SET_UP()


def is_captured() -> bool:
    """Whether messages end in the outbox because no server is set up."""
    return settings.EMAIL_URL.startswith("outbox:") and not MailAccount.objects.exists()


def is_by_environment() -> bool:
    """Whether EMAIL_URL names the server because the settings name none."""
    named = urlsplit(settings.EMAIL_URL).scheme in SECURITY
    return named and not MailAccount.objects.exists()


def _from(url: SplitResult) -> MailAccount:
    """The account that EMAIL_URL names; the company's address is the sender."""
    security = SECURITY[url.scheme]
    return MailAccount(
        host=url.hostname or "localhost",
        port=url.port or PORTS[security],
        security=security,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        sender=company.get().email,
    )


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "Name nicht gefunden"
    if isinstance(error, TimeoutError):
        return "keine Antwort"
    if isinstance(error, ConnectionRefusedError):
        return "Verbindung abgelehnt"
    return "Verbindung nicht möglich"
