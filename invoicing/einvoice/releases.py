"""What a release of KoSIT says beside its rules: which schema is for what, and how grave a rule is.

`scenarios.xml` has a scenario for each kind of document: a `match` (an XPath that names the root
element and the guideline, BT-24), the place of its XML Schema, and `customLevel` elements that
lower or raise single rules. Those stand below `createReport` or, in newer framework versions,
below `validateWithSchematron`, which goes before. Its description tells the versions of the rules.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
_TOLD = {  # how the description tells which version of the rules it has
    "EN16931": re.compile(r"CEN Schematron rules of \S+ in version (\d[\w.-]*)", re.IGNORECASE),
    "XRechnung": re.compile(r"(?<!CEN )Schematron rules version (\d[\w.-]*)", re.IGNORECASE),
}


@dataclass(frozen=True)
class Release:
    """Schemas by root element; levels by syntax and guideline, and then by rule.

    `sheets` has the places of the rule files by their names, `versions` what they are called.
    """

    schemas: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    def missing(self) -> list[str]:
        """The kinds of documents, by their root elements, for which it has no scenario."""
        return [root for root in ROOTS if root not in self.schemas]

    def levels_for(self, syntax: str, guideline: str) -> dict[str, Level] | None:
        """What it makes of single rules; None where it has no scenario for such documents."""
        found = self.levels.get(_key(syntax, guideline))
        return None if found is None else {rule: Level(said) for rule, said in found.items()}


def read(scenarios: etree._Element) -> Release:
    """What `scenarios.xml` says; a scenario for documents that are none of ours is left out."""
    schemas: dict[str, str] = {}
    levels: dict[str, dict[str, str]] = {}
    sheets: dict[str, str] = {}
    for scenario in scenarios.iter("{*}scenario"):
        match = scenario.findtext("{*}match") or ""
        root = _ROOT.search(match)
        if root is None:
            continue
        for place in _texts(scenario, "validateWithXmlSchema"):
            schemas.setdefault(root[1], str(PurePosixPath(place)))
        for path in map(PurePosixPath, _texts(scenario, "validateWithSchematron")):
            sheets.setdefault(path.name, str(path))
        for guideline in _GUIDELINE.findall(match):
            of_kind = levels.setdefault(_key(ROOTS[root[1]], guideline), {})
            of_kind.update(_levels(scenario))
    return Release(schemas, levels, sheets, _versions(scenarios))


@cache
def load(folder: Path) -> Release:
    """What the release in this folder says; nothing where it was installed without scenarios."""
    try:
        stored = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        return Release()
    return Release(**stored)


def _texts(scenario: etree._Element, check: str) -> list[str]:
    found = scenario.iterfind(f"{{*}}{check}/{{*}}resource/{{*}}location")
    return [text for one in found if (text := (one.text or "").strip())]


def _versions(scenarios: etree._Element) -> dict[str, str]:
    described = scenarios.find("{*}description")
    text = " ".join("".join(described.itertext()).split()) if described is not None else ""
    found = {name: pattern.search(text) for name, pattern in _TOLD.items()}
    return {name: match[1] for name, match in found.items() if match}


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
