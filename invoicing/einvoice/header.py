"""The head of an e-invoice in any syntax: what a list or a validation report shows of it."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from invoicing.einvoice.parse import CII, NAMESPACES, Parsed

_DOCUMENT = "rsm:ExchangedDocument"
_TRADE = "rsm:SupplyChainTradeTransaction"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUM = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"

_CII = {
    "guideline": "rsm:ExchangedDocumentContext"
    "/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    "number": f"{_DOCUMENT}/ram:ID",
    "issue_date": f"{_DOCUMENT}/ram:IssueDateTime/udt:DateTimeString",
    "type_code": f"{_DOCUMENT}/ram:TypeCode",
    "currency": f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
    "total": f"{_SUM}/ram:GrandTotalAmount",
    "payable": f"{_SUM}/ram:DuePayableAmount",
    "seller": f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty/ram:Name",
    "buyer": f"{_TRADE}/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty/ram:Name",
}
_UBL = {
    "guideline": "cbc:CustomizationID",
    "number": "cbc:ID",
    "issue_date": "cbc:IssueDate",
    "type_code": "cbc:InvoiceTypeCode|cbc:CreditNoteTypeCode",
    "currency": "cbc:DocumentCurrencyCode",
    "total": "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    "payable": "cac:LegalMonetaryTotal/cbc:PayableAmount",
    "seller": "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
    "buyer": "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
}

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Header:
    """What is empty or `None` is missing in the file or cannot be read."""

    syntax: str  # CII or UBL
    guideline: str = ""  # BT-24
    number: str = ""  # BT-1
    issue_date: date | None = None  # BT-2
    type_code: str = ""  # BT-3
    currency: str = ""  # BT-5
    total: Decimal | None = None  # BT-112
    payable: Decimal | None = None  # BT-115
    seller: str = ""  # BT-27
    buyer: str = ""  # BT-44


def read_header(parsed: Parsed) -> Header:
    """The head of the invoice; never fails on a file that `parse` accepted."""
    paths = _CII if parsed.syntax == CII else _UBL
    found = {name: _first(parsed.root, path) for name, path in paths.items()}
    return Header(
        syntax=parsed.syntax,
        guideline=found["guideline"],
        number=found["number"],
        issue_date=read_date(found["issue_date"]),
        type_code=found["type_code"],
        currency=found["currency"],
        total=read_decimal(found["total"]),
        payable=read_decimal(found["payable"]),
        seller=found["seller"],
        buyer=found["buyer"],
    )


def read_date(text: str) -> date | None:
    """A date as CII (20260504) or UBL (2026-05-04) writes it."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def read_decimal(text: str) -> Decimal | None:
    """A decimal of XML Schema: digits and a dot, no exponent, no infinity."""
    return Decimal(text.strip()) if _DECIMAL.fullmatch(text.strip()) else None


def _first(root: etree._Element, path: str) -> str:
    elements = root.xpath(path, namespaces=NAMESPACES)
    return (elements[0].text or "").strip() if elements else ""
