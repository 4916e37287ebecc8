"""`manage.py import_statement IBAN FILE`: read a bank's export into an account."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from banking.accounts import of_iban
from banking.importing import import_statement, plan_import
from banking.models import StatementImport
from banking.reading import read_statement
from workmate.errors import Problem
from workmate.models import User


class Command(BaseCommand):
    help = "Liest einen Kontoauszug (CSV, camt, MT940, ZIP) in das Konto mit dieser IBAN ein."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("iban", help="IBAN des Kontos; mit --dry-run auch „-“")
        parser.add_argument("file", type=Path, help="Datei aus dem Online-Banking")
        parser.add_argument("--dry-run", action="store_true", help="nur prüfen, nichts ändern")
        parser.add_argument("--json", action="store_true", help="Ergebnis als JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} ist nicht lesbar: {error.strerror}") from error
        try:
            if options["dry_run"]:
                result = _preview(options["iban"], data)
            else:
                result = _result(options["iban"], data, options["file"].name)
        except Problem as problem:
            raise CommandError(f"{problem.code}: {problem.message} {problem.advice}") from problem
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._write(result)

    def _write(self, result: dict[str, Any]) -> None:
        check = StatementImport.BalanceCheck(result["balance_check"]).label
        self.stdout.write(
            f"{result['format']} ({result['encoding']}): {result['read']} gelesen, "
            f"{result['new']} neu, {result['known']} bekannt, Summe {result['sum']}, Saldo {check}"
        )
        for skip in result["skipped"]:
            self.stdout.write(f"Zeile {skip['line']} übersprungen: {skip['reason']}")
        for warning in result["warnings"]:
            self.stdout.write(f"Hinweis: {warning}")


def _preview(iban: str, data: bytes) -> dict[str, Any]:
    """What an import would do; without an account everything counts as new."""
    statement = read_statement(data)
    plan = plan_import(None if iban == "-" else of_iban(iban), statement)
    return {
        "format": statement.format,
        "encoding": statement.encoding,
        "read": len(statement.rows),
        "new": plan.new,
        "known": plan.known,
        "skipped": [{"line": skip.line, "reason": skip.reason} for skip in statement.skipped],
        "sum": f"{statement.total:.2f}",
        "balance_check": statement.balance_check.value,
        "warnings": plan.warnings,
    }


def _result(iban: str, data: bytes, filename: str) -> dict[str, Any]:
    imported = import_statement(of_iban(iban), data, filename=filename, by=User.objects.system())
    return {
        "format": imported.format_key,
        "encoding": imported.encoding,
        "read": imported.read,
        "new": imported.new,
        "known": imported.known,
        "skipped": imported.skipped,
        "sum": f"{imported.total:.2f}",
        "balance_check": str(imported.balance_check),
        "warnings": imported.warnings,
    }
