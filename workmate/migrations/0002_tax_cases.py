"""The tax cases are the law's, not the user's: every installation has them."""

from typing import Any

from django.db import migrations

from workmate.ledger.charts.tax_cases import TAX_CASES, fields


def load(apps: Any, schema_editor: Any) -> None:
    """Create the rows of the table in code."""
    model = apps.get_model("workmate", "TaxCase")
    names = {field.name for field in model._meta.get_fields()}  # later columns come later
    rows = (fields(position, case) for position, case in enumerate(TAX_CASES, 1))
    model.objects.bulk_create(
        (model(**{name: row[name] for name in row.keys() & names}) for row in rows),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("workmate", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
