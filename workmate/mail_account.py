"""The mail server of the settings: kept, changed, removed and tried out."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from workmate import audit, company, errors, letters, mail
from workmate.mail import Answer
from workmate.models import MailAccount, User

FIELDS = ("host", "port", "security", "user", "sender", "reply_to", "copy_to_self")


@transaction.atomic
def save(changes: dict[str, Any], *, password: str = "", by: User) -> MailAccount:
    """Keep the server that takes our mail; an empty password leaves the stored one.

    Raises MAIL_ACCOUNT_INVALID, also when another server shall get the stored password.
    """
    account = MailAccount.objects.select_for_update().filter(pk=1).first() or MailAccount(pk=1)
    before = {name: getattr(account, name) for name in FIELDS}
    for name in FIELDS:
        setattr(account, name, changes[name])
    moved = (account.host, account.security) != (before["host"], before["security"])
    if account.user and not password and account.password and moved:
        text = "Bei einem anderen Server oder einer anderen Verschlüsselung: neu eingeben."
        raise errors.MAIL_ACCOUNT_INVALID(fields={"password": [text]})
    account.password = (password or account.password) if account.user else ""
    _validate(account)
    account.save()
    changed: dict[str, Any] = {
        name: {"before": old, "after": getattr(account, name)}
        for name, old in before.items()
        if old != getattr(account, name)
    }
    if password:
        changed["password"] = "neu"  # noqa: S105 — says that there is a new one
    if changed:
        audit.record("mail_account.changed", account, by=by, payload=changed)
    return account


@transaction.atomic
def remove(*, by: User) -> None:
    """Send through no server of the settings any more."""
    account = MailAccount.objects.select_for_update().filter(pk=1).first()
    if account:
        audit.record("mail_account.removed", account, by=by)
        account.delete()


def send_test(*, by: User) -> Answer:
    """Send a short message to whoever asks; what the server said.

    Raises MAIL_NOT_SET_UP, TemporaryFailure, PermanentFailure.
    """
    door = mail.door()
    to = letters.address(by.email)
    sender = letters.address(door.account.sender)
    raw = letters.write(
        letters.Letter(
            message_id=message_id(sender),
            sender=sender,
            sender_name=company.get().name,
            to=[to],
            cc=[],
            reply_to=door.account.reply_to and letters.address(door.account.reply_to),
            subject="Testnachricht von WorkmateOS Finance",
            text=render_to_string("emails/test.txt", {"user": by, "address": settings.PUBLIC_URL}),
            at=timezone.localtime(),
            attachments=[],
        )
    )
    return door.deliver(raw, sender=sender, recipients=[to])[to]


def message_id(sender: str) -> str:
    """A name for a message that no other message has (RFC 5322 3.6.4)."""
    return f"<{secrets.token_hex(12)}@{sender.rpartition('@')[2]}>"


def _validate(account: MailAccount) -> None:
    found: dict[str, list[str]] = {}
    if account.port not in settings.MAIL_PORTS:
        known = ", ".join(map(str, settings.MAIL_PORTS))
        found["port"] = [f"Möglich sind: {known}."]
    if not account.password.isascii() or not account.password.isprintable():
        found["password"] = ["Nur Zeichen ohne Umlaute sind möglich (RFC 4954)."]
    try:
        account.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            found.setdefault(name, []).extend(messages)
    if found:
        raise errors.MAIL_ACCOUNT_INVALID(fields=found)
