"""The API of banking."""

from typing import cast

from rest_framework.request import Request

from workmate.models import User


def actor(request: Request) -> User:
    """Who acts; nobody without a login gets past the rights."""
    return cast("User", request.user)
