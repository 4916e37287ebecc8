"""`manage.py validate_einvoice FILE…`: judge e-invoices (XML or PDF) by the official rules."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from invoicing.einvoice.parse import Unreadable
from invoicing.einvoice.report import Finding, Level, Report
from invoicing.einvoice.validate import unreadable, validate
from invoicing.einvoice.zugferd import MAX_PDF

_LEVELS = {
    Level.FATAL: "Fehler",
    Level.ERROR: "Fehler",
    Level.WARNING: "Warnung",
    Level.INFORMATION: "Hinweis",
}


class Command(BaseCommand):
    """Exits with 1 when a file is not valid."""

    help = "Prüft E-Rechnungen (XML oder PDF) gegen Schema und amtliche Regeln."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="XML- oder PDF-Dateien")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="eine JSON-Zeile je Datei"
        )

    def handle(self, *args: Any, files: list[str], as_json: bool, **options: Any) -> None:
        all_valid = True
        for file in files:
            report = judge(Path(file))
            all_valid &= report.valid
            if as_json:
                line = json.dumps({"file": file, **report.to_json()}, ensure_ascii=False)
            else:
                line = "\n".join(describe(file, report))
            self.stdout.write(line)
        if not all_valid:
            raise SystemExit(1)


def judge(path: Path) -> Report:
    """The report on a file; one that cannot be read has a finding of class format."""
    try:
        if path.stat().st_size > MAX_PDF:
            return unreadable(Unreadable("FORMAT-SIZE", "Die Datei ist zu groß."))
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return unreadable(
            Unreadable("FORMAT-FILE", f"Die Datei lässt sich nicht lesen: {reason}.", str(error))
        )
    return validate(data)


def describe(file: str, report: Report) -> list[str]:
    """The report in words, for a person at a terminal."""
    verdict = "gültig" if report.valid else "nicht gültig"
    lines = [f"{file}: {verdict}"]
    if report.syntax:
        total = "?" if report.total is None else f"{report.total:.2f}"
        lines.append(f"  {report.syntax} · {report.guideline} · Nr. {report.number} · {total}")
    for layer in report.layers:
        if layer.ran:
            lines.append(f"  geprüft: {layer.name} {layer.version}")
        else:
            lines.append(f"  NICHT geprüft: {layer.name} – {layer.reason}")
    lines += [_finding(finding) for finding in report.findings]
    return lines


def _finding(finding: Finding) -> str:
    place = f" [{finding.location}]" if finding.location else ""
    return f"  {_LEVELS[finding.level]} {finding.rule}: {finding.text}{place}"
