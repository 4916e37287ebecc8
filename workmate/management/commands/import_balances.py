"""`manage.py import_balances FILE --on DATE`: opening balances of accounts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from workmate.errors import Problem
from workmate.ledger.opening import post_balances, read_balances
from workmate.models import User
from workmate.money import format_amount, parse_date


class Command(BaseCommand):
    help = (
        "Bucht Eröffnungswerte von Sachkonten aus einer CSV-Datei (Konto; Saldo oder Soll und "
        "Haben): alle Zeilen oder keine. Forderungen und Verbindlichkeiten kommen als Posten."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument("--on", metavar="DATUM", required=True, help="zum Beispiel 01.01.2026")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = parse_date(options["on"], today=localdate())
            rows = read_balances(options["file"].read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        except Problem as problem:
            raise CommandError(f"{problem.message} {problem.advice}") from problem
        for row in rows:
            amount = "" if row.amount is None else format_amount(row.amount)
            self.stdout.write(f"Zeile {row.line}: {row.number} {amount} {row.error}".rstrip())
        wrong = [row for row in rows if row.error]
        if options["dry_run"] and not wrong:
            self.stdout.write("Nur geprüft, nichts gebucht.")
            return
        try:
            entry = post_balances(rows, booked_on=day, by=User.objects.system())
        except Problem as problem:
            raise CommandError(f"{problem.message} {problem.advice}") from problem
        self.stdout.write(f"Gebucht: {entry}")
