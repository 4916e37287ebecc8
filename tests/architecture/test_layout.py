"""What the design promises about modules, models and templates."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

ROOT = Path(settings.BASE_DIR)
APPS = ("workmate", "invoicing", "payments", "expenses", "banking", "accounting_sync", "dashboard")
OURS = [model for label in APPS for model in apps.get_app_config(label).get_models()]
# Words that say nothing about what a module does.
EMPTY_WORDS = {"common", "core", "helper", "helpers", "manager", "misc", "service", "services"}
EMPTY_WORDS |= {"shared", "signals", "stuff", "tools", "util", "utils"}


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def templates() -> Iterator[Path]:
    return (ROOT / "templates").rglob("*.html")


def test_lower_apps_never_call_up():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_module_is_named_for_what_happens_in_it():
    assert [path for path in modules() if path.stem in EMPTY_WORDS] == []


def test_every_module_says_what_it_is_for():
    silent = [
        path
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert [path.relative_to(ROOT) for path in silent if path.name != "apps.py"] == []


def test_nothing_is_left_to_do_in_the_code():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = [*modules(), *templates()]
    assert [path for path in files if marks.search(path.read_text())] == []


def test_money_is_never_a_float():
    fields = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]
    assert fields == []


def test_every_model_has_a_german_name():
    assert [m._meta.label for m in OURS if m._meta.verbose_name == m._meta.model_name] == []


def test_every_model_has_a_page_in_the_administration():
    shown = set(admin.site._registry)
    shown |= {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    assert [m._meta.label for m in OURS if m not in shown] == []


def test_templates_bring_no_script_and_no_style_of_their_own():
    """The content security policy would block them; documents become PDF and have none."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:")
    pages = [path for path in templates() if "documents" not in path.parts]
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in pages
        if (match := inline.search(path.read_text()))
    }
    assert found == {}


def test_templates_never_switch_escaping_off():
    """But for help texts, which come from our code and may hold a link."""
    switched_off = re.compile(r"(?<!help_text)\|\s*safe\b|autoescape\s+off")
    assert [path for path in templates() if switched_off.search(path.read_text())] == []
