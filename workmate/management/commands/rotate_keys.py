"""`manage.py rotate_keys`: re-encrypt every secret with the first key."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from workmate import encryption
from workmate.encryption import EncryptedTextField


class Command(BaseCommand):
    help = "Verschlüsselt alle Geheimnisse neu, mit dem ersten Schlüssel."

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields:
                if isinstance(field, EncryptedTextField):
                    number += self._rotate(model, field)
        self.stdout.write(f"{number} Werte sind neu verschlüsselt.")

    @transaction.atomic
    def _rotate(self, model: Any, field: EncryptedTextField) -> int:
        """Works on the column itself: the field would hand out plain text."""
        quote = connection.ops.quote_name
        table, column, key = map(quote, (model._meta.db_table, field.column, model._meta.pk.column))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {column} <> '' FOR UPDATE"  # noqa: S608
            )
            rows = cursor.fetchall()
            cursor.executemany(
                f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608 — own names
                [(encryption.rotate(stored), pk) for pk, stored in rows],
            )
        return len(rows)
