"""What a release of KoSIT says beside its rules: which schema is for what, and how grave a rule is.

`scenarios.xml` has a scenario for each kind of document: a `match` (an XPath that names the root
element and the guideline, BT-24), the place of its XML Schema, and `customLevel` elements that
lower or raise single rules. Those stand below `createReport` or, in newer framework versions,
below `validateWithSchematron`, which goes before.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from lxml import etree

from invoicing.einvoice.parse import CII, UBL
from invoicing.einvoice.report import Level

FILE = "scenarios.json"
SCHEMAS = "schemas"  # the folder of the schemas in that of the release
ROOTS = {"Invoice": UBL, "CreditNote": UBL, "CrossIndustryInvoice": CII}
_ROOT = re.compile(r":(Invoice|CreditNote|CrossIndustryInvoice)\b")
_GUIDELINE = re.compile(r"'\s*(urn:[^']+?)\s*'")


@dataclass(frozen=True)
class Release:
    """Schemas by root element; levels by syntax and guideline, and then by rule."""

    schemas: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps({"schemas": self.schemas, "levels": self.levels}, indent=1).encode()

    def levels_for(self, syntax: str, guideline: str) -> dict[str, Level] | None:
        """What it makes of single rules; None where it has no scenario for such documents."""
        found = self.levels.get(_key(syntax, guideline))
        return None if found is None else {rule: Level(said) for rule, said in found.items()}


def read(scenarios: etree._Element) -> Release:
    """What `scenarios.xml` says; a scenario for documents that are none of ours is left out."""
    schemas: dict[str, str] = {}
    levels: dict[str, dict[str, str]] = {}
    for scenario in scenarios.iter("{*}scenario"):
        match = scenario.findtext("{*}match") or ""
        root = _ROOT.search(match)
        if root is None:
            continue
        place = scenario.findtext("{*}validateWithXmlSchema/{*}resource/{*}location") or ""
        if place.strip():
            schemas.setdefault(root[1], str(PurePosixPath(place.strip())))
        for guideline in _GUIDELINE.findall(match):
            of_kind = levels.setdefault(_key(ROOTS[root[1]], guideline), {})
            of_kind.update(_levels(scenario))
    return Release(schemas, levels)


@cache
def load(folder: Path) -> Release:
    """What the release in this folder says; nothing where it was installed without scenarios."""
    try:
        stored = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return Release()
    return Release(stored["schemas"], stored["levels"])


def _levels(scenario: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for parent in ("createReport", "validateWithSchematron"):
        for element in scenario.iterfind(f"{{*}}{parent}/{{*}}customLevel"):
            said = element.get("level", "")
            if said in set(Level):
                found |= dict.fromkeys((element.text or "").split(), said)
    return found


def _key(syntax: str, guideline: str) -> str:
    return f"{syntax} {guideline.strip()}"
