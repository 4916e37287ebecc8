"""Where the official test files are; they are read there and never copied into the project."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "samples" / "einvoice"

needs_samples = pytest.mark.skipif(
    not (FOLDER / "EXPECTED.tsv").exists(), reason=f"official test files missing: {FOLDER}"
)


def expected() -> list[dict[str, str]]:
    """One row for each test file: syntax, guideline, number, amounts, verdict, rules."""
    table = FOLDER / "EXPECTED.tsv"
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
