"""API tokens: `wm_<prefix>_<secret>`, shown once, kept as SHA-256."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from workmate import audit, errors
from workmate.models import ApiToken, User

SHAPE = re.compile(r"wm_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
# How exactly `last_used_at` is known.
USED = timedelta(minutes=1)


@transaction.atomic
def create(*, name: str, expires_at: datetime | None, by: User) -> tuple[ApiToken, str]:
    """A new token of `by` and its text, which nobody can show again."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=by, name=name, prefix=prefix, digest=_digest(secret), expires_at=expires_at
    )
    audit.record("token.created", token, by=by, payload={"prefix": prefix})
    return token, f"wm_{prefix}_{secret}"


@transaction.atomic
def revoke(token: ApiToken, *, by: User, at: datetime) -> None:
    """The token opens nothing any more."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        audit.record("token.revoked", token, by=by, payload={"prefix": token.prefix})


def authenticate(text: str, *, at: datetime) -> ApiToken:
    """The token with its user; INVALID_TOKEN, EXPIRED_TOKEN, USER_INACTIVE."""
    match = SHAPE.fullmatch(text)
    if match is None:
        raise errors.INVALID_TOKEN()
    prefix, secret = match.groups()
    token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    if not hmac.compare_digest(_digest(secret), token.digest if token else "") or token is None:
        raise errors.INVALID_TOKEN()
    if token.revoked_at or (token.expires_at and token.expires_at <= at):
        raise errors.EXPIRED_TOKEN()
    if not token.user.is_active:
        raise errors.USER_INACTIVE(email=token.user.email)
    if token.last_used_at is None or token.last_used_at < at - USED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


def _digest(secret: str) -> str:
    """A plain hash will do: the secret has 256 random bits, nobody can guess it."""
    return hashlib.sha256(secret.encode()).hexdigest()
