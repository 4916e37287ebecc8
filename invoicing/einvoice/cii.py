"""Writing an invoice as UN/CEFACT CII (Cross Industry Invoice D22B), with drafthorse.

One writer for XRechnung and for ZUGFeRD: they differ in the guideline alone. The writer computes
and rounds nothing; whatever is wrong in the model is left for the official rules to find.
"""

import re
from base64 import b64encode
from xml.etree import ElementTree

from drafthorse.models.elements import Element
from drafthorse.models.note import IncludedNote
from lxml import etree

from invoicing.einvoice import cii_parties
from invoicing.einvoice.cii_elements import (
    CiiAgreement,
    CiiDocument,
    CiiReference,
    set_date,
    set_values,
)
from invoicing.einvoice.cii_lines import write_line
from invoicing.einvoice.cii_settlement import write_settlement
from invoicing.einvoice.codes import BUSINESS_PROCESS, INVOICED_OBJECT, SUPPORTING, TENDER
from invoicing.einvoice.model import Attachment, EInvoice
from invoicing.einvoice.values import text_of

PROJECT_NAME = "Project reference"  # what EN 16931-3-3 writes beside BT-11, which CII wants named
_SUBJECT = re.compile(r"#([A-Z]{3})#(\S.*)", re.DOTALL)


def write(invoice: EInvoice, *, guideline: str) -> bytes:
    """The invoice as CII in UTF-8, obeying the guideline (BT-24)."""
    document = CiiDocument()
    document.context.business_parameter.id = BUSINESS_PROCESS
    document.context.guideline_parameter.id = guideline
    document.header.id = text_of(invoice.number)
    document.header.type_code = invoice.type_code
    set_date(document.header, "issue_date_time", invoice.issue_date)
    for note in invoice.notes:
        document.header.notes.add(_note(note))
    for line in invoice.lines:
        document.trade.items.add(write_line(line))
    _agreement(document.trade.agreement, invoice)
    _delivery(document.trade.delivery, invoice)
    write_settlement(document.trade.settlement, invoice)
    tree = etree.fromstring(ElementTree.tostring(document.to_etree(), "utf-8"), _parser())
    _drop_empty_attributes(tree)
    return etree.tostring(tree, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _parser() -> etree.XMLParser:
    """Room for embedded documents; what is parsed is our own output of a moment ago."""
    return etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)


def _drop_empty_attributes(tree: etree._Element) -> None:
    """drafthorse writes an attribute for every optional scheme and unit, empty or not."""
    for element in tree.xpath("//*[@*='']"):
        for name in [name for name, value in element.attrib.items() if not value]:
            del element.attrib[name]


def _note(text: str) -> IncludedNote:
    """A note, with its subject (BT-21) in an element of its own."""
    text = text_of(text)
    if match := _SUBJECT.fullmatch(text):
        return IncludedNote(content=match[2], subject_code=match[1])
    return IncludedNote(content=text)


def _agreement(agreement: CiiAgreement, invoice: EInvoice) -> None:
    set_values(agreement, buyer_reference=text_of(invoice.buyer_reference))
    cii_parties.seller(agreement.seller, invoice.seller)
    cii_parties.buyer(agreement.buyer, invoice.buyer)
    if invoice.tax_representative:
        cii_parties.tax_representative(
            agreement.seller_tax_representative_party, invoice.tax_representative
        )
    for element, number in (
        (agreement.seller_order, invoice.sales_order_reference),
        (agreement.buyer_order, invoice.order_reference),
        (agreement.contract, invoice.contract_reference),
    ):
        set_values(element, issuer_assigned_id=text_of(number))
    for document in invoice.attachments:
        agreement.additional_references.add(_attachment(document))
    if tender := text_of(invoice.tender_reference):
        reference = CiiReference(issuer_assigned_id=tender, type_code=TENDER)
        agreement.additional_references.add(reference)
    if invoiced := invoice.invoiced_object:
        reference = CiiReference(
            issuer_assigned_id=text_of(invoiced.value), type_code=INVOICED_OBJECT
        )
        set_values(reference, reference_type_code=invoiced.scheme)
        agreement.additional_references.add(reference)
    if project := text_of(invoice.project_reference):
        agreement.procuring_project_type.id = project
        agreement.procuring_project_type.name = PROJECT_NAME


def _attachment(document: Attachment) -> CiiReference:
    reference = CiiReference(type_code=SUPPORTING)
    set_values(
        reference,
        issuer_assigned_id=text_of(document.reference),
        uri_id=text_of(document.address),
        name=text_of(document.description),
    )
    if document.data:
        content = b64encode(document.data).decode()
        reference.attached_object = (document.media_type, text_of(document.filename), content)
    return reference


def _delivery(delivery: Element, invoice: EInvoice) -> None:
    party = delivery.ship_to
    cii_parties.identify(party, invoice.delivery_location)
    set_values(party, name=text_of(invoice.delivery_name))
    if invoice.delivery_address:
        cii_parties.address(party.address, invoice.delivery_address)
    set_date(delivery.event, "occurrence", invoice.delivery_date)
    despatch, received = delivery.despatch_advice, delivery.receiving_advice
    set_values(despatch, issuer_assigned_id=text_of(invoice.despatch_reference))
    set_values(received, issuer_assigned_id=text_of(invoice.receiving_reference))
