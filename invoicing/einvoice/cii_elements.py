"""drafthorse's elements, made fit: groups that EN 16931 repeats, and only what has a value."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

from drafthorse.models import NS_QDT, NS_RAM, NS_RSM, NS_UDT
from drafthorse.models.document import Document
from drafthorse.models.elements import Element
from drafthorse.models.fields import Field, MultiField, MultiStringField, StringField
from drafthorse.models.party import SellerTradeParty
from drafthorse.models.references import InvoiceReferencedDocument
from drafthorse.models.trade import TradeAgreement, TradeSettlement, TradeTransaction

for prefix, uri in (("rsm", NS_RSM), ("ram", NS_RAM), ("udt", NS_UDT), ("qdt", NS_QDT)):
    ElementTree.register_namespace(prefix, uri)


class CiiSeller(SellerTradeParty):
    """A seller with any number of identifiers (BT-29 is 0..n)."""

    id = MultiStringField(NS_RAM, "ID")

    class Meta(SellerTradeParty.Meta):
        pass


class CiiAgreement(TradeAgreement):
    seller: CiiSeller = Field(CiiSeller, required=True)

    class Meta(TradeAgreement.Meta):
        pass


class CiiAccount(Element):
    """The buyer's accounting reference (BT-19), which has no type code in EN 16931."""

    id = StringField(NS_RAM, "ID", required=True)

    class Meta:
        namespace = NS_RAM
        tag = "ReceivableSpecifiedTradeAccountingAccount"


class CiiSettlement(TradeSettlement):
    """A settlement that names any number of preceding invoices (BG-3 is 0..n)."""

    invoice_referenced_document = MultiField(InvoiceReferencedDocument)
    accounting_accounts = MultiField(CiiAccount)

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
