"""Secrets at rest: a field whose column holds cipher text only.

`FIELD_ENCRYPTION_KEYS` lists Fernet keys: the first encrypts, all decrypt; `manage.py rotate_keys`
re-encrypts with the first. The field fails closed: plain text or a foreign key in the column is
an error, never a value. Nobody searches in it: every lookup but `isnull` is refused.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldError
from django.db import models

from workmate import errors

# Which format the rest of the column has; a later one gets another number.
PREFIX = "wm1:"


def encrypt(text: str) -> str:
    """Cipher text with its format prefix."""
    return PREFIX + _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text again; SECRET_UNREADABLE for plain text, damage, or a key that is not ours."""
    if not stored.startswith(PREFIX):
        raise errors.SECRET_UNREADABLE()
    try:
        token = stored.removeprefix(PREFIX)
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token).decode()
    except InvalidToken as error:
        raise errors.SECRET_UNREADABLE() from error


def rotate(stored: str) -> str:
    """The same secret under the first key."""
    if not stored.startswith(PREFIX):
        raise errors.SECRET_UNREADABLE()
    try:
        fernet = _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS))
        return PREFIX + fernet.rotate(stored.removeprefix(PREFIX)).decode()
    except InvalidToken as error:
        raise errors.SECRET_UNREADABLE() from error


def masked(secret: str) -> str:
    """What may be shown of a secret: `••••1234`."""
    return f"••••{secret[-4:]}" if len(secret) >= 12 else "••••" if secret else ""


class EncryptedTextField(models.TextField):
    """A text that only the application can read. "" and NULL stay what they are."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: only isnull can be asked")
        return super().get_lookup(lookup_name)


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


@register(Tags.security)
def check_keys(**_: Any) -> list[CheckMessage]:
    """The keys are there, valid, all different, and not the SECRET_KEY."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    hint = (
        'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
    )
    found: list[CheckMessage] = []
    if not keys:
        found.append(Error("FIELD_ENCRYPTION_KEYS ist leer.", hint=hint, id="workmate.E001"))
    for number, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            message = f"Schlüssel {number} in FIELD_ENCRYPTION_KEYS ist kein Fernet-Schlüssel."
            found.append(Error(message, hint=hint, id="workmate.E002"))
    if settings.SECRET_KEY in keys:
        message = "FIELD_ENCRYPTION_KEYS darf nicht der SECRET_KEY sein."
        found.append(Error(message, hint=hint, id="workmate.E003"))
    if len(set(keys)) != len(keys):
        message = "Ein Schlüssel steht zweimal in FIELD_ENCRYPTION_KEYS."
        found.append(Error(message, id="workmate.E004"))
    return found
