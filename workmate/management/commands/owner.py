"""`manage.py owner EMAIL`: the first owner, or one more when nobody can log in."""

import argparse
import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from workmate import audit, errors, roles, users
from workmate.models import User


class Command(BaseCommand):
    help = "Legt einen Inhaber an oder macht einen Benutzer dazu und setzt sein Passwort."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="liest das Passwort aus der Eingabe"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"]
        user = User.objects.filter(email__iexact=email).first()
        password = self._password(options["password_stdin"], user or User(email=email))
        try:
            with transaction.atomic():
                user = self._owner(user, email, options["name"])
                user.set_password(password)
                user.save(update_fields=["password"])
                audit.record("user.password_set", user, by=User.objects.system())
        except errors.Problem as problem:
            details = " ".join(text for texts in problem.fields.values() for text in texts)
            raise CommandError(f"{problem.message} {details}".strip()) from problem
        self.stdout.write(f"{user.email} ist Inhaber.")

    def _owner(self, user: User | None, email: str, name: str) -> User:
        system = User.objects.system()
        if user is None:
            name = name or email.partition("@")[0]
            return users.create(email=email, name=name, role=roles.OWNER, by=system)[0]
        if not user.is_active:
            users.reactivate(user, by=system)
        roles.assign(user, roles.OWNER, by=system)
        user.refresh_from_db()
        return user

    def _password(self, from_stdin: bool, user: User) -> str:
        if from_stdin:
            password = sys.stdin.readline().rstrip("\n")
        else:
            password = getpass.getpass("Passwort: ")
            if getpass.getpass("Noch einmal: ") != password:
                raise CommandError("Die beiden Eingaben sind verschieden.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
