"""How pages call acts: a refusal becomes a toast and the page before."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from workmate.errors import Problem
from workmate.models import User


class Page(PermissionRequiredMixin, View):
    """A page that needs `permission_required`; strangers log in first, others get 403."""

    @property
    def user(self) -> User:
        """Who acts; the permission check has let nobody else through."""
        return cast("User", self.request.user)


def attempt(request: HttpRequest, done: str, act: Callable[..., Any], *args: Any, **kw: Any) -> Any:
    """Call an act as this user and say that it is done, or why not. Gives the act's result."""
    try:
        result = act(*args, by=request.user, **kw)
    except Problem as problem:
        messages.error(request, f"{problem.message} {problem.advice}")
        return None
    messages.success(request, done)
    return result if result is not None else True


def back_to(request: HttpRequest, default: Any) -> HttpResponse:
    """Go on where `weiter` says, if that is a page of ours."""
    return redirect(asked_way(request) or default)


def asked_way(request: HttpRequest) -> str:
    """The page that `weiter` names; empty unless it is one of ours."""
    wanted = request.POST.get("weiter") or request.GET.get("weiter") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") else ""
