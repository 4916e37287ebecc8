import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from invoicing.models import Invoice
from workmate.acts import TITLES, title_of

APPS = ("workmate", "invoicing", "payments", "expenses", "banking", "accounting_sync", "dashboard")


def recorded() -> Iterator[tuple[str, str]]:
    """Every event that a source file records under a plain name, with its place."""
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                    for part in ast.walk(call.args[0]):
                        if isinstance(part, ast.Constant) and "." in str(part.value)[1:]:
                            yield str(part.value), f"{path.name}:{call.lineno}"


def test_every_event_has_a_german_name():
    found = list(recorded())
    assert len(found) > 30
    assert [(event, place) for event, place in found if event not in TITLES] == []


@pytest.mark.parametrize("kind", Invoice.Kind.values)
def test_issuing_has_a_name_for_every_kind_of_document(kind):
    assert f"{kind}.issued" in TITLES


def test_an_event_of_another_version_shows_its_code():
    assert title_of("moon.landed") == "moon.landed"
