"""Validating an e-invoice by schema and official rules: one call, one report.

The layers: PDF/A-3 of a PDF, which only warns; XML Schema; the CEN rules of the syntax; the
Factur-X rules of the profile for our own ZUGFeRD and for PDFs; the XRechnung rules where BT-24
promises XRechnung. Each says how long it took. An invoice is valid only when every layer ran and
none found an error.

The three classes of the BMF letter of 15 October 2025: what cannot be read or leaves its schema is
a format error, a broken Schematron rule is a business rule error (it costs the input VAT only if
`concerns_vat_law`), a missing detail of § 14 UStG that the rules do not know is a content error.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter_ns

from lxml import etree

from invoicing.einvoice import advice, content, levels, pdfa, rules, schematron, xsd, zugferd
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.header import read_header
from invoicing.einvoice.parse import CII, UBL, Parsed, Unreadable, parse
from invoicing.einvoice.report import Finding, FindingClass, Layer, Level, Report

_ORDER = {level: index for index, level in enumerate(Level)}
_DELIVERY = "/ram:ApplicableHeaderTradeDelivery[1]"
_NOT_READ = "Das Dokument ließ sich nicht lesen."


# What our own invoices are written as: root element, syntax, guideline, whether as ZUGFeRD.
OURS = (
    ("CrossIndustryInvoice", CII, Guideline.XRECHNUNG, False),
    ("CrossIndustryInvoice", CII, Guideline.EN16931, True),
    ("Invoice", UBL, Guideline.XRECHNUNG, False),
)


def validate(data: bytes, *, as_zugferd: bool = False, with_content: bool = True) -> Report:
    """Judge an e-invoice, given as XML or as a PDF with embedded XML.

    `as_zugferd` adds the Factur-X layer for XML that goes into a PDF; PDFs get it anyway.
    `with_content` adds warnings about § 14 UStG, which the official rules do not check.
    Never raises on bad input: an unreadable file is a finding of class format.
    """
    name, xml, is_pdf = "", data, zugferd.is_pdf(data)
    try:
        if is_pdf:
            name, xml = zugferd.extract_xml(data)
        parsed = parse(xml)
    except Unreadable as error:
        return unreadable(error, name)
    report = _judge(parsed, name, as_zugferd=as_zugferd or is_pdf, with_content=with_content)
    return _with_container(report, data) if is_pdf else report


def warm_up() -> None:
    """Compile what our own invoices need, at the start of a worker (about two seconds)."""
    for root, syntax, guideline, as_zugferd in OURS:
        xsd.compile_schema(rules.schema(root, guideline, zugferd=as_zugferd).path)
        if schematron.unavailable_because():
            continue
        for sheet in rules.schematron(syntax, guideline, zugferd=as_zugferd):
            schematron.compile_rules(sheet.path)


def rules_in_use() -> tuple[rules.Rules, ...]:
    """The rule sets that judge our own invoices, each once."""
    sets: dict[str, rules.Rules] = {}
    for root, syntax, guideline, as_zugferd in OURS:
        sheets = rules.schematron(syntax, guideline, zugferd=as_zugferd)
        schema = rules.schema(root, guideline, zugferd=as_zugferd)
        sets.update({one.name: one for one in (schema, *sheets)})
    return tuple(sets.values())


def rule_versions() -> dict[str, str]:
    """The versions of the rules in use, by the names that a report shows."""
    return {one.name: one.version for one in rules_in_use()}


def unreadable(error: Unreadable, name: str = "") -> Report:
    """The report on a file in which no e-invoice could be read."""
    finding = Finding(
        rule=error.rule,
        class_=FindingClass.FORMAT,
        level=Level.FATAL,
        text=error.message,
        original=error.original,
    )
    layer = Layer(name="Lesen", version="", ran=False, reason=_NOT_READ)
    return Report(findings=(finding,), layers=(layer,), file_name=name)


def _with_container(report: Report, pdf: bytes) -> Report:
    """The report with what is to be said about the PDF around the XML."""
    with _measured(pdfa.NAME, pdfa.VERSION) as layers:
        findings = pdfa.check(pdf)
    return replace(report, findings=(*report.findings, *findings), layers=(*layers, *report.layers))


@contextmanager
def _measured(name: str, version: str) -> Iterator[list[Layer]]:
    """A list that holds the layer with its duration, once the block is done."""
    layers: list[Layer] = []
    started = perf_counter_ns()
    yield layers
    taken = (perf_counter_ns() - started) // 1000
    layers.append(Layer(name=name, version=version, ran=True, microseconds=taken))


def _judge(parsed: Parsed, name: str, *, as_zugferd: bool, with_content: bool) -> Report:
    head = read_header(parsed)
    schema = rules.schema(etree.QName(parsed.root).localname, head.guideline, zugferd=as_zugferd)
    with _measured(schema.name, schema.version) as layers:
        findings = _by_schema(parsed, schema)
    sheets = rules.schematron(parsed.syntax, head.guideline, zugferd=as_zugferd)
    fired, rule_layers = _by_rules(parsed, sheets, head.guideline)
    findings += fired
    if with_content:
        findings += content.missing_details(parsed, head.guideline)
    return Report(
        findings=_without_twins(findings),
        layers=(*layers, *rule_layers),
        syntax=head.syntax,
        guideline=head.guideline,
        number=head.number,
        total=head.total,
        currency=head.currency,
        seller=head.seller,
        file_name=name,
    )


def _by_schema(parsed: Parsed, schema: rules.Rules) -> list[Finding]:
    return [
        Finding(
            rule="XSD",
            class_=FindingClass.FORMAT,
            level=Level.ERROR,
            text=error.text,
            location=error.location,
            original=error.original,
            field=advice.field_at(error.location),
        )
        for error in xsd.errors(parsed.root, schema.path)
    ]


def _by_rules(
    parsed: Parsed, sheets: tuple[rules.Rules, ...], guideline: str
) -> tuple[list[Finding], list[Layer]]:
    """Run every rule set; one that cannot run is a layer with a reason, never a pass."""
    findings: list[Finding] = []
    layers: list[Layer] = []
    custom = rules.custom_levels(parsed.syntax, guideline)
    try:
        document = schematron.Document(parsed.root)
    except schematron.NotAvailable as error:
        return [], [_not_run(sheet, error) for sheet in sheets]
    for sheet in sheets:
        try:
            with _measured(sheet.name, sheet.version) as taken:
                fired = document.judge(sheet.path)
        except schematron.NotAvailable as error:
            layers.append(_not_run(sheet, error))
            continue
        layers += taken
        findings += [
            _finding(one, parsed.syntax, guideline, custom)
            for one in fired
            if not _unavoidable(one)
        ]
    return findings, layers


def _unavoidable(fired: schematron.Fired) -> bool:
    """Factur-X warns of an empty delivery group, which the schema demands even without content."""
    return fired.rule == "PEPPOL-EN16931-R008" and fired.location.endswith(_DELIVERY)


def _not_run(sheet: rules.Rules, error: schematron.NotAvailable) -> Layer:
    return Layer(name=sheet.name, version=sheet.version, ran=False, reason=str(error))


def _finding(
    fired: schematron.Fired, syntax: str, guideline: str, custom: Mapping[str, Level] | None
) -> Finding:
    known = advice.explain(fired.rule, fired.location, fired.text)
    return Finding(
        rule=fired.rule,
        class_=FindingClass.BUSINESS_RULE,
        level=levels.level(
            fired.rule, fired.flag, guideline=guideline, syntax=syntax, custom=custom
        ),
        text=known.text,
        advice=known.advice,
        field=known.field,
        location=fired.location,
        original=fired.text,
        concerns_vat_law=known.concerns_vat_law,
    )


def _without_twins(findings: list[Finding]) -> tuple[Finding, ...]:
    """CEN and Factur-X report the same rule at the same place: once is enough, the graver first."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for finding in sorted(findings, key=lambda one: _ORDER[one.level]):
        text = finding.original if finding.rule == "XSD" else ""
        kept.setdefault((finding.rule, finding.location, text), finding)
    return tuple(kept.values())
