"""The tax cases are the law's, not the user's: every installation has them."""

from typing import Any

from django.db import migrations

from workmate.ledger.charts.tax_cases import TAX_CASES, fields


def load(apps: Any, schema_editor: Any) -> None:
    """Create the rows of the table in code."""
    model = apps.get_model("workmate", "TaxCase")
    model.objects.bulk_create(
        (model(**fields(position, case)) for position, case in enumerate(TAX_CASES, 1)),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("workmate", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
