"""`manage.py einvoice_rules [install FILE.zip | reset]`: which official rules judge e-invoices."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoicing import replacing
from invoicing.einvoice.validate import rule_versions
from workmate.errors import Problem
from workmate.models import User


class Command(BaseCommand):
    """Shows the versions; installs an official release over them, or goes back."""

    help = "Zeigt die Prüfregeln für E-Rechnungen, ersetzt sie oder stellt sie wieder her."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="als JSON")
        acts = parser.add_subparsers(dest="act", metavar="install | reset")
        install = acts.add_parser("install", help="Konfiguration der KoSIT (ZIP) verwenden")
        install.add_argument("file", type=Path, help="ZIP-Datei")
        acts.add_parser("reset", help="zurück zu den Regeln des Pakets")

    def handle(self, *args: Any, act: str | None, as_json: bool, **options: Any) -> None:
        if act == "install":
            self._install(options["file"])
        elif act == "reset":
            done = replacing.reset(by=User.objects.system())
            self.stdout.write(
                "Es gelten wieder die Regeln des Pakets."
                if done
                else "Die Regeln des Pakets gelten bereits."
            )
        versions = rule_versions()
        if as_json:
            self.stdout.write(json.dumps(versions, ensure_ascii=False))
            return
        width = max(map(len, versions))
        for name, version in versions.items():
            self.stdout.write(f"{name:<{width}}  {version}")

    def _install(self, file: Path) -> None:
        try:
            replacing.install(file.read_bytes(), file_name=file.name, by=User.objects.system())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Problem as problem:
            raise CommandError(f"{problem.message} {problem.advice}") from problem
        self.stdout.write("Die neuen Regeln gelten ab sofort, ohne Neustart.")
