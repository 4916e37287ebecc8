"""People and their access: inviting them, changing their role, locking them out."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from workmate import audit, errors, roles, tokens
from workmate.models import User

# Without letters and digits that look alike; 16 of them have 78 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


@transaction.atomic
def create(*, email: str, name: str, role: str, by: User) -> tuple[User, str]:
    """A new user with a role, and the first password, which is shown once."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    user = User(email=User.objects.normalize_email(email), name=name)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        raise errors.from_validation(error) from error
    user.save()
    audit.record("user.created", user, by=by)
    roles.assign(user, role, by=by)
    return user, password


@transaction.atomic
def change(user: User, *, email: str, name: str, role: str, by: User) -> User:
    """Another name, address or role; LAST_OWNER when nobody would be left to manage users."""
    owners = _lock_owners()
    user = User.objects.select_for_update().get(pk=user.pk)
    if role != roles.OWNER:
        _keep_an_owner(user, owners)
    before = {"email": user.email, "name": user.name}
    user.email, user.name = User.objects.normalize_email(email), name
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise errors.from_validation(error) from error
    user.save(update_fields=["email", "name"])
    if before != {"email": user.email, "name": user.name}:
        audit.record("user.changed", user, by=by, payload={"before": before})
    if roles.role_of(user) != role:
        roles.assign(user, role, by=by)
    return user


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime) -> None:
    """Lock the user out at once: sessions end and tokens open nothing. LAST_OWNER."""
    owners = _lock_owners()
    user = User.objects.select_for_update().get(pk=user.pk)
    _keep_an_owner(user, owners)
    user.is_active = False
    user.save(update_fields=["is_active"])
    for token in user.api_tokens.filter(revoked_at=None):
        tokens.revoke(token, by=by, at=at)
    audit.record("user.deactivated", user, by=by)


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    """Let the user in again."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("user.reactivated", user, by=by)


@transaction.atomic
def change_password(user: User, *, old: str, new: str) -> User:
    """A new password, chosen by its owner; WRONG_PASSWORD, PASSWORD_UNFIT."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.check_password(old):
        raise errors.WRONG_PASSWORD(fields={"old_password": [errors.WRONG_PASSWORD.message]})
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise errors.PASSWORD_UNFIT(fields={"new_password": error.messages}) from error
    user.set_password(new)
    user.save(update_fields=["password"])
    audit.record("user.password_changed", user, by=user)
    return user


@transaction.atomic
def rename(user: User, *, name: str) -> User:
    """Another name, chosen by its owner."""
    user = User.objects.select_for_update().get(pk=user.pk)
    audit.record("user.changed", user, by=user, payload={"before": {"name": user.name}})
    user.name = name
    user.save(update_fields=["name"])
    return user


def _lock_owners() -> list[int]:
    """The active owners, locked, so that two of them cannot remove each other at once."""
    owners = User.objects.filter(groups__name=roles.OWNER, is_active=True).order_by("pk")
    return [user.pk for user in owners.select_for_update(of=("self",))]


def _keep_an_owner(user: User, owners: list[int]) -> None:
    if owners == [user.pk]:
        raise errors.LAST_OWNER(email=user.email)
