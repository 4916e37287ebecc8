"""What a request may: the model's view permission to read, its own permission for every act."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

ACTS = {"POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


class Rights(BasePermission):
    """Denies unless the user holds the permission of the view.

    A view names it in `permission_required`: a text for all methods, or a dict of methods
    (`{"GET": …, "POST": …}`); what it does not name comes from the model of its queryset. An empty
    text means: whoever is logged in.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not (user and user.is_authenticated and user.is_active):
            return False
        if request.method == "OPTIONS":
            return True
        needed = permission_for(view, request.method or "GET")
        return needed is not None and (needed == "" or user.has_perm(needed))


def permission_for(view: Any, method: str) -> str | None:
    """The permission that this method of the view needs; None denies."""
    method = "GET" if method == "HEAD" else method
    declared = getattr(view, "permission_required", None)
    if isinstance(declared, str):
        return declared
    if declared and method in declared:
        return str(declared[method])
    queryset = getattr(view, "queryset", None)
    if queryset is None:
        return None
    meta = queryset.model._meta
    act = "view" if method == "GET" else ACTS.get(method)
    return f"{meta.app_label}.{act}_{meta.model_name}" if act else None
