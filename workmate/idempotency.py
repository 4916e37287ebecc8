"""A repeated POST acts once: the first answer is kept and given again.

The record, the act and its answer commit together, so a crash leaves neither a half act nor a
key that stays taken. Source of the rule: draft-ietf-httpapi-idempotency-key-header.
"""

from datetime import datetime, timedelta

from django.db import connection

from workmate import errors
from workmate.models import IdempotentRequest, User

KEPT = timedelta(hours=24)


def claim(user: User, key: str, path: str, digest: str) -> IdempotentRequest:
    """The record of this key: with a status when it was answered before, without when it is new.

    Must run in the transaction of the act. `digest` is the SHA-256 of the body. Raises KEY_UNFIT,
    KEY_REUSED (other address or content), KEY_IN_PROGRESS.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a key is claimed in the transaction of its act")
    if not key.strip() or len(key) > 255 or not key.isprintable():
        raise errors.KEY_UNFIT()
    with connection.cursor() as cursor:
        lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 4714))"
        cursor.execute(lock, [f"{user.pk}:{key}"])
        if not cursor.fetchone()[0]:
            raise errors.KEY_IN_PROGRESS()
    record, _ = IdempotentRequest.objects.get_or_create(
        user=user, key=key, defaults={"path": path[:500], "body_hash": digest}
    )
    if (record.path, record.body_hash) != (path[:500], digest):
        raise errors.KEY_REUSED()
    return record


def keep(record: IdempotentRequest, *, status: int, headers: dict[str, str], body: str) -> None:
    """Keep the answer for 24 hours."""
    record.status, record.headers, record.body = status, headers, body
    record.save(update_fields=["status", "headers", "body"])


def forget(*, at: datetime) -> int:
    """Remove answers older than 24 hours; returns how many."""
    return IdempotentRequest.objects.filter(created_at__lt=at - KEPT).delete()[0]
