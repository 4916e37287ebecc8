"""Handing a file over from one request to the next of the same person, without keeping it.

It lies encrypted in the broker's memory, which forgets it after ten minutes; no table, no folder
and no backup knows of it.
"""

import base64
import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

from workmate.encryption import decrypt, encrypt
from workmate.models import User

SECONDS = 600

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A file on its way."""

    filename: str
    media_type: str
    data: bytes


def leave(parcel: Parcel, *, by: User) -> str:
    """Put the file down for this person; gives the secret word for it, or nothing where the
    broker does not answer."""
    word = secrets.token_urlsafe(24)
    content = {
        "filename": parcel.filename,
        "media_type": parcel.media_type,
        "data": base64.b64encode(parcel.data).decode(),
    }
    try:
        with _memory() as memory:
            memory.set(_key(word, by), encrypt(json.dumps(content)), ex=SECONDS)
    except OperationalError as error:
        logger.warning("a file could not be handed over: %s", error)
        return ""
    return word


def take(word: str, *, by: User) -> Parcel | None:
    """The file that this person put down under the word; nothing once it is forgotten."""
    with _memory() as memory:
        stored = memory.get(_key(word, by))
    if stored is None:
        return None
    content = json.loads(decrypt(stored.decode()))
    return Parcel(
        filename=content["filename"],
        media_type=content["media_type"],
        data=base64.b64decode(content["data"]),
    )


def _key(word: str, by: User) -> str:
    return f"handover:{by.pk}:{word}"


@contextmanager
def _memory() -> Iterator[Any]:
    """The broker's own client, whatever kind of address it has."""
    with current_app.pool.acquire(block=True) as connection:
        connection.ensure_connection(max_retries=1)
        yield connection.default_channel.client
