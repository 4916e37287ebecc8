"""Letters are e-mails as bytes: addresses made safe, messages written and read again.

Source of the rules: RFC 5322 (message), RFC 5321 (addresses), RFC 5891 (umlaut domains).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from workmate import errors

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
SHOWN = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along."""

    filename: str
    media_type: str
    data: bytes

    @property
    def size(self) -> int:
        """Bytes of the file itself; on its way it is a third larger."""
        return len(self.data)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a message says; addresses have gone through `address`. Blind copies are not in it."""

    message_id: str
    sender: str
    sender_name: str
    to: list[str]
    cc: list[str]
    reply_to: str
    subject: str
    text: str
    at: datetime
    attachments: list[Attachment]


@dataclass(frozen=True, kw_only=True)
class Read:
    """A message taken apart for people."""

    headers: list[tuple[str, str]]
    text: str
    attachments: list[Attachment]


def address(text: str) -> str:
    """The address as it goes through the wire, umlaut domains in ASCII; MAIL_ADDRESS_UNFIT."""
    wanted = text.strip()
    local, at, domain = wanted.rpartition("@")
    shown = one_line(wanted)[:100]
    if not at or not domain:
        raise errors.MAIL_ADDRESS_UNFIT(
            address=shown, reason="Eine Adresse sieht so aus: name@firma.de."
        )
    if not LOCAL.fullmatch(local):
        raise errors.MAIL_ADDRESS_UNFIT(
            address=shown,
            reason="Vor dem @ stehen Buchstaben ohne Umlaute, Ziffern und wenige Zeichen.",
        )
    try:
        found = f"{local}@{idna.encode(domain, uts46=True).decode().lower()}"
        validate_email(found)
    except (idna.IDNAError, UnicodeError, ValidationError) as error:
        raise errors.MAIL_ADDRESS_UNFIT(
            address=shown, reason="Prüfen Sie den Teil nach dem @."
        ) from error
    if len(found) > 254 or len(local) > 64:
        raise errors.MAIL_ADDRESS_UNFIT(address=shown, reason="Die Adresse ist zu lang.")
    return found


def readable(found: str) -> str:
    """The address as people write it, with its umlauts."""
    local, _, domain = found.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except (idna.IDNAError, UnicodeError):
        return found


def one_line(text: str) -> str:
    """The text without line breaks and control characters."""
    clean = "".join(" " if unicodedata.category(sign) in UNSEEN else sign for sign in text)
    return " ".join(clean.split())


def require_one_line(text: str, field: str) -> str:
    """The text, trimmed; MAIL_HEADER_UNFIT when it could begin another header."""
    wanted = text.strip()
    if any(unicodedata.category(sign) in UNSEEN for sign in wanted):
        raise errors.MAIL_HEADER_UNFIT(field=field)
    return wanted


def write(letter: Letter) -> bytes:
    """The message as it goes through the wire: 7 bit, lines end with CR LF."""
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.at)
    message["From"] = Address(one_line(letter.sender_name), addr_spec=letter.sender)
    message["To"] = _addresses(letter.to)
    if letter.cc:
        message["Cc"] = _addresses(letter.cc)
    if letter.reply_to:
        message["Reply-To"] = _addresses([letter.reply_to])
    message["Subject"] = require_one_line(letter.subject, "Betreff")
    message.set_content(letter.text.rstrip() + "\n", charset="utf-8", cte="quoted-printable")
    for file in letter.attachments:
        maintype, _, subtype = file.media_type.partition("/")
        message.add_attachment(
            file.data, maintype=maintype, subtype=subtype, filename=file.filename
        )
    return message.as_bytes()


def read(raw: bytes) -> Read:
    """The message for people: headers that matter, the text, the files."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Read(
        headers=[(name, str(message[name])) for name in SHOWN if message[name]],
        text=body.get_content().replace("\r\n", "\n") if body else "",
        attachments=[
            Attachment(
                filename=part.get_filename() or "anhang",
                media_type=part.get_content_type(),
                data=bytes(part.get_payload(decode=True) or b""),
            )
            for part in message.iter_attachments()
        ],
    )


def _addresses(found: list[str]) -> tuple[Address, ...]:
    return tuple(Address(addr_spec=one) for one in found)


# Control, format, line and paragraph separators, surrogates.
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
