"""`manage.py demo`: an invented company with a believable year behind it."""

import os
import shutil
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.timezone import localdate

from dashboard.demo import mailing, online, people, year
from workmate import jobs, localdb, roles
from workmate.ledger import charts
from workmate.models import Company, User


class Command(BaseCommand):
    """Build the demo company through the business functions; the same day gives the same year."""

    help = "Legt die Beispielfirma mit einem Geschäftsjahr an."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew",
            action="store_true",
            help="löscht vorher alles (nur in der mitgelieferten Datenbank)",
        )

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        """Refuses to touch a database that holds a company already, unless asked to start anew."""
        if anew:
            self._empty()
        if Company.objects.exists():
            raise CommandError("Es gibt schon ein Unternehmen; die Beispielfirma braucht Platz.")
        started = time.monotonic()
        owner = self._people()
        year.build(by=owner, today=localdate(), say=self.stdout.write)
        mailing.send_latest(by=owner)
        online.connect(by=owner)
        jobs.enqueue("invoicing.archive_pdfs", by=User.objects.system())
        self._note_logins()
        self.stdout.write(f"Beispielfirma angelegt in {time.monotonic() - started:.0f} s.")

    def _people(self) -> User:
        charts.load(Company.Chart.SKR03)
        Company.objects.create(pk=1, **people.COMPANY)
        system = User.objects.system()
        for email, name, role in people.LOGINS:
            user = User.objects.create_user(email, people.PASSWORD, name=name)
            roles.assign(user, role, by=system)
        return User.objects.get(email=people.LOGINS[0][0])

    def _empty(self) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CommandError("Nur die mitgelieferte Datenbank wird geleert, keine andere.")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        shutil.rmtree(settings.ARCHIVE_DIR, ignore_errors=True)
        call_command("migrate", interactive=False, verbosity=0)

    def _note_logins(self) -> None:
        width = max(len(email) for email, _, _ in people.LOGINS)
        lines = [f"{email:{width}}  {role}" for email, _, role in people.LOGINS]
        lines.append(f"Passwort: {people.PASSWORD}")
        (localdb.data_dir() / "logins.txt").write_text("\n".join(lines) + "\n")
