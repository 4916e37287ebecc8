"""The audit trail: every act leaves one event, in the transaction of the act.

The database seals events at commit into a chain of SHA-256 values; `verification` recomputes it.
Source of the rule: § 146 (4) AO, GoBD Rz. 107 ff.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from workmate.logs import request_id
from workmate.models import AuditEvent, User

logger = logging.getLogger(__name__)


def record(
    event: str, obj: models.Model, *, by: User, payload: dict[str, Any] | None = None
) -> AuditEvent:
    """Write that `by` did `event` (`invoice.issued`) to `obj`; must run inside a transaction.

    `payload` holds what changed, as JSON without floats; never secrets.
    """
    return record_all(event, [(obj, payload or {})], by=by)[0]


def record_all(
    event: str, objects: Iterable[tuple[models.Model, dict[str, Any]]], *, by: User
) -> list[AuditEvent]:
    """Write the same event for several objects, each with its payload, in one statement."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record belongs into the transaction of its act")
    return AuditEvent.objects.bulk_create(
        [_event(event, obj, payload, by) for obj, payload in objects]
    )


def _event(event: str, obj: models.Model, payload: dict[str, Any], by: User) -> AuditEvent:
    label = str(obj)[:200]
    content = json.loads(json.dumps(payload, cls=DjangoJSONEncoder), parse_float=_no_float)
    return AuditEvent(
        event=event,
        actor=by,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=label,
        payload=content,
        payload_hash=payload_hash(label, content),
        request_id=request_id.get(),
    )


def payload_hash(label: str, payload: dict[str, Any]) -> str:
    """SHA-256 over label and payload in one canonical spelling."""
    text = json.dumps([label, payload], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(event: AuditEvent, prev: str, seq: int) -> str:
    """The hash that the database gives this event at this place; see `models.audit.SEAL`."""
    parts = [
        prev,
        seq,
        event.pk,
        event.event,
        event.object_type,
        event.object_id,
        event.actor_id,
        event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        event.request_id,
        event.payload_hash,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def export_head(*, at: datetime) -> dict[str, Any] | None:
    """Append the chain's head to a file and the log: a cut tail would go unnoticed otherwise."""
    head = AuditEvent.objects.filter(seq__isnull=False).order_by("-seq").first()
    if head is None:
        return None
    line = {"at": at.isoformat(), "seq": head.seq, "hash": head.hash}
    path = Path(settings.AUDIT_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    logger.info("audit head", extra={"seq": head.seq, "hash": head.hash})
    return line


def _no_float(text: str) -> float:
    raise TypeError(f"{text} is a float; the audit trail takes Decimal (as text) and int")
