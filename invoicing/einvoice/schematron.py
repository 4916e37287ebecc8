"""Running compiled Schematron rules in process, with SaxonC.

One processor a process, made on first use and kept warm. SaxonC reserves 32 GB of address space;
under an address space limit it aborts the whole process, so that the limit is asked first.
SaxonC's own parser would resolve external entities: it only ever sees text that the hardened
parser has read and written again.
"""

import os
import re
import resource
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from invoicing.einvoice.parse import NAMESPACES

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_REPORTED = (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
_ADDRESS_SPACE = 64 * 1024**3  # bytes; twice of what the processor reserves
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
_STEP = re.compile(
    r"/(?:Q\{(?P<uri>[^}]*)\}(?P<name>[^/\[]+)"
    r"|\*:(?P<name2>[^/\[]+)\[namespace-uri\(\)='(?P<uri2>[^']*)'\])"
    r"(?P<index>\[\d+\])?"
)


_PRE_EVALUATE = "http://saxon.sf.net/feature/preEvaluateDocFunction"
_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
_LOOKUP = re.compile(r"document\('([\w.-]+\.xml)'\)")


class NotAvailable(Exception):
    """The rules could not run; the message says why, in German."""


@dataclass(frozen=True)
class Fired:
    """One rule that a document breaks, as the rule file reports it."""

    rule: str
    flag: str
    location: str  # XPath with the usual prefixes
    text: str


class _Engine:
    """The processor with every rule file that was compiled so far."""

    def __init__(self) -> None:
        from saxonche import PySaxonProcessor  # not before the address space is known to suffice

        self.processor = PySaxonProcessor(license=False)
        self.processor.set_configuration_property(_PRE_EVALUATE, "on")
        self.processor.set_configuration_property(_PROTOCOLS, "file")  # no rule asks the network
        self._compiler = self.processor.new_xslt30_processor()
        self._sheets: dict[Path, Any] = {}

    def sheet(self, path: Path) -> Any:
        with _lock:
            if path not in self._sheets:
                source = _with_fixed_lookups(path)
                self._sheets[path] = self._compiler.compile_stylesheet(stylesheet_text=source)
            return self._sheets[path]


def _with_fixed_lookups(path: Path) -> str:
    """The rule file, with its code lists read when it is compiled.

    The Factur-X rules name them with `document()`, which is evaluated for every invoice and takes
    longer than all rules together (24 ms instead of 11). `doc()` means the same for a literal and
    can be evaluated ahead.
    """
    return _LOOKUP.sub(
        lambda match: f"doc('{path.with_name(match[1]).as_uri()}')", path.read_text("utf-8")
    )


_lock = threading.RLock()
_engine: _Engine | None = None


def _after_fork() -> None:
    """A child inherits the warm processor, but perhaps a lock that nobody there will release."""
    global _lock
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)


def unavailable_because() -> str:
    """Why no rules can run in this process, in German; empty when they can."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _ADDRESS_SPACE:
        return (
            "Die Regelprüfung ist nicht verfügbar: Der Adressraum dieses Prozesses ist begrenzt "
            f"({limit // 1024**2} MB, RLIMIT_AS). Bitte begrenzen Sie stattdessen den "
            "Arbeitsspeicher (cgroup)."
        )
    return ""


class Document:
    """A document, handed to the rules once and judged by as many rule sets as needed."""

    def __init__(self, root: etree._Element) -> None:
        if reason := unavailable_because():
            raise NotAvailable(reason)
        self._engine = _warm_engine()
        text = etree.tostring(root, encoding="unicode")
        try:
            self._node = self._engine.processor.parse_xml(xml_text=text)
        except _saxon_error() as error:
            raise NotAvailable(f"Das Dokument ließ sich nicht prüfen: {error}") from error

    def judge(self, sheet: Path) -> list[Fired]:
        """Every rule of the file that the document breaks, in document order of the rules."""
        try:
            svrl = self._engine.sheet(sheet).transform_to_string(xdm_node=self._node)
        except _saxon_error() as error:
            raise NotAvailable(f"Die Regelprüfung brach ab: {error}") from error
        if not svrl:
            raise NotAvailable("Die Regelprüfung lieferte kein Ergebnis.")
        # SVRL comes from the rules, but it quotes the document: the same limits, more room.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            root = etree.fromstring(svrl.encode(), parser)
        except etree.XMLSyntaxError as error:
            raise NotAvailable("Die Regelprüfung lieferte kein lesbares Ergebnis.") from error
        return [_fired(element) for element in root if element.tag in _REPORTED]


def compile_rules(sheet: Path) -> None:
    """Compile a rule file ahead of its first use; raises `NotAvailable`."""
    if reason := unavailable_because():
        raise NotAvailable(reason)
    _warm_engine().sheet(sheet)


def _warm_engine() -> _Engine:
    global _engine
    with _lock:
        if _engine is None:
            _engine = _Engine()
        return _engine


def _saxon_error() -> type[Exception]:
    from saxonche import PySaxonApiError

    error: type[Exception] = PySaxonApiError
    return error


def _fired(element: etree._Element) -> Fired:
    text = " ".join("".join(element.itertext()).split())
    rule = element.get("id") or ""
    return Fired(
        rule=rule or _rule_in(text),
        flag=(element.get("flag") or element.get("role") or "").lower(),
        location=readable(element.get("location") or ""),
        text=re.sub(r"^\[[^\]]*\]\s*-?\s*", "", text),
    )


def _rule_in(text: str) -> str:
    match = re.match(r"\[([^\]]+)\]", text)
    return match[1] if match else "FX-SCH"  # Factur-X leaves some of its own unnamed


def readable(location: str) -> str:
    """An XPath of SchXslt or of the ISO skeleton with the usual prefixes instead of full URIs."""

    def step(match: re.Match[str]) -> str:
        name = match["name"] or match["name2"]
        prefix = _PREFIXES.get(match["uri"] or match["uri2"] or "", "")
        return f"/{prefix}:{name}{match['index'] or ''}" if prefix else f"/{name}"

    return _STEP.sub(step, location)
