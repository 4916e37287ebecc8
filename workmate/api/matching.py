"""`If-Match`: whoever changes a draft says which state they saw (RFC 9110, 13.1.1)."""

from typing import Any

from rest_framework.request import Request

from workmate import errors


def etag(obj: Any) -> str:
    """The name of the object's state: its key and its `version`."""
    return f'"{obj._meta.model_name}-{obj.pk}-{obj.version}"'


def require_match(request: Request, obj: Any) -> None:
    """Go on only when the request saw this state; PRECONDITION_REQUIRED, CHANGED_MEANWHILE."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise errors.PRECONDITION_REQUIRED()
    if given != "*" and etag(obj) not in {part.strip() for part in given.split(",")}:
        raise errors.CHANGED_MEANWHILE()
