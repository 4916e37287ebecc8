"""Templates keep to the content security policy: no style, script or handler inside a page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
# Documents for print and e-mail never meet the browser's policy.
PAGES = [
    path
    for path in sorted(FOLDER.rglob("*.html"))
    if path.relative_to(FOLDER).parts[0] not in ("documents", "emails")
]
FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style[\s>]"),
    "script inside the page": re.compile(r"<script(?![^>]*\ssrc=)"),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "htmx script": re.compile(r"hx-on|[\"']js:|javascript:"),
    "foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


def name(path):
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_keeps_to_the_policy(path):
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_can_be_read(path):
    get_template(name(path))


def test_every_style_and_script_that_a_template_names_exists():
    named = {
        match
        for path in PAGES
        for match in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", path.read_text())
    }
    static = Path(settings.BASE_DIR) / "static"
    assert [file for file in sorted(named) if not (static / file).exists()] == []


def test_no_script_is_longer_than_sixty_lines():
    scripts = sorted((Path(settings.BASE_DIR) / "static" / "js").glob("*.js"))
    lengths = {script.name: len(script.read_text().splitlines()) for script in scripts}
    assert {file: lines for file, lines in lengths.items() if lines > 60} == {}


def test_every_style_sheet_is_whole():
    sheets = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
    broken = []
    for sheet in sheets:
        rest = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        if "*/" in rest or "/*" in rest or rest.count("{") != rest.count("}"):
            broken.append(sheet.name)
    assert broken == []
