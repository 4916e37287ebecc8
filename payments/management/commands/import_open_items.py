"""`manage.py import_open_items FILE`: take over what was open in another system."""

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from payments.taking_over import Report, check, take_over
from workmate.errors import Problem
from workmate.models import User
from workmate.money import format_amount, parse_date

WORDS = {"new": "neu", "known": "bekannt", "wrong": "FEHLER"}


class Command(BaseCommand):
    help = (
        "Übernimmt offene Posten aus einer CSV-Datei (Kundennummer oder Name, Rechnungsnummer, "
        "Datum, Fällig, Betrag): alle Zeilen oder keine. Eine zweite Übernahme ändert nichts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument("--on", metavar="DATUM", help="Tag der Übernahme (sonst heute)")
        parser.add_argument("--user", metavar="E-MAIL", help="wer übernimmt (sonst das System)")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen")

    def handle(self, *args: Any, **options: Any) -> None:
        day = self._day(options["on"])
        try:
            data = options["file"].read_bytes()
            report = check(data, booked_on=day)
            self._print(report)
            if options["dry_run"]:
                done = "Nur geprüft, nichts übernommen."
            else:
                by = self._user(options["user"])
                take_over(data, options["file"].name, booked_on=day, by=by)
                done = f"{len(report.of('new'))} Posten übernommen."
        except OSError as error:
            raise CommandError(f"Die Datei ist nicht lesbar: {error}") from error
        except Problem as problem:
            raise CommandError(f"{problem.message} {problem.advice}") from problem
        self.stdout.write(done)
        if report.of("wrong"):
            raise CommandError(f"{len(report.of('wrong'))} Zeilen sind nicht in Ordnung.")

    def _print(self, report: Report) -> None:
        for row in report.rows:
            amount = format_amount(row.item.amount) if row.item else row.cells["amount"]
            parts = (WORDS[row.state], row.cells["document"], amount, row.message)
            self.stdout.write(f"Zeile {row.line}: " + " ".join(part for part in parts if part))
        counts = {word: len(report.of(state)) for state, word in WORDS.items()}
        summary = ", ".join(f"{count} {word}" for word, count in counts.items())
        self.stdout.write(f"{summary}; neu zusammen {format_amount(report.total)} €")

    def _day(self, text: str | None) -> datetime.date:
        try:
            return parse_date(text, today=localdate()) if text else localdate()
        except ValueError as error:
            raise CommandError(f"„{text}“ ist kein Datum, zum Beispiel 01.01.2026.") from error

    def _user(self, email: str | None) -> User:
        if not email:
            return User.objects.system()
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Einen aktiven Benutzer {email} gibt es nicht.")
        return user
