"""Reading XML from strangers: no entities, no document type, no network, bounded size.

Every e-invoice enters through `parse`; nothing else in the product reads invoice XML.
"""

from dataclasses import dataclass

from lxml import etree

MAX_XML = 20 * 1024 * 1024  # bytes; the official test files with attachments stay below 2 MB

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMESPACES = {
    "rsm": RSM,
    "ram": RAM,
    "udt": UDT,
    "qdt": QDT,
    "ubl": UBL_INVOICE,
    "cn": UBL_CREDIT_NOTE,
    "cac": CAC,
    "cbc": CBC,
}

CII = "CII"
UBL = "UBL"

_SYNTAXES = {
    f"{{{RSM}}}CrossIndustryInvoice": CII,
    f"{{{UBL_INVOICE}}}Invoice": UBL,
    f"{{{UBL_CREDIT_NOTE}}}CreditNote": UBL,
}
_ZUGFERD_1 = "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument"


class Unreadable(Exception):
    """A file that is no e-invoice we can read; the message says why, in German."""

    def __init__(self, rule: str, message: str, original: str = "") -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.original = original


@dataclass(frozen=True)
class Parsed:
    """An e-invoice as a tree, with the syntax that its root element declares."""

    root: etree._Element
    syntax: str  # CII or UBL


def parse(data: bytes) -> Parsed:
    """The invoice as a tree; raises `Unreadable`."""
    root = parse_xml(data)
    if syntax := _SYNTAXES.get(root.tag):
        return Parsed(root, syntax)
    if root.tag == _ZUGFERD_1:
        raise Unreadable(
            "FORMAT-SYNTAX",
            "Die Datei ist eine ZUGFeRD-Rechnung der Version 1.0 aus dem Jahr 2014. Sie entspricht "
            "nicht der Norm EN 16931 und ist keine E-Rechnung im Sinne des § 14 UStG.",
            str(root.tag),
        )
    raise Unreadable(
        "FORMAT-SYNTAX",
        f"Das Wurzelelement „{etree.QName(root).localname}“ gehört weder zu UN/CEFACT CII noch zu "
        "UBL. Die Datei ist keine E-Rechnung nach EN 16931.",
        str(root.tag),
    )


def parse_xml(data: bytes) -> etree._Element:
    """Any XML as a tree, hardened; raises `Unreadable`."""
    if not data.strip():
        raise Unreadable("FORMAT-EMPTY", "Die Datei ist leer.")
    if len(data) > MAX_XML:
        raise Unreadable(
            "FORMAT-SIZE",
            f"Die XML-Datei ist größer als {MAX_XML // 1024 // 1024} MB und wird nicht gelesen.",
        )
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Unreadable(
            "FORMAT-XML",
            f"Die Datei ist kein wohlgeformtes XML{_place(error)}.",
            str(error),
        ) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable(
            "FORMAT-DOCTYPE",
            "Die Datei enthält eine Dokumenttyp-Deklaration. Das ist in E-Rechnungen nicht "
            "zulässig und wird aus Sicherheitsgründen abgelehnt.",
        )
    return root


def _parser() -> etree.XMLParser:
    """A parser of its own for every document: a shared one would mix the threads' errors."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _place(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f" (Zeile {line})" if line else ""
