"""drafthorse's elements, made fit: groups that EN 16931 repeats, and only what has a value."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

from drafthorse.models import NS_QDT, NS_RAM, NS_RSM, NS_UDT
from drafthorse.models.document import Document
from drafthorse.models.elements import Element
from drafthorse.models.fields import Field, MultiField, MultiStringField, StringField
from drafthorse.models.party import SellerTradeParty
from drafthorse.models.references import AdditionalReferencedDocument, InvoiceReferencedDocument
from drafthorse.models.trade import TradeAgreement, TradeSettlement, TradeTransaction

for prefix, uri in (("rsm", NS_RSM), ("ram", NS_RAM), ("udt", NS_UDT), ("qdt", NS_QDT)):
    ElementTree.register_namespace(prefix, uri)


class CiiSeller(SellerTradeParty):
    """A seller with any number of identifiers (BT-29 is 0..n)."""

    id = MultiStringField(NS_RAM, "ID")

    class Meta(SellerTradeParty.Meta):
        pass


class CiiReference(AdditionalReferencedDocument):
    """A reference that may name the scheme of its number (BT-18-1)."""

    reference_type_code = StringField(NS_RAM, "ReferenceTypeCode")

    class Meta(AdditionalReferencedDocument.Meta):
        pass


class CiiAgreement(TradeAgreement):
    """An agreement with its parties before its documents, as the schema has them."""

    seller: CiiSeller = Field(CiiSeller, required=True)
    additional_references = MultiField(CiiReference)

    class Meta(TradeAgreement.Meta):
        pass


_PARTIES = ("buyer_reference", "seller", "buyer", "seller_tax_representative_party")
CiiAgreement._fields.sort(key=lambda field: field.name not in _PARTIES)


class CiiSettlement(TradeSettlement):
    """A settlement that names any number of preceding invoices (BG-3 is 0..n)."""

    invoice_referenced_document = MultiField(InvoiceReferencedDocument)

    class Meta(TradeSettlement.Meta):
        pass


class CiiTransaction(TradeTransaction):
    agreement: CiiAgreement = Field(CiiAgreement, required=True)
    settlement: CiiSettlement = Field(CiiSettlement, required=True)

    class Meta(TradeTransaction.Meta):
        pass


class CiiDocument(Document):
    trade: CiiTransaction = Field(CiiTransaction, required=True)

    def __init__(self) -> None:
        # Document's own constructor changes the process-wide prefixes, which a thread that is
        # just serialising would notice.
        Element.__init__(self)

    class Meta(Document.Meta):
        pass


def set_values(element: Element, **values: str | Decimal | None) -> None:
    """Set what has a value. An empty element is an error (PEPPOL-EN16931-R008)."""
    for name, value in values.items():
        if value not in (None, ""):
            setattr(element, name, value)


def set_date(element: Element, name: str, value: date | None) -> None:
    if value is not None:
        setattr(element, name, value)
