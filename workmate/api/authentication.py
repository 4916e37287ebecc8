"""Who asks: a browser session, or a token in `Authorization: Bearer wm_…`."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import authentication
from rest_framework.request import Request

from workmate import errors, tokens
from workmate.models import ApiToken, User


class SessionAuthentication(authentication.SessionAuthentication):
    """The login of the pages; a POST needs its CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def enforce_csrf(self, request: Request) -> None:
        check = authentication.CSRFCheck(lambda _: HttpResponse())
        check.process_request(request)
        if check.process_view(request, lambda _: HttpResponse(), (), {}):
            raise errors.CSRF_FAILED()


class TokenAuthentication(authentication.BaseAuthentication):
    """A key of a machine."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text or not text.isascii() or " " in text:
            raise errors.INVALID_AUTHORIZATION()
        token = tokens.authenticate(text, at=timezone.now())
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
