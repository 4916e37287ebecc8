"""Logging in with e-mail address and password; too many failures lock address and network."""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from workmate import audit, errors
from workmate.models import User

KEPT = 30  # days


class LoginForm(AuthenticationForm):
    """Asks for the e-mail address; one message for every reason to refuse."""

    username = forms.EmailField(
        label="E-Mail-Adresse",
        max_length=254,
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )

    def get_invalid_login_error(self) -> ValidationError:
        entry = errors.INVALID_CREDENTIALS
        return ValidationError(f"{entry.message} {entry.advice}", code=entry.code)


def client_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The address that is tried, in one spelling: letter case buys no further tries."""
    given = (credentials or request.POST).get("username") or ""
    return str(given).strip().lower()


def client_ip(request: HttpRequest) -> str:
    """The address that asks: the one that the outermost of our own proxies saw."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES and forwarded[0]:
        return forwarded[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR") or "")


def forget() -> None:
    """Remove sessions that have ended, and addresses of logins after 30 days (Art. 5 (1) e GDPR).

    Who logged in when stays in the audit trail, without the address.
    """
    SessionStore.clear_expired()
    AxesProxyHandler.reset_logs(age_days=KEPT)
    AxesProxyHandler.reset_failure_logs(age_days=KEPT)
    expired = timezone.now() - timedelta(days=KEPT)
    AccessAttempt.objects.filter(attempt_time__lt=expired).delete()


@receiver(user_logged_in, dispatch_uid="workmate.login")
def _record_login(sender: Any, user: User, **_: Any) -> None:
    with transaction.atomic():
        audit.record("user.logged_in", user, by=user)
