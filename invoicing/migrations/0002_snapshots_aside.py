"""Snapshots lie beside the table, not in its rows: lists read twenty rows a page instead of four.

Without this a snapshot that compresses below two kilobytes stays in the row.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE invoicing_invoice SET (toast_tuple_target = 128)",
            "ALTER TABLE invoicing_invoice RESET (toast_tuple_target)",
        )
    ]
