"""`manage.py verify_audit`: recompute the audit trail and the archive."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workmate import verification
from workmate.models import AuditEvent, Document


class Command(BaseCommand):
    help = "Rechnet Prüfpfad und Archiv nach; endet mit 1 und nennt das erste gebrochene Glied."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verification.breaks())
        for each in found:
            self.stderr.write(str(each))
        if found:
            raise CommandError(f"{len(found)} Abweichungen, die erste: {found[0]}", returncode=1)
        self.stdout.write(
            f"{AuditEvent.objects.count()} Ereignisse und {Document.objects.count()} Dokumente "
            "sind unverändert."
        )
