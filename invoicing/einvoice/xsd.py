"""Checking a document against its XML Schema, with errors in German."""

import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from invoicing.einvoice.parse import NAMESPACES

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_QUALIFIED = re.compile(r"\{([^}]*)\}")
_MAX_ERRORS = 50

_PATTERNS = (  # libxml2's messages; anything else is shown as it is
    (
        re.compile(
            r"Element '(?P<e>[^']+)': This element is not expected\. "
            r"Expected is (?:one of )?\( (?P<x>[^)]+) \)"
        ),
        "Das Element {e} steht hier nicht an der richtigen Stelle. Erwartet wird: {x}.",
    ),
    (
        re.compile(r"Element '(?P<e>[^']+)': This element is not expected\."),
        "Das Element {e} ist hier nicht erlaubt.",
    ),
    (
        re.compile(
            r"Element '(?P<e>[^']+)': Missing child element\(s\)\. "
            r"Expected is (?:one of )?\( (?P<x>[^)]+) \)"
        ),
        "Im Element {e} fehlt etwas. Erwartet wird: {x}.",
    ),
    (
        re.compile(
            r"Element '(?P<e>[^']+)': '(?P<x>.*)' is not a valid value of the (?:atomic|local "
            r"atomic) type",
            re.DOTALL,
        ),
        "Der Wert „{x}“ ist im Element {e} nicht zulässig.",
    ),
    (
        re.compile(
            r"Element '(?P<e>[^']+)', attribute '(?P<x>[^']+)': The attribute .*not allowed"
        ),
        "Das Attribut {x} ist am Element {e} nicht erlaubt.",
    ),
    (
        re.compile(r"Element '(?P<e>[^']+)': The attribute '(?P<x>[^']+)' is required"),
        "Am Element {e} fehlt das Attribut {x}.",
    ),
)


@dataclass(frozen=True)
class SchemaError:
    """One place where the document leaves its schema."""

    text: str  # German
    location: str  # XPath
    original: str


_lock = threading.RLock()
_schemas: dict[Path, etree.XMLSchema] = {}


def _after_fork() -> None:
    global _lock
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)


def compile_schema(path: Path) -> etree.XMLSchema:
    """The schema, read from disk once a process."""
    with _lock:
        if path not in _schemas:
            _schemas[path] = etree.XMLSchema(file=str(path))
        return _schemas[path]


def errors(root: etree._Element, path: Path) -> tuple[SchemaError, ...]:
    """Where the document leaves the schema; empty when it obeys."""
    schema = compile_schema(path)
    with _lock:  # the error log belongs to the schema, not to the call
        if schema.validate(root):
            return ()
        log = [(entry.message, entry.line, entry.path) for entry in schema.error_log]
    return tuple(
        SchemaError(_german(message, line), location or "", message)
        for message, line, location in log[:_MAX_ERRORS]
    )


def _german(message: str, line: int) -> str:
    message = _QUALIFIED.sub(lambda match: _prefix(match[1]), message)
    for pattern, text in _PATTERNS:
        if match := pattern.search(message):
            return f"{text.format(**match.groupdict())} (Zeile {line})"
    return f"Das Dokument entspricht nicht seinem Schema: {message} (Zeile {line})"


def _prefix(uri: str) -> str:
    prefix = _PREFIXES.get(uri)
    return f"{prefix}:" if prefix else ""
